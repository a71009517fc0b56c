"""A memory's parts: the texts that stand for it where meaning is compared.

A short memory is one part. A long one is cut at headings and blank lines, never inside a fence, and each piece stands
under the title: the mean of a long text's words says little about any of its sections. A function of title and body.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

SIZE = 1_000
"""Characters of a part's body, if paragraphs allow: about the 256 tokens that all-MiniLM-L6-v2 reads."""
MOST = 64
"""A longer memory's last part holds all that is left."""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")


def parts(title: str, body: str) -> tuple[str, ...]:
    """The texts of a memory, at least one and at most `MOST`, in order."""
    pieces = [body] if len(body) <= SIZE else list(_packed(_paragraphs(body)))
    pieces = [*pieces[: MOST - 1], "".join(pieces[MOST - 1 :])] if len(pieces) > MOST else pieces
    return tuple(f"{title}\n{piece.strip()}" for piece in pieces or [""])


def part_key(text: str) -> bytes:
    """What a part is known by: 16 bytes of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def _packed(paragraphs: Iterator[str]) -> Iterator[str]:
    """Paragraphs joined up to `SIZE`; a heading begins a new piece where the one before is half full."""
    piece = ""
    for paragraph in paragraphs:
        room = SIZE / 2 if _HEADING.match(paragraph) else SIZE - len(paragraph)
        if piece.strip() and len(piece) > room:
            yield piece
            piece = ""
        piece += paragraph
    if piece.strip():
        yield piece


def _paragraphs(body: str) -> Iterator[str]:
    """The body cut before headings and after blank lines, fences whole."""
    paragraph, fence = "", ""
    for line in body.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if not fence and paragraph and (_HEADING.match(line) or not paragraph.splitlines()[-1].strip()):
            yield paragraph
            paragraph = ""
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        paragraph += line
    yield paragraph
