"""Where a repository keeps its things: its directories, its worktrees and the links between them, as plain files.

Contract: nothing here starts git, writes a file or imports more than `os` at the start, and directories are plain text:
a hook that only records has the time of a few bare starts of Python (pathlib costs a third of one, dataclasses two
thirds).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

INTENT = "intent"
"""File in `Layout.mem_dir` of an operation that is being published, or was when its process died."""
TREE_DIR = ".mem"
"""The one directory in the user's tree that is ours."""
SESSION_MARK = "mem-session"
"""File in the git directory of a session's worktree: which session, and which code worktree it came from, relative to
the common directory. So a repository may be moved, and a copy never leads to the original."""


class Layout:
    """The directories of one repository as seen from one worktree.

    `worktree` is empty in a bare repository, `inside_session` unless the caller stands in a session's own files;
    `moved_refs` has the refs that are read as if they had been moved already (None: deleted).
    """

    def __init__(self, git_dir: str, common_dir: str, worktree: str = "", inside_session: str = "") -> None:
        self.git_dir, self.common_dir, self.worktree = git_dir, common_dir, worktree
        self.moved_refs: dict[str, str | None] = {}
        self.inside_session = inside_session

    @property
    def mem_dir(self) -> str:
        return os.path.join(self.common_dir, "mem")

    @property
    def tree_dir(self) -> str:
        """`TREE_DIR` of the worktree; in a bare repository, a directory below the common one."""
        return os.path.join(self.worktree, TREE_DIR) if self.worktree else os.path.join(self.mem_dir, "worktrees")


def layout_at(git_dir: str, worktree: str = "") -> Layout | None:
    """The layout of a git directory; None where git would not take it for one. Raises OSError."""
    if not is_git_dir(git_dir):
        return None
    common = _common_dir(git_dir)
    return Layout(git_dir, common, worktree or (noted_worktree(git_dir) if common != git_dir else ""))


def is_git_dir(directory: str) -> bool:
    """Whether git takes a directory for a git directory. Raises OSError."""
    if not has_head(directory):
        return False
    common = _common_dir(directory)
    return all(os.path.isdir(os.path.join(common, name)) for name in ("objects", "refs"))


def has_head(directory: str) -> bool:
    """Whether a directory holds a HEAD that can be read and names a branch or a commit."""
    file = os.path.join(directory, "HEAD")
    try:
        with open(file, "rb") as stream:
            head = stream.read(1 << 8)
    except OSError:
        return os.path.islink(file) and os.readlink(file).startswith("refs/")
    if head.startswith(b"ref:"):
        return head[len(b"ref:") :].lstrip().startswith(b"refs/")
    return len(head) >= 40 and not head[:40].strip(b"0123456789abcdef")


def _common_dir(git_dir: str) -> str:
    """The directory that a git directory shares with the others of its repository; itself where it is the main one."""
    try:
        return os.path.realpath(path_in(os.path.join(git_dir, "commondir")))
    except FileNotFoundError:
        return git_dir


def git_dir_at(entry: str) -> str:
    """The git directory at a path; a `.git` that is a file names it: `gitdir: PATH`. Raises OSError."""
    return os.path.realpath(path_in(entry) if os.path.isfile(entry) else entry)


def path_in(file: str | os.PathLike[str]) -> str:
    """The path that a file of git's holds (`gitdir: PATH` or `PATH`, relative to the file or not). Raises OSError."""
    with open(file, "rb") as stream:
        text = os.fsdecode(stream.read(1 << 13)).strip().removeprefix("gitdir:").strip()
    return os.path.join(os.path.dirname(file), text)


def leads_to(worktree: str, git_dir: str) -> bool:
    """Whether the `.git` of a directory is this git directory, or leads there: after a copy a worktree is noted in two
    repositories, and belongs to one."""
    try:
        return bool(worktree) and os.path.samefile(git_dir_at(os.path.join(worktree, ".git")), git_dir)
    except OSError:
        return False


def worktree_around(git_dir: str) -> str:
    """The directory whose `.git` a git directory is; empty for a bare repository and a git directory elsewhere."""
    return os.path.dirname(git_dir) if os.path.basename(git_dir) == ".git" else ""


def noted_worktree(git_dir: str) -> str:
    """The directory that git has noted for a linked worktree; it need not exist, or may be another repository's."""
    try:
        return os.path.dirname(os.path.normpath(path_in(os.path.join(git_dir, "gitdir"))))
    except OSError:
        return ""


def all_worktrees(layout: Layout) -> Iterator[tuple[str, str]]:
    """(git directory, worktree) of the main worktree, then of the linked ones; the worktree is empty where it is not
    known, not there or another repository's."""
    yield layout.common_dir, worktree_around(layout.common_dir)
    yield from linked_worktrees(layout)


def linked_worktrees(layout: Layout) -> Iterator[tuple[str, str]]:
    """(git directory, worktree) of every linked worktree, sorted; the worktree is empty as in `all_worktrees`."""
    for git_dir in _entries(layout):
        worktree = noted_worktree(git_dir)
        yield git_dir, worktree if leads_to(worktree, git_dir) else ""


def _entries(layout: Layout) -> list[str]:
    """The git directories of the linked worktrees, sorted."""
    home = os.path.join(layout.common_dir, "worktrees")
    try:
        return [os.path.join(home, name) for name in sorted(os.listdir(home))]
    except OSError:
        return []


def session_worktrees(layout: Layout) -> Iterator[tuple[str, Layout]]:
    """(session, the code worktree that has its files) of every session with a worktree, where that one is there."""
    for git_dir in _entries(layout):
        mark = _session_mark(git_dir)
        code = _code_worktree(layout, mark) if mark else None
        if mark and code:
            yield mark["session"], code


def marked_session(git_dir: str) -> str:
    """The session whose worktree a git directory belongs to; empty for any other."""
    mark = _session_mark(git_dir)
    return mark["session"] if mark else ""


def session_entry(layout: Layout, session: str) -> str | None:
    """The git directory of the worktree that a session has below `Layout.tree_dir`; None where git knows of none.

    The name alone tells nothing: a user's worktree may have it too."""
    place = os.path.join(layout.tree_dir, session)
    for git_dir in _entries(layout):
        mark = _session_mark(git_dir)
        is_marked = mark and (mark["session"], _path_from(layout, mark["git_dir"])) == (session, layout.git_dir)
        if is_marked and (leads_to(place, git_dir) or is_noted_as_session(git_dir, session)):
            return git_dir
    return None


def is_noted_as_session(git_dir: str, session: str) -> bool:
    """Whether git has noted, for a linked worktree, a directory where we keep a session's files."""
    homes = (TREE_DIR, os.path.join("mem", "worktrees"))
    return any(noted_worktree(git_dir).endswith(os.path.join(os.sep + home, session)) for home in homes)


def code_layout(layout: Layout) -> Layout:
    """For a session's own worktree, the code worktree that it came from, if that is there; else the layout itself."""
    mark = _session_mark(layout.git_dir)
    code = _code_worktree(layout, mark) if mark else None
    return Layout(code.git_dir, code.common_dir, code.worktree, mark["session"]) if mark and code else layout


def _code_worktree(layout: Layout, mark: Mapping[str, str]) -> Layout | None:
    """The code worktree that a mark names; None where it is not there."""
    common, git_dir = layout.common_dir, _path_from(layout, mark["git_dir"])
    if git_dir == layout.git_dir:
        return Layout(git_dir, common, layout.worktree)
    if not mark["worktree"]:
        return Layout(git_dir, common) if is_git_dir(git_dir) else None
    main = worktree_around(common) or _path_from(layout, mark["worktree"])
    worktree = main if git_dir == common else noted_worktree(git_dir)
    return Layout(git_dir, common, worktree) if leads_to(worktree, git_dir) else None


def _path_from(layout: Layout, relative: str) -> str:
    return os.path.normpath(os.path.join(layout.common_dir, relative))


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


def session_mark(layout: Layout, session: str) -> bytes:
    """The content of `SESSION_MARK` for a session with files in this code worktree."""
    import json

    git_dir = os.path.relpath(layout.git_dir, layout.common_dir)
    worktree = os.path.relpath(layout.worktree, layout.common_dir) if layout.worktree else ""
    return json.dumps({"session": session, "git_dir": git_dir, "worktree": worktree}).encode()


def shallow_commits(layout: Layout) -> frozenset[str]:
    """The commits at which the history of a shallow clone ends."""
    return frozenset(text_of_file(layout.common_dir, "shallow").split())


def text_of_file(directory: str, name: str = "config") -> str:
    """A file of git's as it stands, such as its configuration; empty where there is none."""
    try:
        with open(os.path.join(directory, name), encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except OSError:
        return ""
