"""Where a repository keeps its things: its directories, found with plain files.

Contract: nothing here starts git, writes a file or imports more than `os` at the start, and directories are plain text:
a hook that only records has the time of a few bare starts of Python (pathlib costs a third of one, dataclasses two
thirds).
"""

from __future__ import annotations

import os
from collections.abc import Iterator

INTENT = "intent"
"""File in `Layout.mem_dir` of an operation that is being published, or was when its process died."""
TREE_DIR = ".mem"
"""The one directory in the user's tree that is ours."""
SESSION_MARK = "mem-session"
"""File in the git directory of a session's worktree: which session, and which code worktree it came from."""


class Layout:
    """The directories of one repository as seen from one worktree.

    `worktree` is empty in a bare repository, `inside_session` unless the caller stands in a session's own files.
    """

    def __init__(self, git_dir: str, common_dir: str, worktree: str = "", inside_session: str = "") -> None:
        self.git_dir, self.common_dir, self.worktree = git_dir, common_dir, worktree
        self.inside_session = inside_session

    @property
    def mem_dir(self) -> str:
        return os.path.join(self.common_dir, "mem")

    @property
    def tree_dir(self) -> str:
        """`TREE_DIR` of the worktree; in a bare repository, a directory below the common one."""
        return os.path.join(self.worktree, TREE_DIR) if self.worktree else os.path.join(self.mem_dir, "worktrees")


def discover(start: str | os.PathLike[str], git_dir: str | None = None) -> Layout:
    """The repository that `find` gives. Raises NoStore where there is none, Failure for a format we cannot open."""
    from memcli.errors import NoStore

    layout = find(start, git_dir)
    if layout is None:
        raise NoStore(f"not inside a git repository: {start}", "run 'git init', or point to a repository with '-C DIR'")
    _check_format(layout)
    return layout


def find(start: str | os.PathLike[str], git_dir: str | None = None) -> Layout | None:
    """The repository around a directory, or the one that `git_dir` (the value of GIT_DIR) names; None where there is
    none. From inside a session's files: the code worktree that the session belongs to. Raises OSError."""
    start = os.path.realpath(start)
    layout = _around(start)
    if git_dir:
        named = _git_dir_at(os.path.join(start, git_dir))
        if layout is None or layout.git_dir != named:
            layout = _opened(named, _worktree_around(named))
    return _code_layout(layout) if layout else None


def _around(directory: str) -> Layout | None:
    while True:
        entry = os.path.join(directory, ".git")
        if os.path.exists(entry):
            return _opened(_git_dir_at(entry), directory)
        if _is_git_dir(directory):
            return _opened(directory)
        above = os.path.dirname(directory)
        if above == directory:
            return None
        directory = above


def _git_dir_at(entry: str) -> str:
    """The git directory at a path; a `.git` that is a file names it: `gitdir: PATH`."""
    return os.path.realpath(path_in(entry) if os.path.isfile(entry) else entry)


def path_in(file: str | os.PathLike[str]) -> str:
    """The path that a file of git's holds (`gitdir: PATH` or `PATH`, relative to the file or not). Raises OSError."""
    with open(file, "rb") as stream:
        text = os.fsdecode(stream.read(1 << 13)).strip().removeprefix("gitdir:").strip()
    return os.path.join(os.path.dirname(file), text)


def _is_git_dir(directory: str) -> bool:
    has_objects = os.path.isdir(os.path.join(directory, "objects"))
    return os.path.isfile(os.path.join(directory, "HEAD")) and (has_objects or _is_linked(directory))


def _is_linked(git_dir: str) -> bool:
    return os.path.isfile(os.path.join(git_dir, "commondir"))


def _opened(git_dir: str, worktree: str = "") -> Layout | None:
    if not _is_git_dir(git_dir):
        return None
    if not _is_linked(git_dir):
        return Layout(git_dir, git_dir, worktree)
    common = os.path.realpath(path_in(os.path.join(git_dir, "commondir")))
    return Layout(git_dir, common, worktree or _worktree_of(git_dir))


def _worktree_of(git_dir: str) -> str:
    """The linked worktree that a git directory belongs to; empty where that is not (or no longer) noted."""
    try:
        return os.path.dirname(os.path.normpath(path_in(os.path.join(git_dir, "gitdir"))))
    except OSError:
        return ""


def _worktree_around(git_dir: str) -> str:
    """The directory whose `.git` a git directory is; empty for a bare repository and a git directory elsewhere."""
    return os.path.dirname(git_dir) if os.path.basename(git_dir) == ".git" else ""


def all_worktrees(layout: Layout) -> Iterator[tuple[str, str]]:
    """(git directory, worktree) of the main worktree, which may be unknown and so empty, then of the linked ones."""
    yield layout.common_dir, _worktree_around(layout.common_dir)
    yield from linked_worktrees(layout)


def linked_worktrees(layout: Layout) -> Iterator[tuple[str, str]]:
    """(git directory, worktree) of every linked worktree that the repository knows, sorted; it need not exist."""
    home = os.path.join(layout.common_dir, "worktrees")
    try:
        names = sorted(os.listdir(home))
    except OSError:
        return
    for name in names:
        git_dir = os.path.join(home, name)
        if worktree := _worktree_of(git_dir):
            yield git_dir, worktree


def session_worktrees(layout: Layout) -> Iterator[tuple[str, Layout]]:
    """(session, the code worktree that has its files) of every session with a worktree, wherever that is."""
    for git_dir, _ in linked_worktrees(layout):
        if mark := _session_mark(git_dir):
            yield mark["session"], Layout(mark["git_dir"], layout.common_dir, mark["worktree"])


def _code_layout(layout: Layout) -> Layout:
    mark = _session_mark(layout.git_dir)
    return Layout(mark["git_dir"], layout.common_dir, mark["worktree"], mark["session"]) if mark else layout


def _session_mark(git_dir: str) -> dict[str, str] | None:
    """`session`, `git_dir` and `worktree` as noted in a session's worktree; None in any other, or half made."""
    try:
        with open(os.path.join(git_dir, SESSION_MARK), encoding="utf-8") as stream:
            text = stream.read()
        import json

        mark = json.loads(text)
        return {name: str(mark[name]) for name in ("session", "git_dir", "worktree")}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _check_format(layout: Layout) -> None:
    import re

    from memcli.errors import Failure

    for setting, value in (("objectformat", "sha256"), ("refstorage", "reftable")):
        if re.search(rf"(?im)^\s*{setting}\s*=\s*\"?{value}\b", config_text(layout.common_dir)):
            raise Failure(
                f"this repository uses {value}, which libgit2 cannot open",
                "keep the memory in a repository of the default format (sha1 objects, files refs)",
            )


def config_text(directory: str, name: str = "config") -> str:
    """A config file of git's as it stands; empty where there is none."""
    try:
        with open(os.path.join(directory, name), encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except OSError:
        return ""
