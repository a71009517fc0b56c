"""Which repository a directory belongs to, told with plain files and as plain text: all that a recording hook needs.

`repo.layout` says the same with types, for everybody who has the time to import them.
"""

from __future__ import annotations

import os

Where = tuple[str, str, str]
"""Git directory, common directory, worktree (empty where bare)."""
SESSION_MARK = "mem-session"
"""File in the git directory of a session's worktree: which session, and which code worktree it came from."""


def find(start: str) -> Where | None:
    """(git directory, common directory, worktree; empty where bare) around a directory; None outside of any."""
    place = os.path.realpath(start)
    while True:
        named = os.path.join(place, ".git")
        if os.path.exists(named):
            return _opened(_behind(named), place)
        if _is_git_dir(place):
            return _opened(place, "")
        above = os.path.dirname(place)
        if above == place:
            return None
        place = above


def _behind(named: str) -> str:
    """A `.git` that is a file names the directory."""
    if os.path.isdir(named):
        return named
    return os.path.realpath(os.path.join(os.path.dirname(named), _path_in(named)))


def _path_in(file: str) -> str:
    with open(file, "rb") as stream:
        return os.fsdecode(stream.read(8192)).strip().removeprefix("gitdir:").strip()


def _is_git_dir(place: str) -> bool:
    inside = ("commondir", "objects")
    return os.path.isfile(f"{place}/HEAD") and any(os.path.exists(f"{place}/{name}") for name in inside)


def _opened(git_dir: str, worktree: str) -> tuple[str, str, str] | None:
    if not _is_git_dir(git_dir):
        return None
    shared = os.path.join(git_dir, "commondir")
    common = os.path.realpath(os.path.join(git_dir, _path_in(shared))) if os.path.isfile(shared) else git_dir
    return git_dir, common, worktree


def has_store(common: str) -> bool:
    """Whether memory was set up here: its branch, whatever it is called, or anything of mem's beside it."""
    return os.path.isdir(os.path.join(common, "mem"))
