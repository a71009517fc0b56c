"""Text analysis: the terms by which texts are compared and searched.

Invariant: the same text gives the same terms on every machine. A term is one run of ASCII letters and digits or of
non-ASCII characters, so a plain tokenizer splits terms joined by spaces back into the same terms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

_STOP = (
    "a about above after again against all also am an and any are aren as at be because been before being below "
    "between both but by can cannot could couldn did didn do does doesn doing don down during each few for from "
    "further had hadn has hasn have haven having he her here hers herself him himself his how i if in into is isn it "
    "its itself just ll let me more most my myself no nor not now of off on once only or other ought our ours "
    "ourselves out over own re s same shall she should shouldn so some such t than that the their theirs them "
    "themselves then there these they this those through to too under until up upon ve very was wasn we were weren "
    "what whatever when whenever where wherever which while who whoever whom whose why will with won would wouldn you "
    "your yours yourself yourselves"
)
STOP_WORDS = frozenset(_STOP.split())
"""English function words. They include question words: dropping those adds six points of recall at five."""

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, Kana and Han; Hangul too, because particles are attached to words without a space."""

_SIMPLE = "\u0000-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u20cf\u2100-\u2fff\ufe0f\U0001f000-\U0001faff"
"""Latin, Greek, Cyrillic, punctuation and symbols: no combining marks and no unspaced scripts, so a cheap pattern
finds the words."""

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_COMPOUND = re.compile(r"\w+(?:[./:\\-]+\w+)*")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W_A-Za-z0-9]+")
_STRUCTURE = re.compile(r"[._/:\\-]|[a-z][A-Z]|[A-Z]{2,}[a-z]{2}|[A-Za-z][0-9]|[0-9][A-Za-z]")


@cache
def _simple_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What matches a text of simple characters, and what matches its words."""
    return re.compile(f"[{_SIMPLE}]*"), re.compile(r"[^\W_]+")


@cache
def _word_pattern() -> re.Pattern[str]:
    """Words of any script; unspaced runs match as such, combining marks (vowel signs, accents) belong to their word."""
    marks = "".join(
        re.escape(chr(code)) for code in range(0x300, 0x3100) if unicodedata.category(chr(code)) in ("Mn", "Mc")
    )
    spaced = rf"[^\W_{UNSPACED}](?:[^\W_{UNSPACED}]|[{marks}])*"
    return re.compile(rf"(?P<unspaced>(?:(?!_)[\w{marks}](?<=[{UNSPACED}]))+)|{spaced}")


@cache
def _stemmer() -> Callable[[str], str]:
    import Stemmer

    stem: Callable[[str], str] = Stemmer.Stemmer("english").stemWord
    return cache(stem)


def words(text: str) -> list[str]:
    """The words of a text in order: runs of letters and digits of any script, in NFKC and lower case."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    normalised = unicodedata.normalize("NFKC", text).lower()
    simple_text, word = _simple_patterns()
    if simple_text.fullmatch(normalised):
        return word.findall(normalised)
    return [match.group() for match in _word_pattern().finditer(normalised)]


def stems(text: str) -> list[str]:
    """The terms of a text in order: English stems without stop words (unless there are no other words); runs of
    unspaced scripts give their bigrams."""
    every_word = words(text)
    kept = [word for word in every_word if word not in STOP_WORDS] or every_word
    stem = _stemmer()
    if text.isascii():
        return [stem(word) for word in kept]
    return [term for word in kept for term in (_bigrams(word) if _is_unspaced(word) else (stem(word),))]


def identifiers(text: str) -> list[str]:
    """The terms by which the code words of a text are found.

    camelCase, snake_case, dotted.names, kebab-case and path/parts.ext give themselves and each component (lower case,
    without punctuation), then the stems of their parts. Hashes, ids and words like `x86` give only themselves: their
    parts have one or two characters and match everything.
    """
    stem = _stemmer()
    terms: list[str] = []
    for compound in compounds(text):
        terms.extend(_component_terms(compound))
        parts = [part.lower() for part in _PART.findall(compound)]
        if sum(map(len, parts)) > 2 * len(parts):
            terms.extend(stem(part) for part in parts if len(part) > 1 and part not in STOP_WORDS)
    return terms


def compounds(text: str) -> Iterator[str]:
    """The code words of a text as written: words with inner structure (`retryQueue`, `src/a.py`, `utf8`)."""
    normalised = text if text.isascii() else unicodedata.normalize("NFKC", text)
    for word in _COMPOUND.findall(normalised):
        ordinary = word.isalpha() and word[1:].islower()
        if not ordinary and _STRUCTURE.search(word.strip("_")):
            yield word.strip("_")


def compound_term(compound: str) -> str:
    """A code word as a single term: `src/retry_queue.py` and `SrcRetryQueue.py` both give `srcretryqueuepy`."""
    return "".join(words(compound))


def _component_terms(compound: str) -> list[str]:
    """The terms of a code word and of each component of a path that is a code word itself."""
    components = [part for part in re.split(r"[/\\]", compound) if part != compound and _STRUCTURE.search(part)]
    return [term for term in map(compound_term, [compound, *components]) if term]


def _is_unspaced(word: str) -> bool:
    return not word.isascii() and _unspaced_start().match(word) is not None


@cache
def _unspaced_start() -> re.Pattern[str]:
    return re.compile(f"[{UNSPACED}]")


def _bigrams(run: str) -> list[str]:
    return [run[start : start + 2] for start in range(len(run) - 1)] or [run]
