"""The parts of a memory: the texts that are embedded for it.

The whole memory is one part. A long memory is also cut at headings and blank lines, each piece under the title: the
mean of a long text's words says little about any of its sections, while the whole matches a long query best.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

SIZE = 600
"""Characters of a piece. Over nine sets of questions the whole alone had a recall at five of 0.655 by meaning, with
pieces of 1,000 characters 0.651, of 600 0.667, of 400 0.690; fused with words 600 did as well as 400, with a third
fewer vectors."""
_PARAGRAPH = re.compile(r"(?:#{1,6}[ \t][^\n]*\n*)?(?:(?!\n\n|\n#{1,6}[ \t]).)*\n*", re.S)
_CUT = re.compile(rf".{{1,{SIZE}}}(?:\s|\Z)|.{{1,{SIZE}}}", re.S)


def parts(title: str, body: str) -> tuple[str, ...]:
    """The texts of a memory: the whole, then the pieces of a long one, in order."""
    pieces = _packed(_paragraphs(body)) if len(body) > SIZE else ()
    return tuple(f"{title}\n{piece.strip()}" for piece in (body, *pieces))


def part_key(text: str) -> bytes:
    """The key of a part: 16 bytes of its SHA-256."""
    import hashlib  # loads OpenSSL, which a recall at a current index need not

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def _packed(paragraphs: Iterable[str]) -> Iterator[str]:
    """Paragraphs joined up to `SIZE`; a heading begins a new piece if the one before is half full."""
    piece = ""
    for paragraph in paragraphs:
        full = SIZE // 2 if paragraph.startswith("#") else SIZE
        if len(piece) > min(full, SIZE - len(paragraph)) and piece:
            yield piece
            piece = ""
        piece += paragraph
    if piece.strip():
        yield piece


def _paragraphs(body: str) -> Iterator[str]:
    """The body cut before headings and after blank lines; paragraphs longer than `SIZE` are cut at blanks."""
    for paragraph in _PARAGRAPH.findall(body):
        yield from _CUT.findall(paragraph) if len(paragraph) > SIZE else [paragraph]
