"""Why a directory that looks like a repository is none: a broken link, a missing part, or no permission to read it."""

from __future__ import annotations

import os

from memcli.errors import Failure, MemError, NoStore
from memcli.git.layout import TREE_DIR, git_dir_at, has_head, path_in

_HEAD_HINT = "restore it: a line 'ref: refs/heads/main' (or the name of your branch)"


def nothing_found(start: str, git_dir: str | None) -> MemError:
    """The error where no repository was found around a directory, or where GIT_DIR names none."""
    if git_dir:
        named = git_dir_at(os.path.join(start, git_dir))
        problem = _problem(named)
        return problem or NoStore(f"GIT_DIR is not a git repository: {git_dir}", "unset it, or correct it")
    directory = start
    while True:
        if problem := _problem(os.path.join(directory, ".git")) or _bare_problem(directory):
            return problem
        above = os.path.dirname(directory)
        if above == directory:
            break
        directory = above
    return NoStore(f"not inside a git repository: {start}", "run 'git init', or point to a repository with '-C DIR'")


def broken_link(entry: str) -> MemError:
    """The error for a file `.git` that does not lead to a git directory. Raises OSError."""
    with open(entry, "rb") as stream:
        is_link = stream.read(7) == b"gitdir:"
    if not is_link:
        return Failure(f"{entry} is damaged: it is not a line 'gitdir: PATH'", "restore it, or clone again")
    target = path_in(entry)
    if os.path.isdir(target):
        return _problem(target) or Failure(f"{entry} leads to {target}, which is no git directory", "correct the path")
    return Failure(f"{entry} leads to {target}, which does not exist", _step_for(os.path.dirname(entry), target))


def _step_for(directory: str, target: str) -> str:
    home, name = os.path.split(directory)
    if os.path.basename(home) == TREE_DIR:
        return f"run 'mem session path --session {name}' in {os.path.dirname(home)} to link it again"
    if os.path.basename(os.path.dirname(target)) == "worktrees":
        return f"if the repository was moved, run 'git worktree repair {directory}' in its new place"
    return "if the git directory was moved, write its new place into the file: 'gitdir: PATH'"


def _problem(git_dir: str) -> MemError | None:
    """What is wrong with a directory that is or was a git directory; None for any other and for a sound one."""
    if not os.path.isdir(git_dir):
        return None
    if not os.access(git_dir, os.R_OK | os.X_OK):
        return Failure(f"cannot read {git_dir}: no permission", "ask its owner for access")
    link = os.path.join(git_dir, "commondir")
    common = path_in(link) if os.path.isfile(link) else git_dir
    if not os.path.isdir(common):
        hint = f"if the repository was moved, write its new place into {link}"
        return Failure(f"the git directory {common}, which {link} names, does not exist", hint)
    parts = [name for name in ("objects", "refs") if os.path.isdir(os.path.join(common, name))]
    if not parts:
        return None
    return _head_problem(git_dir) or _missing_part(common, parts)


def _bare_problem(directory: str) -> MemError | None:
    """The same for a directory of any name, which has to look like a git directory."""
    has_parts = all(os.path.isdir(os.path.join(directory, name)) for name in ("objects", "refs"))
    return _head_problem(directory) if has_parts else None


def _head_problem(git_dir: str) -> MemError | None:
    file = os.path.join(git_dir, "HEAD")
    if not os.path.lexists(file):
        return Failure(f"{file} is missing", _HEAD_HINT)
    if not os.access(file, os.R_OK):
        return Failure(f"cannot read {file}: no permission", "ask its owner for access")
    return None if has_head(git_dir) else Failure(f"{file} names neither a branch nor a commit", _HEAD_HINT)


def _missing_part(common: str, parts: list[str]) -> MemError | None:
    missing = next((name for name in ("objects", "refs") if name not in parts), None)
    if missing is None:
        return None
    return Failure(f"{os.path.join(common, missing)} is missing", "restore it from a backup, or clone again")
