"""Near-duplicates: which memories say nearly the same and, decided separately, what to do with a pair of them.

No similarity is safe for merging by itself. Two memories are merged where one contains every sentence of the other; one
supersedes the other within a lineage; every other similar pair is left alone and becomes a question for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from memcli.core.dream.containment import is_contained_verbatim
from memcli.core.dream.merged_memory import MUST_AGREE
from memcli.core.dream.time_phrases import PHRASE
from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory, memory_text, strength
from memcli.core.memory.questions import CONTRADICTION, NEAR_DUPLICATE
from memcli.core.review.secrets import find_secrets
from memcli.core.text.claim_differences import claim_differences
from memcli.core.text.claims import claims_in
from memcli.core.text.first_few import first_few
from memcli.core.text.similarity import is_clear_near_duplicate, jaccard, word_set

MERGE_BOTH, SUPERSEDE_ONE = "merge", "supersede"
MOST, MARGIN = 4, 0.15
"""More than `MOST` texts whose similarity is within `MARGIN` of the best are a filled-in form, not near-duplicates."""


class PairAction(NamedTuple):
    """What to do with two near-duplicates (else the kind of the question about them), and the reason to show."""

    kind: str
    reason: str


def nearest_duplicates(
    words: frozenset[str],
    others: Iterable[tuple[str, frozenset[str]]],
    cosine: Callable[[str], float | None] = lambda _: None,
) -> list[str]:
    """The ids of the others (id, word set) that are near-duplicates of a word set, the most similar first."""
    scored = [(jaccard(words, other), memory_id, other) for memory_id, other in others]
    scored.sort(key=lambda entry: (-entry[0], entry[1]))
    similar = [
        (score, memory_id)
        for score, memory_id, other in scored
        if is_clear_near_duplicate(words, other, partial(cosine, memory_id))
    ]
    nearest = [memory_id for score, memory_id in similar if score >= similar[0][0] - MARGIN]
    return nearest if len(nearest) <= MOST else []


def pair_action(elder: Memory, younger: Memory, same_unknown_keys: bool = True) -> PairAction | None:
    """What to do with two active near-duplicates; None where both may stay as they are.

    `same_unknown_keys`: whether their front matters agree in the keys that have no rule for merging.
    """
    if elder.id in younger.supersedes or younger.id in elder.supersedes:
        return _within_lineage(*((elder, younger) if elder.id in younger.supersedes else (younger, elder)))
    if _are_separate(elder, younger):
        return None
    if same_unknown_keys and can_merge(elder, younger):
        return PairAction(MERGE_BOTH, "one contains every sentence of the other")
    if "episodic" in (elder.kind, younger.kind):
        return None
    differences = claim_differences(memory_text(elder), memory_text(younger))
    if not differences:
        return PairAction(NEAR_DUPLICATE, "says nearly the same in other words")
    if any(map(find_secrets, (memory_text(elder), memory_text(younger)))):
        return PairAction(CONTRADICTION, "makes a different claim")
    return PairAction(CONTRADICTION, f"differs: {first_few(map(str, differences))}".replace("; ", ", "))


def _within_lineage(old: Memory, new: Memory) -> PairAction:
    """The successor replaces the old one unless its evidence is weaker."""
    if strength(old) > strength(new):
        return PairAction(CONTRADICTION, f"is meant to supersede a memory with stronger evidence ({old.evidence})")
    return PairAction(SUPERSEDE_ONE, f"{short(new.id)} says that it supersedes this")


def _are_separate(elder: Memory, younger: Memory) -> bool:
    """Whether the two have different keys or times, or were merged or put to a person before."""
    if elder.key and younger.key:
        return True
    if younger.id in elder.merged_from or elder.id in younger.merged_from or elder.conflict or younger.conflict:
        return True
    ends = [(one.valid_to, other.starts) for one, other in ((elder, younger), (younger, elder))]
    return any(end is not None and end <= start for end, start in ends)


def can_merge(elder: Memory, younger: Memory) -> bool:
    """Whether one says all that the other says, about the same subject and time."""
    if younger.key or younger.valid_from not in (None, elder.valid_from) or _must_agree(elder) != _must_agree(younger):
        return False
    if not (elder.body.strip() and younger.body.strip()) or _depends_on_day(elder, younger):
        return False
    if elder.topic != younger.topic and "general" not in (elder.topic, younger.topic):
        return False
    contained = is_contained_verbatim(younger.body, elder.body)
    whole, part = (elder, younger) if contained else (younger, elder)
    return is_contained_verbatim(part.body, whole.body) and _is_in(younger.title, f"{elder.title}\n{whole.body}")


def _depends_on_day(elder: Memory, younger: Memory) -> bool:
    """Whether equal words mean different things because they were written on two days: events, `yesterday`."""
    if elder.created.date() == younger.created.date():
        return False
    return "episodic" in (elder.kind, younger.kind) or any(map(PHRASE.search, (elder.body, younger.body)))


def _must_agree(memory: Memory) -> list[object]:
    return [getattr(memory, name) for name in (*MUST_AGREE, "type")]


def _is_in(title: str, text: str) -> bool:
    """Whether a text has every word and claim of a title."""
    dropped, kept = vars(claims_in(title)), vars(claims_in(text))
    return word_set(title) <= word_set(text) and all(dropped[kind] <= kept[kind] for kind in dropped)
