"""Whether two memories say nearly the same, strictly enough to ask a person about them.

Short texts are judged by the stems they share and by the runs of words; in long ones stems tell the subject alone, so
the order of words decides. Of the pairs of public revisions this finds 98 %, of those labelled as distinct 1 %
(`python -m tests.benchmarks.duplicates`). What the two claim is for `claim_differences` to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from memcli.core.dream.headers import FEWEST_FIELDS, SplitText, agreement, split_header
from memcli.core.memory.memory import Memory
from memcli.core.text.analysis import stems, words
from memcli.core.text.prose import first_title
from memcli.core.text.similarity import contained_share, jaccard

SENTENCE, LONG = 8, 40
"""Stems of the shorter text up to which it counts as a sentence, and from which as long."""
SENTENCE_SHARED, SHORT_SHARED, LONG_SUBJECT, LONG_SHARED = 0.5, 0.52, 0.25, 0.09
"""What must be shared. Of a sentence: stems (Jaccard); of a longer text: stems, with half the share of the shorter
text's runs; of a long text: stems, and runs (Jaccard)."""
CONTAINED, CONTAINED_WORDS, REPEATED_WORDS = 0.9, 6, 3
"""A text of `CONTAINED_WORDS` stems resembles one that has this share of them; one of `REPEATED_WORDS` stems one that
has them in a row."""
MANY_NUMBERS, SHARED_NUMBERS = 5, 0.2
"""Texts of so many numbers each, of which fewer are shared, are two tables of one form."""
SAME_HEADER = 0.6
"""Agreement from which two headers are of one document."""
OWN_WORDS, OWN_PART, OWN_SHARED = 8, 0.35, 0.05
"""Texts that share whole paragraphs, and have so many stems (and such a part of all) of their own that are not alike,
are two documents with the same boilerplate."""
NEUTRAL_TITLE = re.compile(r"(?i)(?:note|memory|fact|item|entry|copy|draft|memo|untitled|no title)s?[ #:-]*\d*")
"""Titles that say nothing of their memory."""
_RUN = 3
_DEFINED = re.compile(r"\s*(?:[-*+]\s+)?[*_]{0,2}(`+)([^`\n]{1,200})\1[*_]{0,2}\s*(?::|—|–|\s-\s)")


@dataclass(frozen=True)
class TextProfile:
    """A text as it is compared: what it says without header and notices, in several forms."""

    body: str
    title: str = ""

    @classmethod
    def of(cls, memory: Memory) -> TextProfile:
        """The profile of a memory; a title that only repeats the body, or says nothing, is left out."""
        own = not (memory.title == first_title(memory.body) or NEUTRAL_TITLE.fullmatch(memory.title))
        return cls(memory.body, memory.title if own else "")

    @cached_property
    def split(self) -> SplitText:
        return split_header(self.body)

    @property
    def is_header(self) -> bool:
        """Whether there is hardly anything beside the header."""
        return bool(self.split.fields) and len(stems(self.split.rest)) < REPEATED_WORDS

    @cached_property
    def own_text(self) -> str:
        """What follows the header; that of a short text with the title, which says what it is about."""
        short = len(set(stems(self.split.rest))) <= SENTENCE
        return f"{self.title}\n\n{self.split.rest}" if self.title and short else self.split.rest

    @cached_property
    def terms(self) -> list[str]:
        """The stems of the own text, numbers included, in order."""
        return stems(self.own_text)

    @cached_property
    def stem_set(self) -> frozenset[str]:
        return frozenset(term for term in self.terms if not term[0].isdigit())

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """The runs of three words (of bigrams in unspaced scripts)."""
        spaced = words(self.own_text)
        every = spaced if len(spaced) >= len(self.terms) else self.terms
        return frozenset(tuple(every[start : start + _RUN]) for start in range(len(every) - _RUN + 1))

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(re.findall(r"\d+(?:[.,:/-]\d+)*", self.own_text))

    @cached_property
    def paragraphs(self) -> frozenset[str]:
        parts = re.split(r"\n\s*\n|\n(?=[-*#|])|(?<=[.!?])\s+", self.split.rest)
        return frozenset(part.strip() for part in parts if part.strip())

    @cached_property
    def defined(self) -> str:
        """The code term that the text defines (`` `name`: … ``), else ''."""
        match = _DEFINED.match(self.split.rest)
        return match[2] if match else ""


def resemble(a: TextProfile, b: TextProfile) -> bool:
    """Whether two texts say nearly the same."""
    fields, others = a.split.fields, b.split.fields
    if len(fields.keys() & others.keys()) >= FEWEST_FIELDS and (a.is_header or b.is_header):
        return agreement(fields, others) >= SAME_HEADER
    if (a.defined and b.defined and a.defined != b.defined) or _other_numbers(a, b):
        return False
    return _is_alike(a, b) and not _share_boilerplate(a, b)


def similarity(a: TextProfile, b: TextProfile) -> float:
    """How much two texts share, for ordering: the Jaccard index of stems and half that of runs."""
    return jaccard(a.stem_set, b.stem_set) + _jaccard_of_runs(a, b) / 2


def _is_alike(a: TextProfile, b: TextProfile) -> bool:
    shared, fewest = jaccard(a.stem_set, b.stem_set), min(len(a.stem_set), len(b.stem_set))
    if _is_contained(a, b):
        return True
    if fewest <= SENTENCE:
        return shared >= SENTENCE_SHARED
    if fewest >= LONG:
        return shared >= LONG_SUBJECT and _jaccard_of_runs(a, b) >= LONG_SHARED
    runs = len(a.runs & b.runs) / max(1, min(len(a.runs), len(b.runs)))
    return shared + runs / 2 >= SHORT_SHARED


def _is_contained(a: TextProfile, b: TextProfile) -> bool:
    """Whether the longer text has nearly all stems of the shorter one, or all of them in a row."""
    short, long = sorted((a, b), key=lambda profile: len(profile.stem_set))
    if len(short.stem_set) >= CONTAINED_WORDS and contained_share(short.stem_set, long.stem_set) >= CONTAINED:
        return True
    joined = f" {' '.join(short.terms)} "
    return len(short.stem_set) >= REPEATED_WORDS and joined in f" {' '.join(long.terms)} "


def _jaccard_of_runs(a: TextProfile, b: TextProfile) -> float:
    return len(a.runs & b.runs) / len(a.runs | b.runs) if a.runs or b.runs else 0.0


def _other_numbers(a: TextProfile, b: TextProfile) -> bool:
    """Whether both have many numbers, and hardly any in common."""
    return min(len(a.numbers), len(b.numbers)) >= MANY_NUMBERS and jaccard(a.numbers, b.numbers) < SHARED_NUMBERS


def _share_boilerplate(a: TextProfile, b: TextProfile) -> bool:
    """Whether what two texts share is whole paragraphs, beside which each says something of its own."""
    common = a.paragraphs & b.paragraphs
    if not common:
        return False
    mine, theirs = (frozenset(stems(" ".join(sorted(side.paragraphs - common)))) for side in (a, b))
    large = all(
        len(own) >= OWN_WORDS and len(own) >= OWN_PART * len(side.stem_set) for own, side in ((mine, a), (theirs, b))
    )
    return large and jaccard(mine, theirs) < OWN_SHARED
