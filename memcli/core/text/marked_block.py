"""A block of ours between two marks, in a text that somebody else owns: hook scripts, instructions, YAML.

Blocks of two kinds may stand in one text, each with marks of its own: what calls `mem` (`mem:begin`), and memories
that were exported (`mem:export-begin`). A function knows the blocks of one kind, by default the first.

Invariant: `remove_blocks` of what `insert_after_shebang`, `append_block` or `append_markdown_block` made is the text
before, byte for byte; text outside the marks is never ours. Bytes, because a script need not be UTF-8.
"""

from __future__ import annotations

import functools
import re

HOOKS, EXPORT = b"", b"export-"
"""The kinds of blocks, as their marks have them."""
_MARK = rb"[^\S\n]*(?:#|<!--) mem:"
_SHELL = re.compile(rb"#!\s*(?:\S*/)?(?:env\s+(?:-\S+\s+)*)?(?:\S*/)?(?:sh|bash|dash|zsh|ksh|ash)\b")


@functools.cache
def _block(kind: bytes) -> re.Pattern[bytes]:
    begin, end = _MARK + kind + rb"begin\b[^\n]*\n", _MARK + kind + rb"end\b[^\n]*(\n|\Z)"
    return re.compile(rb"(?m)^" + begin + rb"(?:[^\n]*\n)*?" + end)


def _first(data: bytes, kind: bytes) -> re.Match[bytes] | None:
    """The first block; what follows the last end is not looked at, or many lone beginnings would cost their square."""
    last = max((match.end() for match in _end_line(kind).finditer(data)), default=0)
    return _block(kind).search(data, 0, last) if last else None


@functools.cache
def _end_line(kind: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(?m)^" + _MARK + kind + rb"end\b[^\n]*(?:\n|\Z)")


@functools.cache
def _lone_mark(kind: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(?m)^" + _MARK + kind + rb"(?:begin \(written by|end[^\S\n]*(?:-->)?[^\S\n]*$)")


def has_block(data: bytes, kind: bytes = HOOKS) -> bool:
    """Whether a text has a block of ours."""
    return _first(data, kind) is not None


def has_lone_mark(data: bytes, kind: bytes = HOOKS) -> bool:
    """Whether a text has one of our marks without the other."""
    return _lone_mark(kind).search(remove_blocks(data, kind)) is not None


def find_block(data: bytes, kind: bytes = HOOKS) -> bytes:
    """The first block, with its marks; empty if there is none."""
    match = _first(data, kind)
    return match[0] if match else b""


def remove_blocks(data: bytes, kind: bytes = HOOKS) -> bytes:
    """The text without blocks of ours, and without the line end that was added before one."""
    while match := _first(data, kind):
        start = match.start()
        unended = not match[1] and data[:start].endswith(b"\n")  # the text had no line end at its end
        if unended or _has_empty_line(data, start, match.end()):
            start -= 2 if data[:start].endswith(b"\r\n") else 1
        data = data[:start] + data[match.end() :]
    return data


def exported_block(inner: str) -> str:
    """Markdown between the marks of exported memories."""
    begin = "<!-- mem:export-begin (written by 'mem export'; what is changed up to export-end is lost) -->"
    return f"{begin}\n{inner}\n<!-- mem:export-end -->\n"


def without_exports(text: str) -> str:
    """A text without the memories that were exported into it."""
    return (
        remove_blocks(text.encode("utf-8", "surrogatepass"), EXPORT).decode("utf-8", "surrogatepass")
        if ("mem:export-" in text)
        else text
    )


def put_markdown_block(data: bytes, block: bytes, kind: bytes) -> bytes:
    """The text with a block in place of the first one of its kind, else at its end; further ones go."""
    match = _first(data, kind)
    if match is None:
        return append_markdown_block(data, block)
    new = block if match[1] else block.rstrip(b"\n")
    lines = new.replace(b"\n", b"\r\n") if match[0].split(b"\n", 1)[0].endswith(b"\r") else new
    return data[: match.start()] + lines + remove_blocks(data[match.end() :], kind)


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
