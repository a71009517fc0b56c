"""Whether a harness runs the hooks in a file: what its own files say about trust, and what a person has to do.

Imported where somebody asks, never by hooks. Nothing here writes, and no file has to be there or to be whole.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

TRUSTED, WAITING, CHANGED, UNKNOWN = "trusted", "waiting", "changed", "unknown"
Read = Callable[[str], bytes | None]
"""Pattern of a path (see `adapter`) → the file's bytes, None if there is none. Raises OSError."""


class Trust(NamedTuple):
    """`state`: `trusted`, `waiting` for a person, `changed` since a person agreed, or `unknown`; `next`: what to do."""

    state: str
    message: str = ""
    next: str = ""


class HookFile(NamedTuple):
    """A file with hooks of ours: its path, its scope, the worktree it is for and the main one, and its text."""

    path: str
    scope: str
    tree: str
    main: str
    text: str


class Unreadable(Exception):
    """A file of a harness cannot be read; the text says which and why."""


def json_file(read: Read, pattern: str) -> Mapping[str, Any]:
    """The object in a harness's file, which may hold lines of comment; empty if there is none. Raises Unreadable."""
    text = re.sub(r"(?m)^\s*//.*$", "", _text(read, pattern))
    return _object(pattern, text, json.loads) if text.strip() else {}


def toml_file(read: Read, pattern: str) -> Mapping[str, Any]:
    """The table in a harness's file; empty if there is none. Raises Unreadable."""
    import tomllib

    return _object(pattern, _text(read, pattern), tomllib.loads)


def member(table: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """The table at some keys; empty where there is none."""
    for key in keys:
        inner = table.get(key)
        table = inner if isinstance(inner, dict) else {}
    return table


def is_within(path: str, directories: Iterable[object]) -> bool:
    """Whether a path is one of some directories or below one, links followed."""
    place = Path(os.path.realpath(path))
    roots = (os.path.realpath(directory) for directory in directories if isinstance(directory, str) and directory)
    return any(place.is_relative_to(root) for root in roots)


def _text(read: Read, pattern: str) -> str:
    try:
        return (read(pattern) or b"").decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{_name(pattern)} cannot be read ({error})") from error


def _object(pattern: str, text: str, parse: Callable[[str], Any]) -> Mapping[str, Any]:
    try:
        value = parse(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{_name(pattern)} cannot be read ({error})") from error
    if not isinstance(value, dict):
        raise Unreadable(f"{_name(pattern)} holds no table")
    return value


def _name(pattern: str) -> str:
    return pattern.rpartition("/")[2]
