"""A block of ours between two marks, in a text that somebody else owns: hook scripts, instructions, YAML.

Invariant: `remove_blocks` of what `insert_after_shebang`, `append_block` or `append_markdown_block` made is the text
before, byte for byte; text outside the marks is never ours. Bytes, because a script need not be UTF-8.
"""

from __future__ import annotations

import re

_MARK = rb"[^\S\n]*(?:#|<!--) mem:"
_BLOCK = re.compile(rb"(?m)^" + _MARK + rb"begin\b[^\n]*\n(?:[^\n]*\n)*?" + _MARK + rb"end\b[^\n]*(\n|\Z)")
_LONE_MARK = re.compile(rb"(?m)^" + _MARK + rb"(?:begin \(written by|end[^\S\n]*(?:-->)?[^\S\n]*$)")
_SHELL = re.compile(rb"#!\s*(?:\S*/)?(?:env\s+(?:-\S+\s+)*)?(?:\S*/)?(?:sh|bash|dash|zsh|ksh|ash)\b")


def has_block(data: bytes) -> bool:
    """Whether a text has a block of ours."""
    return _BLOCK.search(data) is not None


def has_lone_mark(data: bytes) -> bool:
    """Whether a text has one of our marks without the other."""
    return _LONE_MARK.search(remove_blocks(data)) is not None


def find_block(data: bytes) -> bytes:
    """The first block, with its marks; empty if there is none."""
    match = _BLOCK.search(data)
    return match[0] if match else b""


def remove_blocks(data: bytes) -> bytes:
    """The text without blocks of ours, and without the line end that was added before one."""
    while match := _BLOCK.search(data):
        start = match.start()
        unended = not match[1] and data[:start].endswith(b"\n")  # the text had no line end at its end
        if unended or _has_empty_line(data, start, match.end()):
            start -= 2 if data[:start].endswith(b"\r\n") else 1
        data = data[:start] + data[match.end() :]
    return data


def _has_empty_line(data: bytes, start: int, end: int) -> bool:
    """Whether the empty line above a block is ours: only blocks in markdown have one."""
    empty_line = data[:start].endswith((b"\n\n", b"\n\r\n"))
    return empty_line and data[start:end].lstrip().startswith(b"<!--") and b"\n" in data[start:end]


def append_markdown_block(data: bytes, block: bytes) -> bytes:
    """The text with a markdown block at its end, after an empty line; a missing last line end stays missing."""
    end = b"\r\n" if b"\r\n" in data else b"\n"
    lines = end.join(block.rstrip(b"\n").split(b"\n"))
    if not data:
        return lines + end
    if data.endswith(b"\n"):
        return data + end + lines + end
    return data + end + lines


def append_block(data: bytes, block: bytes) -> bytes:
    """The text with a block at its end."""
    if data and not data.endswith(b"\n"):
        return data + b"\n" + block.rstrip(b"\n")
    return data + block


def insert_after_shebang(data: bytes, block: bytes) -> bytes:
    """A script with a block as its first commands, so that it runs wherever the script exits.

    In a script with CRLF our lines still end in LF: a shell reads nothing else.
    """
    if not data.startswith(b"#!"):
        return block + data
    first, line_end, rest = data.partition(b"\n")
    return first + b"\n" + (block + rest if line_end else block.rstrip(b"\n"))


def shell_script_problem(data: bytes) -> str:
    """Why a hook cannot get a block of shell commands; empty if it can."""
    if b"\0" in data:
        return "it is a binary, not a script"
    if data.startswith(b"#!") and not _SHELL.match(data):
        line = data.split(b"\n", 1)[0].decode("utf-8", "replace").strip()
        return f"it is not a shell script ({line})"
    return ""
