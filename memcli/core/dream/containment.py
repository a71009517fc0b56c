"""Whether one text repeats another word for word. The test is strict: a merge drops the repeated text.

A text of plain sentences is contained where its sentences follow each other unchanged, and the sentences around them
neither limit nor take them back. A text of any other form (lists, headings, quotes, tables, code) is contained only in
an equal text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from memcli.core.text.claims import claims_in
from memcli.core.text.similarity import jaccard, word_set

_QUALIFYING = (
    "not no never without cannot neither nor none nobody nothing hardly rarely barely seldom few only just except "
    "unless but however although though instead rather yet still longer anymore wrong false untrue incorrect "
    "mistake obsolete deprecated outdated superseded replaced reverted rejected withdrawn removed dropped abandoned "
    "cancelled previously formerly former once was were until before if when whether otherwise maybe perhaps "
    "supposedly allegedly claim claims opposite contrary reverse update updated correction corrected edit note "
    "applies apply limited exception moved changed switched now today currently since this that these those such "
    "above below here see don doesn didn isn aren wasn weren won wouldn shouldn couldn hasn haven hadn t"
)
_QUALIFIERS = frozenset(_QUALIFYING.split())
_FEWEST_WORDS = 3
"""A shorter sentence is taken for an answer or an aside, which may qualify the others."""
_SAME_SUBJECT = 0.25
"""Jaccard index from which two sentences are about one subject, so that one may take back the other."""


def is_contained_verbatim(part: str, whole: str) -> bool:
    """Whether `whole` says all that `part` says, in the same words and order, and takes none of it back."""
    inner, outer = _sentences(part), _sentences(whole)
    if inner == outer:
        return True
    if not (_is_plain(part) and _is_plain(whole)) or not inner:
        return False
    for start in range(len(outer) - len(inner) + 1):
        if outer[start : start + len(inner)] == inner:
            around = outer[:start] + outer[start + len(inner) :]
            return not any(_may_qualify(sentence, inner) for sentence in around)
    return False


def _is_plain(text: str) -> bool:
    """Whether a text is only sentences: no list, heading, quote, table, code block, question or lead-in."""
    marks = r"(?m)^[ \t]*(?:[-*+>#|]|\d+[.)]|```|~~~|===|---)|^(?: {4}|\t)|[:?][ \t]*$|[?][ \t]|~~"
    return not _compiled(marks).search(text)


def _sentences(text: str) -> list[str]:
    """The sentences in the form in which they are compared; the lines of a text that is not plain."""
    if not _is_plain(text):
        return [line.rstrip().removesuffix(".") for line in text.strip().splitlines()]
    parts = _compiled(r"(?<=[.!?;。！？；])\s+|\n\s*\n").split(text.strip())
    return [normalised for part in parts if (normalised := _normalised(part))]


def _normalised(sentence: str) -> str:
    """A sentence without `the`, a leading capital, the final full stop and differences in white space."""
    words = sentence.split()
    words = [word for n, word in enumerate(words) if word != "the" and (n or word != "The")]
    if words and words[0].isalpha() and words[0][1:].islower():
        words[0] = words[0].lower()
    return " ".join(words).removesuffix(".")


def _may_qualify(sentence: str, others: Sequence[str]) -> bool:
    """Whether a sentence may change what the others say: it negates, limits or dates, or has the same subject."""
    words = _compiled(r"[^\W_]+").findall(sentence.lower())
    if len(words) < _FEWEST_WORDS or ":" in sentence or not _QUALIFIERS.isdisjoint(words):
        return True
    claims = claims_in(sentence)
    if claims.numbers or claims.dates:
        return True
    return any(jaccard(word_set(sentence), word_set(other)) >= _SAME_SUBJECT for other in others)


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
