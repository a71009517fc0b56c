"""Folding near-copies: of extracts that say nearly the same, the best stays.

An extract is compared with those that stay and share one of its rarest stems, so 2,000 extracts take well under a
second, copies of one text included.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from memcli.core.dream.resemblance import resemble
from memcli.core.text.similarity import is_near_duplicate, jaccard
from memcli.core.worth.extract_facts import DECISIONS, DOCS, GUIDES, HISTORY, ExtractFacts
from memcli.core.worth.score import SOURCES

RAREST, LOOKED_UP, COMPARED, CROWDED = 16, 48, 8, 200
"""The rarest stems of an extract under which it is found, and by which it finds others; how many of those are compared,
and from how many extracts on a stem finds none."""
PROSE = frozenset((GUIDES, DOCS, HISTORY))
"""Readers of texts that nobody wrote as notes: of two that a dream would ask about one is enough."""
DISTANT = 0.2
"""Jaccard index below which no dream asks."""
SAME_RECORD = 0.9
"""Jaccard index from which two decision records, or two notes of one store, are copies: those of one template share
many words, and who kept both had a reason."""


def near_copies(subjects: Sequence[ExtractFacts]) -> Iterator[tuple[ExtractFacts, ExtractFacts | None]]:
    """Each subject, best first, with the better one that it nearly repeats."""
    frequency = Counter(stem for subject in subjects for stem in subject.word_set)
    kept: defaultdict[str, list[ExtractFacts]] = defaultdict(list)
    for subject in subjects:
        stems = sorted(subject.word_set, key=lambda stem: (frequency[stem], stem))[:LOOKED_UP]
        original = next((other for other in _alike(stems, kept) if _repeats(subject, other)), None)
        if original is None:
            for stem in stems[:RAREST]:
                kept[stem].append(subject)
        yield subject, original


def _alike(stems: Sequence[str], kept: dict[str, list[ExtractFacts]]) -> list[ExtractFacts]:
    """Those that share the most of these stems."""
    others = [other for stem in stems if len(kept.get(stem, ())) < CROWDED for other in kept.get(stem, ())]
    by_id = {id(other): other for other in others}
    return [by_id[key] for key, _ in Counter(map(id, others)).most_common(COMPARED)]


def _repeats(subject: ExtractFacts, other: ExtractFacts) -> bool:
    name = subject.reader.name
    if name == other.reader.name and (name == DECISIONS or name not in SOURCES):
        return jaccard(subject.word_set, other.word_set) >= SAME_RECORD
    if is_near_duplicate(subject.word_set, other.word_set):
        return True
    is_prose = subject.reader.name in PROSE or other.reader.name in PROSE
    may_be = is_prose and jaccard(subject.word_set, other.word_set) >= DISTANT
    return may_be and resemble(subject.profile, other.profile)
