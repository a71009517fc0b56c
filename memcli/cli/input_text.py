"""Text that a command takes from stdin."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from memcli.errors import MemError, Usage

MAX_INPUT = 32 << 20
"""Bytes that are read from stdin at most."""
MAX_DATA = 256 << 20
"""The same for archives and files with many memories."""


def text_or_stdin(text: str | None) -> str | None:
    """The text itself; for `-`, what stdin holds. Raises Usage."""
    return read_stdin() if text == "-" else text


def read_stdin() -> str:
    """All of stdin as text. Raises Usage where it is too large or not text."""
    data = sys.stdin.buffer.read(MAX_INPUT + 1)
    if len(data) > MAX_INPUT:
        raise Usage("more than 32 MiB on stdin", "a memory is at most 64 KiB")
    from memcli.core.memory.document import DocumentError, decode

    try:
        return decode(data, limit=MAX_INPUT)
    except DocumentError as error:
        raise Usage(f"stdin is not text: {error}", "a memory is UTF-8 text") from error


def read_stdin_data() -> bytes:
    """All of stdin, text or not. Raises Usage where it is too large."""
    data = sys.stdin.buffer.read(MAX_DATA + 1)
    if len(data) > MAX_DATA:
        raise Usage(f"more than {MAX_DATA >> 20} MiB on stdin", "write it to a file, and name that")
    return data


@contextmanager
def unkept(text: str | None = "-") -> Iterator[None]:
    """For a block that records what stdin holds (`text` is `-`): what it raises says that the text is not kept."""
    try:
        yield
    except MemError as error:
        if text == "-":
            error.hint = "; ".join(filter(None, (error.hint, "the text from stdin is not kept: pipe it in again")))
        raise
