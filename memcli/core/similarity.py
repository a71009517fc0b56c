"""Twins: the home of "these two texts say much the same" and of "and here they differ".

Twins share the stems of their words; numbers are left out of that, so that `7 attempts` and `9 attempts` meet. Of
stemmed pairs of real memory revisions the Jaccard index at 0.4 finds 93 % without a false one, of paragraph edits
97 % with 2 % false ones. Likeness says nothing of contradiction: claims (numbers, dates, names, negations) do, and they
are compared between the sentences that answer each other.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from memcli.core.analysis import STOP_WORDS, compounds, stems, whole
from memcli.core.prose import strip_markup

TWIN = 0.4
"""Jaccard index from which two texts are twins."""
CONTAINED, CONTAINED_WORDS = 0.9, 6
"""Share of the shorter text's stems (at least so many) that makes it a twin of a longer one."""
FEW, FEW_WORDS, SENTENCE = 1.5, 10, 8
"""For `surely_alike`, `FEW` stems of the shorter text (of `FEW_WORDS`, where it has fewer) are to be shared beyond
`TWIN`; two sentences of at most `SENTENCE` stems are twins by half of them, since their claims are all there is."""
SECOND, SECOND_WORDS, MEANING = 0.33, 20, 0.94
"""With a cosine of `MEANING` a Jaccard index of `SECOND` will do, for texts of so many stems."""
MOST_SENTENCES = 400
"""Sentences of a text that are compared: all of a memory a person would write, and a bound for any other."""
_NEGATIONS = frozenset(("not", "no", "never", "without", "cannot", "neither", "nor", "none"))
_COUNTS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER_WORDS = {word: str(number) for number, word in enumerate(_COUNTS, 2)}
_UNITS = {"sec": "s", "second": "s", "minute": "min", "hour": "h", "day": "d", "percent": "%", "millisecond": "ms"}
_OPPOSITES = """
enabl/disabl allow/forbid allow/deni on/off true/false yes/no alway/never requir/option befor/after up/down min/max
minimum/maximum increas/decreas sync/async synchron/asynchron accept/reject includ/exclud open/close public/privat
safe/unsaf support/unsupport must/may add/remov start/stop prefer/avoid stabl/unstabl
"""
_QUALIFYING = (
    "not no never without cannot neither nor none nobody nothing hardly rarely seldom only except unless but however "
    "although though instead rather yet still longer anymore wrong false untrue incorrect mistake obsolete deprecated "
    "outdated superseded replaced reverted rejected withdrawn removed dropped abandoned cancelled previously formerly "
    "former once was were until before after if when whether otherwise maybe perhaps supposedly allegedly claim claims "
    "don doesn didn isn aren wasn weren won wouldn shouldn couldn hasn haven hadn t"
)
_QUALIFIERS = frozenset(_QUALIFYING.split())
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Claims:
    """What a text can be held to, each written one way: `1500`, `5s`; `2026-11-20`; names and code words without
    punctuation; `not call`; the stems that have an opposite."""

    numbers: frozenset[str]
    dates: frozenset[str]
    names: frozenset[str]
    negations: frozenset[str]
    opposites: frozenset[str]


@dataclass(frozen=True)
class Difference:
    """A claim of one kind (`number`, `date`, `name`, `negation`, `opposite`) that two sentences make differently."""

    kind: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} {', '.join(self.mine) or 'none'} against {', '.join(self.theirs) or 'none'}"


def word_set(text: str) -> frozenset[str]:
    """The stems of a text without its numbers: what twins are recognised by."""
    return frozenset(stem for stem in stems(text) if not stem[0].isdigit())


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Shared of all, 0 to 1; 0 where both are empty."""
    return len(a & b) / len(a | b) if a or b else 0.0


def containment(a: frozenset[str], b: frozenset[str]) -> float:
    """The share of `a` that stands in `b`, 0 to 1; 0 where `a` is empty."""
    return len(a & b) / len(a) if a else 0.0


def alike(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two word sets are those of twins."""
    return jaccard(a, b) >= TWIN or _contained(a, b)


def surely_alike(a: frozenset[str], b: frozenset[str], cosine: Callable[[], float | None] = lambda: None) -> bool:
    """As `alike`, for who asks nobody: the fewer words, the more of them must be shared. `cosine` (of the texts) is a
    second opinion, asked where words leave it open."""
    shared, fewest = jaccard(a, b), min(len(a), len(b))
    if shared >= TWIN + FEW / max(FEW_WORDS, fewest) or _contained(a, b):
        return True
    if fewest <= SENTENCE:
        return shared >= 0.5
    return shared >= SECOND and fewest >= SECOND_WORDS and (cosine() or 0.0) >= MEANING


def _contained(a: frozenset[str], b: frozenset[str]) -> bool:
    short, long = sorted((a, b), key=len)
    return len(short) >= CONTAINED_WORDS and containment(short, long) >= CONTAINED


def twins(a: str, b: str) -> bool:
    """Whether two texts say much the same."""
    return alike(word_set(a), word_set(b))


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


def differing(a: str, b: str) -> tuple[Difference, ...]:
    """The claims that answering sentences of two twins make differently; a claim that one side lacks is an addition."""
    theirs = [(sentence, word_set(sentence)) for sentence in sentences(b)[:MOST_SENTENCES]]
    said = {sentence for sentence, _ in theirs}
    found: dict[Difference, None] = {}
    for sentence in sentences(a)[:MOST_SENTENCES]:
        answer = None if sentence in said else _answer(word_set(sentence), theirs)
        if answer is not None:
            found.update(dict.fromkeys(_differences(sentence, answer)))
    return tuple(found)


def _answer(own: frozenset[str], others: Iterable[tuple[str, frozenset[str]]]) -> str | None:
    """The sentence of the others that is most like this one, if any is like it."""
    score, answer = max(((jaccard(own, other), sentence) for sentence, other in others), default=(0.0, ""))
    return answer if score >= TWIN else None


def _differences(a: str, b: str) -> list[Difference]:
    mine, theirs = claims(a), claims(b)
    pairs = (
        ("number", mine.numbers, theirs.numbers),
        ("date", mine.dates, theirs.dates),
        ("name", mine.names, theirs.names),
    )
    found = [
        Difference(kind, tuple(sorted(here - there)), tuple(sorted(there - here)))
        for kind, here, there in pairs
        if here - there and there - here
    ]
    return found + _negated(a, b, mine, theirs) + _opposed(mine, theirs)


def _negated(a: str, b: str, mine: Claims, theirs: Claims) -> list[Difference]:
    """What one side denies and the other says."""
    here = {claim for claim in mine.negations - theirs.negations if claim[4:] in stems(b)}
    there = {claim for claim in theirs.negations - mine.negations if claim[4:] in stems(a)}
    return [Difference("negation", tuple(sorted(here)), tuple(sorted(there)))] if here or there else []


def _opposed(mine: Claims, theirs: Claims) -> list[Difference]:
    """One side says a word, the other its opposite."""
    found = []
    for pair in _opposites():
        here, there = pair & mine.opposites, pair & theirs.opposites
        if len(here) == len(there) == 1 and here != there:
            found.append(Difference("opposite", tuple(here), tuple(there)))
    return found


def sentences(text: str) -> list[str]:
    """The sentences of a text: lines, split after `.`, `!`, `?`, `;` and a blank; list and heading marks dropped."""
    parts = _compiled(r"\n+|(?<=[.!?;])\s+|(?<=[。！？；])").split(text)
    return [stripped for part in parts if (stripped := part.strip(" \t#>*-"))]


def claims(text: str) -> Claims:
    """The claims of a text: numbers (with unit), dates, names and code words, negations, words with an opposite."""
    dates, rest = _dates(text)
    numbers, rest = _numbers(rest)
    opposites = frozenset(_polar(rest)) & frozenset[str]().union(*_opposites())
    return Claims(numbers, dates, _names(rest), frozenset(_negations(rest)), opposites)


def _dates(text: str) -> tuple[frozenset[str], str]:
    """ISO dates and `20 Nov 2026`, `November 20, 2026`, `Nov 2026` as ISO, and the text without them."""
    month = "(?P<month>(?:" + "|".join(_MONTHS) + r")[a-z]*)\.?"
    nth = r"\d{1,2})(?:st|nd|rd|th)?"
    written = rf"\b(?:(?P<day>{nth} )?{month} (?:(?P<after>{nth},? )?(?P<year>\d{{4}})\b"
    found: set[str] = set()

    def take(match: re.Match[str]) -> str:
        day = match["day"] or match["after"]
        number = _MONTHS.index(match["month"][:3].lower()) + 1
        found.add(f"{match['year']}-{number:02}" + (f"-{int(day):02}" if day else ""))
        return " "

    rest = _compiled("(?i)" + written).sub(take, text)
    iso = _compiled(r"\b\d{4}-\d\d(?:-\d\d)?(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?\b")
    return frozenset(found | set(iso.findall(rest))), iso.sub(" ", rest)


def _numbers(text: str) -> tuple[frozenset[str], str]:
    """Numbers as written but for thousands separators, with a unit in its short form, and the text without them."""
    pattern = _compiled(r"(?<![A-Za-z0-9_.])v?(\d+(?:[.,:]\d+)*)(?:[ -]?(%|[A-Za-z]+))?(?![A-Za-z0-9_])")
    found: set[str] = set()

    def take(match: re.Match[str]) -> str:
        number, unit = match[1], (match[2] or "").lower()
        number = number.replace(",", "") if _compiled(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?").fullmatch(number) else number
        unit = _UNITS.get(unit.removesuffix("s"), unit)
        attached = bool(match[2]) and match[0].endswith(match[1] + match[2])
        known = unit in _UNITS.values() or (attached and len(unit) <= 3)
        found.add(number + unit if known else number)
        return " " if known or not match[2] else f" {match[2]}"

    rest = pattern.sub(take, text)
    found.update(_NUMBER_WORDS[word] for word in _compiled(r"[a-z]+").findall(text.lower()) if word in _NUMBER_WORDS)
    return frozenset(found), rest


def _names(text: str) -> frozenset[str]:
    """Code words, code spans, capitalised words within a sentence, and a capitalised subject at its start."""
    text = _compiled(r"\w+://\S+").sub(" ", text)
    spans = _compiled(r"(?<!`)`{1,2}([^`\s]{1,80})`{1,2}(?!`)").findall(text)
    inner = _compiled(r"(?<=[\w,;:)] )[A-Z][\w-]+").findall(text)
    verbs = "is|are|was|were|has|owns|runs|must|does|uses|can|will"
    subjects = _compiled(rf"(?:^|[.!?] )([A-Z]\w+) (?:{verbs})\b").findall(text)
    found = [*compounds(text), *spans, *inner, *subjects]
    return frozenset(name for name in map(whole, found) if name and name not in STOP_WORDS)


def _negations(text: str) -> Iterable[str]:
    """`not <stem>` for each negation and the first telling word behind it."""
    words = _compiled(r"[^\W_]+").findall(_compiled(r"(?i)n['’]t\b").sub(" not", text.lower()))
    for place, word in enumerate(words):
        if word in _NEGATIONS:
            denied = next((then for then in words[place + 1 :] if then not in STOP_WORDS and then != "longer"), "")
            yield from (f"not {stem}" for stem in stems(denied))


def _polar(text: str) -> Iterable[str]:
    """The stems of every word, stop words too: `on` and `off`, `before` and `after` are among them."""
    for word in _compiled(r"[a-z]+").findall(text.lower()):
        yield from stems(word)


@functools.cache
def _opposites() -> tuple[frozenset[str], ...]:
    """Pairs of stems."""
    return tuple(frozenset(pair.split("/")) for pair in _OPPOSITES.split())


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
