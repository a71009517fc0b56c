"""The frame of a pack: the sentinel around it, and text of memories cleaned so that none of it can break the frame.

Invariant: `clean` is idempotent and leaves one line without control characters, comment signs, tags, code fences,
citations of mem or the sentinel's word; so between the two lines of `framed` there is never a third. The sentinel holds
no `<`, `>` or `&`: harnesses escape them.
"""

from __future__ import annotations

import re
from functools import cache

from memcli.core.text.tokens import utf16_length

VERSION = 1
NONCE = 16
_OPEN, _CLOSE = r"\\{0,8}(?:\[|&#91;|&#x5b;|&lbrack;|\\u005b)", r"\\{0,8}(?:\]|&#93;|&#x5d;|&rbrack;|\\u005d)"
"""Brackets as they are, and escaped for markdown, HTML and JSON."""
_PREFIX = r"(?:(?<=\n)|^)[ \t>*|#+-]+"
"""What quotes or indents a line."""
_BEGIN = re.compile(rf"(?:{_PREFIX})?{_OPEN}mem:pack v\d+ ([0-9a-f]{{{NONCE}}}){_CLOSE}", re.I)
_ANY = re.compile(rf"{_OPEN}\s*/?\s*mem:pack\b", re.I)
_PACK_LINE = re.compile(r"\[mem:[0-9A-Z]{6,26}\]\s+\([\w -]+,\s+[\w -]+,", re.I)
"""A citation with type, trust and more, as only a pack writes it, however it is wrapped."""
_ITEM = re.compile(r"(?:[\s>*+-]|&gt;)*\\{0,8}\[mem:[0-9A-Z]{6,26}\] \(", re.I)
_CITATION = re.compile(r"\[mem:[0-9A-Z]{6,26}\]", re.I)
_REPLACEMENTS = (
    (re.compile(r"<(?![\s=\d-])"), "‹"),  # a tag or a comment may begin here; `a < b`, `<=` and `<-` stay
    (re.compile(r"--(!?)>"), r"--\1›"),
    (re.compile(r"`{3,}"), "`"),
    (re.compile(r"~{3,}"), "~"),
    (re.compile(r"\[+(?=mem:)", re.I), ""),
    (re.compile(r"mem:(?=pack)", re.I), "mem-"),
)


def framed(inner: str) -> str:
    """Whole lines between the two lines of the sentinel; both carry the same digest of what they enclose."""
    import hashlib  # loads OpenSSL, which most calls do not need

    nonce = hashlib.sha256(inner.encode()).hexdigest()[:NONCE]
    return f"[mem:pack v{VERSION} {nonce}]\n{inner}[/mem:pack {nonce}]\n"


def strip_packs(text: str, torn: bool = True) -> str:
    """Text without the packs in it, their frames included, also where they were escaped, quoted or indented. A pack
    whose end was cut off reaches to the end of the text; without `torn` it stays, since the author's own words may
    follow it."""
    kept, start = list[str](), 0
    while match := _BEGIN.search(text, start):
        kept.append(text[start : match.start()])
        end = re.compile(rf"{_OPEN}/mem:pack {match[1]}{_CLOSE}(?:\r?\n)?", re.I).search(text, match.end())
        if end is None:
            return "".join(kept if torn else [*kept, text[match.start() :]])
        start = end.end()
    return "".join([*kept, text[start:]])


def is_self_citation(text: str) -> bool:
    """Whether text is a pack, or a part of one: it holds the sentinel, or consists mostly of a pack's lines.

    One citation within prose is not a self-citation; several lines that hold one each are.
    """
    if _ANY.search(text):
        return True
    lines = [line for line in text.splitlines() if line.strip()]
    items = sum(1 for line in lines if _ITEM.match(line))
    citations = sum(1 for line in lines if _CITATION.search(line))
    return items * 2 > len(lines) or (citations > 1 and citations * 2 > len(lines))


def quotes_pack(text: str) -> bool:
    """Whether text is a self-citation, or holds an item of a pack anywhere, as one line or wrapped again."""
    return is_self_citation(text) or _PACK_LINE.search(text) is not None


def clean(text: str) -> str:
    """Text as one line that every reader, terminal and markdown parser takes for plain text."""
    text = " ".join(text.split())  # first, since line ends of every kind separate words
    if not (text.isascii() and text.isprintable()):
        text = " ".join(_invisible().sub("", text).split())
    for pattern, replacement in _REPLACEMENTS:
        text = pattern.sub(replacement, text)
    return text


@cache
def _invisible() -> re.Pattern[str]:
    """Matches control, direction and invisible characters and lone surrogates; joiners are part of words.

    A list of our own: Unicode's tables change between versions of Python, and a pack's bytes must not.
    """
    return re.compile(
        "[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e"
        "\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
        "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    )


def shortened(text: str, room: int) -> str:
    """At most `room` characters of a line, ending in `…` where it was cut, between words if possible."""
    if utf16_length(text) <= room:
        return text
    units = 1
    for place, letter in enumerate(text):
        units += 2 if letter > "\uffff" else 1
        if units > room:
            text = text[:place]
            break
    words = text.rpartition(" ")[0]
    return (words if len(words) * 2 > len(text) else text).rstrip(" ,;:-–—") + "…" if room > 0 else ""
