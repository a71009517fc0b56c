"""Whether one text stands in another word for word: strict, since what stands in another is given up for it."""

from __future__ import annotations

import functools
import re

from memcli.core.claims import sentences
from memcli.core.prose import strip_markup

_QUALIFYING = (
    "not no never without cannot neither nor none nobody nothing hardly rarely seldom only except unless but however "
    "although though instead rather yet still longer anymore wrong false untrue incorrect mistake obsolete deprecated "
    "outdated superseded replaced reverted rejected withdrawn removed dropped abandoned cancelled previously formerly "
    "former once was were until before after if when whether otherwise maybe perhaps supposedly allegedly claim claims "
    "don doesn didn isn aren wasn weren won wouldn shouldn couldn hasn haven hadn t"
)
_QUALIFIERS = frozenset(_QUALIFYING.split())


def stands_in(a: str, b: str) -> bool:
    """Whether each sentence of `a` stands in `b` word for word, and what `b` has beside them takes nothing back.

    Strict on purpose, since what stands in another text is given up for it: a word more may turn a sentence round.
    """
    mine, theirs = _statements(a), _statements(b)
    added = [theirs[plain] for plain in theirs if plain not in mine]
    return mine.keys() <= theirs.keys() and _headings(b) <= _headings(a) and not any(map(_qualifies, added))


def _headings(text: str) -> set[str]:
    """The lines that may put what follows under another sign (`## Rejected`)."""
    return set(_compiled(r"(?m)^[ \t>]*#.*$|^.*\n(?=[ \t]*(?:===|---))").findall(text))


def _statements(text: str) -> dict[str, str]:
    """The sentences as they stand, by what is compared of them: without markup, articles and the last stop."""
    joined = _compiled(r"(?<=[^\s.:;!?|])[ \t]*\n(?=[ \t]*[^\W\d_])").sub(" ", text)  # lines that are only wrapped
    found = dict[str, str]()
    for sentence in sentences(joined):
        words = strip_markup(sentence).rstrip(".!;。！；").split()
        plain = (word.lower() if word[:1].isalpha() and word[1:].islower() else word for word in words)
        found[" ".join(word for word in plain if word not in ("a", "an", "the"))] = sentence
    return {plain: sentence for plain, sentence in found.items() if plain}


def _qualifies(sentence: str) -> bool:
    """Whether a sentence may say something of the others: it denies, limits or dates, or leads in what follows."""
    return sentence.rstrip("*_ ").endswith((":", "?")) or not _QUALIFIERS.isdisjoint(
        _compiled(r"[^\W_]+").findall(sentence.lower())
    )


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
