"""The blocks of a text: what is prose, word by word, and what has to be compared as it stands.

Invariant: only white space and marks that carry no meaning are lost. In doubt a line is kept verbatim, so two texts
rather differ than agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from memcli.core.text.analysis import UNSPACED

PARAGRAPH, ITEM, HEADING, VERBATIM = "paragraph", "item", "heading", "verbatim"
LINE_BREAK = "\n"
"""The token of a line break that no wrapping explains."""
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_MARKED = re.compile(r"(?P<indent> {0,8})(?:(?P<heading>#{1,6})|[-*])[ \t]+(?=[^\W\d]|[*_`\"“„«'‘(])(?P<text>.*)")
"""A heading or an item of a list. Not before a digit (`- 1` may be a number) nor a check box; `+` is the mark of a
line that was added."""
_VERBATIM = re.compile(r"[ \t]*(?:[>|<]|\d+[.)]\s|[-+#]|\*(?!\*{0,2}[^\W_])|===|~~~)|\t| {4}")
_EMPHASIS = (
    re.compile(  # in a script without spaces also inside a run of letters
        rf"(?:(?<![\w*\\/])|(?<=[{UNSPACED}])(?=\*\*)|(?<=\w)(?=\*\*[{UNSPACED}]))(\*{{1,3}})(?=[^\W_]|[\"“'(])([^*\n]*?[^\s*\\])\1"
        rf"(?:(?![\w*/])|(?=[{UNSPACED}])|(?<=[{UNSPACED}]\*\*)(?=\w))"
    ),
    re.compile(r"(?<![\w\\/])(_{1,2})(?=[^\W_])([^_\n]*\s[^_\n]*?[^\s_\\])\1(?![\w/])"),
)
_CODE_SPAN = re.compile(r"(?<!`)(`{1,2})(?!`)([^`\n]+)\1(?!`)")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\u00a0": " "})
_AROUND = re.compile(r"""([("']*)(.*?)([.,;:!?)"'。]*)""", re.S)


class Token(NamedTuple):
    """A word, or a mark beside one. `exact`: it is code, whose case matters; `first`: it begins a sentence."""

    text: str
    exact: bool = False
    first: bool = False


class Block(NamedTuple):
    """A block of a text; that of a `VERBATIM` one is a line, its only token."""

    kind: str
    indent: int
    tokens: tuple[Token, ...]


def prose_blocks(text: str) -> list[Block]:
    """The blocks of a text, in order."""
    return [
        Block(kind, indent, tuple(_tokens(content)) if kind != VERBATIM else (Token(content, exact=True),))
        for kind, indent, content in _raw_blocks(text.translate(_QUOTES))
    ]


def _raw_blocks(text: str) -> Iterator[tuple[str, int, str]]:
    """(kind, indent, source) of each block."""
    pending: list[str] = []
    kind, indent, fence = PARAGRAPH, 0, ""
    for line in [*text.strip("\n").splitlines(), ""]:
        mark = _FENCE.match(line)
        special = fence or mark or _VERBATIM.match(line) or not line.strip()
        marked = None if fence else _MARKED.fullmatch(line)
        if (special or marked) and pending:
            yield kind, indent, LINE_BREAK.join(pending)
            pending = []
        if marked:
            kind, indent = HEADING if marked["heading"] else ITEM, len(marked["indent"])
            pending = [marked["text"]]
        elif fence or mark or (special and line.strip()):
            fence = _fence_after(fence, mark[1] if mark else "")
            yield VERBATIM, 0, line.rstrip()
        elif line.strip():
            kind, indent = (kind, indent) if pending else (PARAGRAPH, 0)
            pending.append(line.strip())


def _fence_after(fence: str, mark: str) -> str:
    """The fence that is open after a line with this mark; '' for none."""
    if not fence:
        return mark
    return "" if mark.startswith(fence) else fence


def _tokens(source: str) -> Iterator[Token]:
    """The tokens of a block of prose, without emphasis and the final full stop."""
    tokens = [token for text, exact in _spans(_joined(source)) for token in _split(text, exact)]
    if tokens and tokens[-1].text in (".", "。") and not tokens[-1].exact:
        tokens.pop()
    first = True
    for token in tokens:
        yield token._replace(first=first)
        first = token.text in (".", "!", "?", ":", LINE_BREAK) or (first and not token.text[0].isalnum())


def _joined(source: str) -> str:
    """The lines of a block as one; a line break stays a token unless the line was wrapped there."""
    lines, cased = source.split(LINE_BREAK), source != source.lower()
    joined = lines[0]
    for line in lines[1:]:
        wrapped = joined[-1] in ".!?:;,。" or (cased and line[0].islower())
        joined += f" {line}" if wrapped else f" {LINE_BREAK} {line}"
    return joined


def _spans(text: str) -> Iterator[tuple[str, bool]]:
    """(text, whether it is code) of each stretch of a line."""
    at = 0
    for span in _CODE_SPAN.finditer(text):
        yield _without_emphasis(text[at : span.start()]), False
        yield span[2], True
        at = span.end()
    yield _without_emphasis(text[at:]), False


def _without_emphasis(text: str) -> str:
    for pattern in _EMPHASIS:
        text = pattern.sub(r"\2", text)
    return text


def _split(text: str, exact: bool) -> Iterator[Token]:
    """The words of a stretch; in prose the punctuation around a word is tokens of its own."""
    for word in text.split(" "):
        before, core, after = ("", word, "") if exact else _around(word)
        yield from (Token(mark) for mark in before)
        if core:
            yield Token(core, exact)
        yield from (Token(mark) for mark in after)


def _around(word: str) -> tuple[str, str, str]:
    """The marks before a word, the word, and those after it; `save()` and `(s)` keep their brackets."""
    match = _AROUND.fullmatch(word)
    before, core, after = match.groups() if match else ("", word, "")
    if "(" in core:
        closing = after.rfind(")") + 1
        core, after = core + after[:closing], after[closing:]
    return before, core, after
