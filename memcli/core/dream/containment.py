"""Whether one text stands in another word for word: strict, since what stands in another is given up for it.

A text of plain sentences stands in another where its sentences stand there in a row, as they are, and what is beside
them adds something else. A text of any other form (lists, headings, quotes, tables, code) stands only in its equal.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from memcli.core.text.claims import claims
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
_FEWEST = 3
"""Words of a sentence that adds something; fewer are an answer or an aside."""
_LIKE = 0.25
"""From this Jaccard index on two sentences speak of one matter, where one may take back the other."""


def stands_in(a: str, b: str) -> bool:
    """Whether all that `a` says is said by `b` in the same words and order, and `b` takes nothing of it back."""
    mine, theirs = _sentences(a), _sentences(b)
    if mine == theirs:
        return True
    if not (_is_plain(a) and _is_plain(b)) or not mine:
        return False
    for start in range(len(theirs) - len(mine) + 1):
        if theirs[start : start + len(mine)] == mine:
            return not any(_qualifies(one, mine) for one in theirs[:start] + theirs[start + len(mine) :])
    return False


def _is_plain(text: str) -> bool:
    """Whether a text is sentences and nothing else: no list, heading, quote, table, code block, question or lead-in."""
    marks = r"(?m)^[ \t]*(?:[-*+>#|]|\d+[.)]|```|~~~|===|---)|^(?: {4}|\t)|[:?][ \t]*$|[?][ \t]|~~"
    return not _compiled(marks).search(text)


def _sentences(text: str) -> list[str]:
    """The sentences as they are compared: white space and the last full stop aside, `the` and the first capital too."""
    if not _is_plain(text):
        return [line.rstrip().removesuffix(".") for line in text.strip().splitlines()]
    parts = _compiled(r"(?<=[.!?;。！？；])\s+|\n\s*\n").split(text.strip())
    return [plain for part in parts if (plain := _compared(part))]


def _compared(sentence: str) -> str:
    words = sentence.split()
    words = [word for place, word in enumerate(words) if word != "the" and (place or word != "The")]
    if words and words[0].isalpha() and words[0][1:].islower():
        words[0] = words[0].lower()
    return " ".join(words).removesuffix(".")


def _qualifies(sentence: str, others: Sequence[str]) -> bool:
    """Whether a sentence may say something of the others: it denies, limits, dates or renames, or is of one matter."""
    words = _compiled(r"[^\W_]+").findall(sentence.lower())
    if len(words) < _FEWEST or ":" in sentence or not _QUALIFIERS.isdisjoint(words):
        return True
    found = claims(sentence)
    if found.numbers or found.dates:
        return True
    return any(jaccard(word_set(sentence), word_set(other)) >= _LIKE for other in others)


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
