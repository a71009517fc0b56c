"""Refs, read with plain files as git 2.39 writes them: loose files, then `packed-refs`.

Contract: nothing here starts git, loads libgit2 or writes; hooks that only record use it, so it imports only `os`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from memcli.git.layout import Layout

_MOST_LINKS = 5
"""Symbolic refs that are followed."""


def read_ref(layout: Layout, name: str) -> str | None:
    """The commit id that a ref (`HEAD`, `refs/…`) points to, through symbolic refs; None where it does not exist.
    Raises PermissionError: a ref that may not be read is not missing.

    A damaged ref gives what it holds, empty for an empty file, so that whoever reads the commit can tell."""
    if name in layout.moved_refs:
        return layout.moved_refs[name]
    for _ in range(_MOST_LINKS):
        text = _loose_ref(layout, name)
        text = _packed_ref(layout, name) if text is None else text
        if text is None or not text.startswith("ref: "):
            return text
        name = text.removeprefix("ref: ").strip()
    return None


def _loose_ref(layout: Layout, name: str) -> str | None:
    home = layout.common_dir if name.startswith("refs/") else layout.git_dir
    try:
        with open(os.path.join(home, name), "rb") as stream:  # as text it would load a codec
            return stream.read(1 << 12).decode("ascii", "replace").strip()
    except PermissionError:
        raise
    except OSError:
        return None


def _packed_ref(layout: Layout, name: str) -> str | None:
    before, line_end, _ = _packed_refs(layout).partition(f" {name}\n".encode())
    return before[-40:].decode("ascii", "replace") if line_end else None


def _packed_refs(layout: Layout) -> bytes:
    """The lines `ID NAME`, and others that no name of a ref can match."""
    try:
        with open(os.path.join(layout.common_dir, "packed-refs"), "rb") as stream:
            return stream.read()
    except PermissionError:
        raise
    except OSError:
        return b""


def list_refs(layout: Layout, prefix: str) -> Iterator[tuple[str, str]]:
    """(name, commit id) of every ref below `prefix` (ends in `/`), sorted by name."""
    packed, loose = _packed_below(layout, prefix), _loose_below(layout, prefix)
    moved = {name for name in layout.moved_refs if name.startswith(prefix)}
    for name in sorted(packed.keys() | loose | moved):
        if target := read_ref(layout, name) if name in loose | moved else packed[name]:
            yield name, target


def ref_times(layout: Layout, prefix: str) -> dict[str, float]:
    """{name: seconds since the epoch at which it was last moved} of every ref below `prefix` (ends in `/`); 0 for
    those that are only packed."""
    loose = {name: _moved_at(os.path.join(layout.common_dir, name)) for name in _loose_below(layout, prefix)}
    return dict.fromkeys(_packed_below(layout, prefix), 0.0) | loose


def _packed_below(layout: Layout, prefix: str) -> dict[str, str]:
    before, *pieces = _packed_refs(layout).split(f" {prefix}".encode())
    packed = {}
    for piece in pieces:
        name = prefix + piece.partition(b"\n")[0].decode("utf-8", "replace")
        packed[name] = before[-40:].decode("ascii", "replace")
        before = piece
    return packed


def _loose_below(layout: Layout, prefix: str) -> set[str]:
    loose: set[str] = set()
    for directory, _, names in os.walk(os.path.join(layout.common_dir, prefix)):
        below = os.path.relpath(directory, layout.common_dir)
        loose |= {f"{below}/{name}" for name in names if not name.endswith(".lock")}
    return loose


def _moved_at(file: str) -> float:
    try:
        return os.stat(file).st_mtime
    except OSError:
        return 0.0  # it has just gone


def symbolic_target(layout: Layout, name: str) -> str | None:
    """The ref that a symbolic ref (`HEAD`, `refs/…`) stands for; None for any other."""
    text = _loose_ref(layout, name) or ""
    return text.removeprefix("ref:").strip() if text.startswith("ref: ") else None


def current_branch(layout: Layout) -> str | None:
    """The short name of the branch that is checked out; None where HEAD is detached."""
    head = symbolic_target(layout, "HEAD") or ""
    return head.removeprefix("refs/heads/") if head.startswith("refs/heads/") else None
