"""Where a repository keeps its things, found and read with plain files.

Contract: nothing here imports pygit2 or starts git, so that a recall whose index is current costs neither;
nothing here writes. Refs are read as git 2.39 writes them (loose files, then `packed-refs`).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from memcli.errors import Failure, NoStore
from memcli.git.whereabouts import SESSION_MARK

INTENT = "intent"
"""File in `Layout.mem_dir` of an operation that is being published, or was when its process died."""


@dataclass(frozen=True)
class Layout:
    """The directories of one repository as seen from one worktree; `worktree` is None where it is bare."""

    git_dir: Path
    common_dir: Path
    worktree: Path | None
    inside_session: str | None = None

    @property
    def mem_dir(self) -> Path:
        return self.common_dir / "mem"

    @property
    def tree_dir(self) -> Path:
        """The one place in the user's tree that is ours; in a bare repository, below the common directory."""
        return self.worktree / ".mem" if self.worktree else self.mem_dir / "worktrees"


def discover(start: Path, git_dir: str | None = None) -> Layout:
    """The repository around `start`, or the one at `git_dir` (the value of GIT_DIR). Raises NoStore, Failure."""
    found = _named(start, git_dir) if git_dir else _search(start)
    if found is None:
        raise NoStore(f"not inside a git repository: {start}", "run 'git init' first, or name one with '-C DIR'")
    layout = _behind_session(found)
    _check_format(layout.common_dir)
    return layout


def _search(start: Path) -> Layout | None:
    for place in (start, *start.parents):
        if (place / ".git").exists():
            return _from_git_dir(_resolve_git_file(place / ".git"), place)
        if _is_git_dir(place):
            return _from_git_dir(place, None)
    return None


def _named(start: Path, git_dir: str) -> Layout | None:
    place = _resolve_git_file((start / git_dir).absolute())
    if not _is_git_dir(place):
        return None
    return _from_git_dir(place, place.parent if place.name == ".git" else None)


def _resolve_git_file(place: Path) -> Path:
    """A `.git` that is a file names the directory: `gitdir: PATH`."""
    if not place.is_file():
        return place
    return (place.parent / path_in(place)).resolve()


def path_in(file: Path) -> Path:
    """The path that a file of git's holds (`gitdir: PATH` or `PATH`), which need not be UTF-8."""
    return Path(os.fsdecode(file.read_bytes()).strip().removeprefix("gitdir:").strip())


def _is_git_dir(place: Path) -> bool:
    return (place / "HEAD").is_file() and ((place / "commondir").is_file() or (place / "objects").is_dir())


def _from_git_dir(git_dir: Path, worktree: Path | None) -> Layout | None:
    if not _is_git_dir(git_dir):
        return None
    common = git_dir
    if (git_dir / "commondir").is_file():
        common = (git_dir / path_in(git_dir / "commondir")).resolve()
        link = git_dir / "gitdir"
        worktree = worktree or (path_in(link).parent if link.is_file() else None)
    return Layout(git_dir, common, worktree)


def _behind_session(layout: Layout) -> Layout:
    """From inside a session's worktree: the code worktree it came from, and the session."""
    mark = layout.git_dir / SESSION_MARK
    if not mark.is_file():
        return layout
    said = json.loads(mark.read_text(encoding="utf-8"))
    worktree = Path(said["worktree"]) if said["worktree"] else None
    return Layout(Path(said["git_dir"]), layout.common_dir, worktree, said["session"])


def session_worktrees(layout: Layout) -> Iterator[tuple[str, Layout]]:
    """(session, the code worktree that has its files) of every session with a worktree, wherever that is."""
    for mark in sorted(layout.common_dir.glob(f"worktrees/*/{SESSION_MARK}")):
        try:
            said = json.loads(mark.read_text(encoding="utf-8"))
            worktree = Path(said["worktree"]) if said["worktree"] else None
            yield said["session"], Layout(Path(said["git_dir"]), layout.common_dir, worktree)
        except (OSError, ValueError, KeyError, TypeError):
            continue  # being made, or being removed


def _check_format(common_dir: Path) -> None:
    config = (
        (common_dir / "config").read_text(encoding="utf-8", errors="replace")
        if (common_dir / "config").is_file()
        else ""
    )
    for setting, value in (("objectformat", "sha256"), ("refstorage", "reftable")):
        if re.search(rf"(?im)^\s*{setting}\s*=\s*\"?{value}\b", config):
            raise Failure(
                f"this repository uses {value}, which libgit2 cannot open",
                "keep the memory in a repository of the default format (sha1 objects, files refs)",
            )


def read_ref(layout: Layout, name: str) -> str | None:
    """The commit id a ref points to, following symbolic refs; None where it does not exist."""
    for _ in range(5):
        text = _loose(layout, name) or _packed(layout, name)
        if text is None or not text.startswith("ref: "):
            return text
        name = text.removeprefix("ref: ")
    return None


def _loose(layout: Layout, name: str) -> str | None:
    home = layout.common_dir if name.startswith("refs/") else layout.git_dir
    try:
        return (home / name).read_text(encoding="ascii").strip() or None
    except (OSError, ValueError):
        return None


def _packed(layout: Layout, name: str) -> str | None:
    match = re.search(rb"(?m)^([0-9a-f]{40}) " + re.escape(name.encode()) + rb"$", _packed_refs(layout))
    return match.group(1).decode() if match else None


def _packed_refs(layout: Layout) -> bytes:
    try:
        return (layout.common_dir / "packed-refs").read_bytes()
    except OSError:
        return b""


def list_refs(layout: Layout, prefix: str) -> Iterator[tuple[str, str]]:
    """(name, commit id) of every ref below `prefix` (ends in `/`), sorted by name."""
    names = set(re.findall(rb"(?m)^[0-9a-f]{40} (" + re.escape(prefix.encode()) + rb".+)$", _packed_refs(layout)))
    found = {name.decode() for name in names}
    root = layout.common_dir / prefix
    if root.is_dir():
        files = (path for path in root.rglob("*") if path.is_file() and path.suffix != ".lock")
        found |= {path.relative_to(layout.common_dir).as_posix() for path in files}
    for name in sorted(found):
        if target := read_ref(layout, name):
            yield name, target


def current_branch(layout: Layout) -> str | None:
    """The short name of the branch that is checked out; None where HEAD is detached."""
    head = _loose(layout, "HEAD")
    return head.removeprefix("ref: refs/heads/") if head and head.startswith("ref: refs/heads/") else None
