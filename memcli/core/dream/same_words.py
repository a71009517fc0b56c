"""Whether two texts say the same, word for word: a merge keeps one of them and drops the other.

Only what cannot change the meaning may differ: white space, emphasis and the marks of lists and headings, English
articles, the case of a text that is in one case throughout, commas that one of the two left out, and the final full
stop. Numbers, signs, code, quotes, tables, links and the order of words must agree. In doubt the answer is no.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from memcli.core.dream.prose_blocks import LINE_BREAK, VERBATIM, Block, Token, prose_blocks
from memcli.core.text.analysis import UNSPACED

_ARTICLES = frozenset(("the", "a", "an"))
_COMMON_WORDS = "the and are with that from this which have their of to into when"
_ENGLISH = frozenset(_COMMON_WORDS.split())
"""Words that are common in English and in hardly any other language: `a` is a word of many."""
_COUNTING = (
    "few little lot bit couple most more less least fewer number half one two three four five six seven eight nine ten "
    "dozen hundred thousand million only other same first last"
)
_QUANTITIES = frozenset(_COUNTING.split())
"""After an article, these may mean something else than without it: `a few`, `the only`."""
_LIMITING = (
    "no not never none nor neither nothing nobody nowhere cannot without hardly barely rarely seldom only just even "
    "unless except but yes however rather instead otherwise"
)
_CONJUNCTIONS = frozenset(("and", "or", "after", "before", "because", "since", "when", "while", "until", "once"))
"""Words before which a comma is a matter of style; before `who` and `which` it is not."""
_QUALIFIERS = frozenset(_LIMITING.split())
"""Words whose reach a comma decides: `No, deploy on Friday.`"""
_FEWEST_CASED = 3
"""Words from which the case of a text counts as uniform."""
_LOOSE_WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
"""A word, or a letter of an unspaced script, whose words have no bounds but marks."""


def same_words(text: str, other: str) -> bool:
    """Whether two texts say the same, word for word."""
    mine, theirs = prose_blocks(text), prose_blocks(other)
    if len(mine) != len(theirs) or not _same_kinds(mine, theirs):
        return False
    english = _is_english([*mine, *theirs])
    pairs = [
        (_without_articles(block, english), _without_articles(match, english))
        for block, match in zip(mine, theirs, strict=True)
    ]
    if not all(_same_but_for_case(first, second, english) for first, second in pairs):
        return False
    sides = [[token for tokens in side for token in tokens] for side in zip(*pairs, strict=True)]
    return not pairs or _may_differ_in_case(_without_commas(sides[0]), _without_commas(sides[1]))


def loose_words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, without articles; equal for all texts with the `same_words`."""
    return tuple(word for word in _LOOSE_WORD.findall(text.lower()) if word not in _ARTICLES)


def _same_kinds(mine: Sequence[Block], theirs: Sequence[Block]) -> bool:
    """Whether the blocks are of the same kinds; that of the only block of a text does not matter."""
    kinds = [[(block.kind, block.indent) for block in side] for side in (mine, theirs)]
    alone = len(mine) == 1 and VERBATIM not in (mine[0].kind, theirs[0].kind)
    return alone or kinds[0] == kinds[1]


def _is_english(blocks: Sequence[Block]) -> bool:
    english = {token.text.lower() for block in blocks for token in block.tokens} & _ENGLISH
    return "the" in english or len(english) > 1


def _without_articles(block: Block, english: bool) -> list[Token]:
    """The tokens of a block without English articles; where single letters are names, `a` may be one."""
    tokens = list(block.tokens)
    letters = {token.text for token in tokens if len(token.text) == 1 and token.text.isalpha()}
    articles = _ARTICLES if english and letters <= {"a", "A", "I"} else frozenset(("the",))
    upper = all(token.text.isupper() for token in tokens if token.text.isalpha())
    kept: list[Token] = []
    opens = False
    for place, token in enumerate(tokens):
        if _is_article(token, articles, upper) and place + 1 < len(tokens) and _may_follow_article(tokens[place + 1]):
            opens = opens or token.first
        else:
            kept.append(token._replace(first=token.first or opens))
            opens = False
    return kept


def _is_article(token: Token, articles: frozenset[str], upper: bool) -> bool:
    word = token.text.lower() if token.first or upper else token.text
    return word in articles and not token.exact


def _may_follow_article(token: Token) -> bool:
    return token.text[0].isalpha() and len(token.text) > 1 and token.text.lower() not in _QUANTITIES


def _same_but_for_case(mine: Sequence[Token], theirs: Sequence[Token], english: bool) -> bool:
    """Whether two blocks have the same tokens but for case and for commas that one of them left out."""
    first, second = _without_commas(mine), _without_commas(theirs)
    if len(first) != len(second) or not all(map(_is_same_word, first, second)):
        return False
    commas, others = _commas(mine), _commas(theirs)
    if commas == others:
        return True
    words = [token.text.lower() for token in first]
    plain = english and not any(word in _QUALIFIERS or "'" in word for word in words)
    left_out = {words[place] if place < len(words) else "" for place in commas ^ others}
    return plain and (commas <= others or others <= commas) and left_out <= _CONJUNCTIONS


def _is_same_word(token: Token, other: Token) -> bool:
    if token.text == other.text:
        return True
    words = all(re.fullmatch(r"[^\W\d_]+(?:['-][^\W\d_]+)*", text) for text in (token.text, other.text))
    return words and not (token.exact or other.exact) and token.text.lower() == other.text.lower()


def _without_commas(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.text != ","]


def _commas(tokens: Sequence[Token]) -> set[int]:
    """The places of the commas, counted in other tokens."""
    places, count = set[int](), 0
    for token in tokens:
        if token.text == ",":
            places.add(count)
        else:
            count += 1
    return places


def _may_differ_in_case(mine: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether the differences in case mean nothing: at the start of sentences, or where one text has no case."""
    different = [(a, b) for a, b in zip(mine, theirs, strict=True) if a.text != b.text]
    inside = [(a, b) for a, b in different if not (a.first and b.first and _is_plain(a.text) and _is_plain(b.text))]
    return not inside or _has_no_case(mine, theirs, inside) or _has_no_case(theirs, mine, [(b, a) for a, b in inside])


def _has_no_case(tokens: Sequence[Token], others: Sequence[Token], different: Sequence[tuple[Token, Token]]) -> bool:
    """Whether a text is in one case throughout, and the other text is written in sentences."""
    words = [token.text for token in tokens if token.text.isalpha() and not token.exact]
    if len(words) < _FEWEST_CASED:
        return False
    if all(map(str.isupper, words)):
        return True
    starts = [token.text for token in others if token.first and token.text[0].isalpha()]
    sentences = bool(starts) and all(word[0].isupper() for word in starts)
    lower = all(map(str.islower, words)) and all(_is_plain(other.text) for _, other in different)
    titled = _is_titled(words) and all(other.text.islower() for _, other in different)
    return sentences and (lower or titled)


def _is_titled(words: Sequence[str]) -> bool:
    """Whether all words begin with a capital, or at least all of four letters and more."""
    long_words = [word for word in words if len(word) > 3]
    return all(map(str.istitle, words if len(long_words) < _FEWEST_CASED else long_words))


def _is_plain(word: str) -> bool:
    """Whether a word is in lower case but for its first letter."""
    return word[1:] == word[1:].lower() and word != LINE_BREAK
