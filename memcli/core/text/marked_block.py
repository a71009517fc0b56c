"""A block of ours between two marks in a text that somebody else writes: hook scripts, instructions, YAML.

Invariant: `without` of what `atop`, `beneath` or `appended` made is the text before, byte for byte; nothing outside the
marks is taken for ours.
Bytes, because a script need not be UTF-8.
"""

from __future__ import annotations

import re

_MARK = rb"[^\S\n]*(?:#|<!--) mem:"
_BLOCK = re.compile(rb"(?m)^" + _MARK + rb"begin\b[^\n]*\n(?:[^\n]*\n)*?" + _MARK + rb"end\b[^\n]*(\n|\Z)")
_SHELL = re.compile(rb"#!\s*(?:\S*/)?(?:env\s+(?:-\S+\s+)*)?(?:\S*/)?(?:sh|bash|dash|zsh|ksh|ash)\b")


def holds(data: bytes) -> bool:
    """Whether there is a block of ours."""
    return _BLOCK.search(data) is not None


def block_in(data: bytes) -> bytes:
    """The block, with its marks; empty where there is none."""
    found = _BLOCK.search(data)
    return found[0] if found else b""


def without(data: bytes) -> bytes:
    """The text without every block of ours, and without the line end that had to be put before one."""
    while found := _BLOCK.search(data):
        start = found.start()
        unended = not found[1] and data[:start].endswith(b"\n")  # at the end of a text that had no last line end
        if unended or _set_off(data, start, found.end()):
            start -= 2 if data[:start].endswith(b"\r\n") else 1
        data = data[:start] + data[found.end() :]
    return data


def _set_off(data: bytes, start: int, end: int) -> bool:
    """Whether an empty line of ours parts the block from what is above it: only blocks in markdown have one."""
    above = data[:start].endswith((b"\n\n", b"\n\r\n"))
    return above and data[start:end].lstrip().startswith(b"<!--") and b"\n" in data[start:end]


def appended(data: bytes, block: bytes) -> bytes:
    """The text with a markdown block at its end, after an empty line; a missing last line end stays missing."""
    end = b"\r\n" if b"\r\n" in data else b"\n"
    lines = end.join(block.rstrip(b"\n").split(b"\n"))
    if not data:
        return lines + end
    if data.endswith(b"\n"):
        return data + end + lines + end
    return data + end + lines


def beneath(data: bytes, block: bytes) -> bytes:
    """The text with a block at its end, as it is."""
    if data and not data.endswith(b"\n"):
        return data + b"\n" + block.rstrip(b"\n")
    return data + block


def atop(data: bytes, block: bytes) -> bytes:
    """A script with a block as its first commands, below the shebang: there it runs wherever the script ends.

    Lines of ours end in LF in a script of CRLF too: a shell reads nothing else.
    """
    if not data.startswith(b"#!"):
        return block + data
    first, line_end, rest = data.partition(b"\n")
    return first + b"\n" + (block + rest if line_end else block.rstrip(b"\n"))


def why_no_shell(data: bytes) -> str:
    """Why no block can go into a hook; empty where it can."""
    if b"\0" in data:
        return "it is a program, not a script"
    if data.startswith(b"#!") and not _SHELL.match(data):
        line = data.split(b"\n", 1)[0].decode("utf-8", "replace").strip()
        return f"it is no shell script ({line})"
    return ""
