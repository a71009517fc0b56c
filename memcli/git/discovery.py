"""Finding the repository around a directory, with plain files and as git finds it.

Contract: nothing here writes a file, and git is only started to ask whether it accepts a repository that is not all
the caller's own. Imports only `os` at the start: hooks that only record use it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from memcli.git.layout import (
    TREE_DIR,
    Layout,
    code_layout,
    git_dir_at,
    is_git_dir,
    layout_at,
    leads_to,
    marked_session,
    session_entry,
    text_of_file,
    worktree_around,
)


def discover(
    start: str | os.PathLike[str], git_dir: str | None = None, settings: Mapping[str, str] | None = None
) -> Layout:
    """The repository that `find` gives. Raises NoStore where there is none, Failure where it cannot be used."""
    layout = find(start, git_dir, settings)
    if layout is None:
        from memcli.git.broken_repository import nothing_found

        raise nothing_found(os.path.realpath(start), git_dir)
    _check_format(layout)
    return layout


def find(
    start: str | os.PathLike[str], git_dir: str | None = None, settings: Mapping[str, str] | None = None
) -> Layout | None:
    """The repository around a directory, or the one that `git_dir` (the value of GIT_DIR) names; None where there is
    none. From inside a session's files: the code worktree that the session belongs to.

    `settings`: variables with git configuration, for `ownership`. Raises OSError; Failure for a broken link, and where
    git refuses the repository."""
    start = os.path.realpath(start)
    if git_dir:  # as git does, whoever owns it
        named = git_dir_at(os.path.join(start, git_dir))
        layout = layout_at(named, _worktree_above(start, named) or worktree_around(named))
    else:
        layout = _around(start, settings)
    return code_layout(layout) if layout else None


def _worktree_above(directory: str, git_dir: str) -> str:
    """The directory at or above this one that belongs to a git directory; empty where there is none."""
    while not leads_to(directory, git_dir):
        above = os.path.dirname(directory)
        if above == directory:
            return ""
        directory = above
    return directory


def _around(directory: str, settings: Mapping[str, str] | None) -> Layout | None:
    """A link that leads nowhere is an error; a `.git` directory that is no git directory is passed over."""
    while True:
        entry = os.path.join(directory, ".git")
        if os.path.isfile(entry):
            return _session_files(directory, settings) or _accepted(_linked(directory), entry, settings)
        if is_git_dir(entry):
            return _accepted(layout_at(os.path.realpath(entry), directory), entry, settings)
        if is_git_dir(directory):
            return _accepted(layout_at(directory), "", settings)
        above = os.path.dirname(directory)
        if above == directory:
            return None
        directory = above


def _linked(directory: str) -> Layout:
    """The repository that the file `.git` of a directory leads to. Raises Failure where it leads nowhere."""
    entry = os.path.join(directory, ".git")
    layout = layout_at(git_dir_at(entry), directory)
    if layout is None:
        from memcli.git.broken_repository import broken_link

        raise broken_link(entry)
    return layout


def _accepted(layout: Layout | None, link: str, settings: Mapping[str, str] | None) -> Layout | None:
    """The repository, if all of it is the caller's own; about any other, and about a bare one, which the caller's
    configuration may exclude, git decides. Raises Failure where git refuses it."""
    if layout is None:
        return None
    places = [place for place in (link, layout.worktree, layout.git_dir) if place]
    if not layout.worktree or any(os.lstat(place).st_uid != os.geteuid() for place in places):
        from memcli.git.ownership import refuse_as_git_does

        refuse_as_git_does(layout.worktree or layout.git_dir, settings or {})
    return layout


def _session_files(directory: str, settings: Mapping[str, str] | None) -> Layout | None:
    """In the directory of a session's files: the code worktree above it, whatever the directory's own link says, which
    is broken after a move and leads to the original in a copy. None in any other directory."""
    home, session = os.path.split(directory)
    is_in_tree = os.path.basename(home) == TREE_DIR
    if not is_in_tree and not home.endswith(os.path.join(os.sep + "mem", "worktrees")):
        return None
    code = _around(os.path.dirname(home), settings)
    if code is None or code.tree_dir != home:
        return None
    entry = session_entry(code, session) or git_dir_at(os.path.join(directory, ".git"))
    return Layout(code.git_dir, code.common_dir, code.worktree, session) if marked_session(entry) == session else None


def _check_format(layout: Layout) -> None:
    """Raises Failure for a format that libgit2 cannot open, and where the configuration cannot be read."""
    import re

    from memcli.errors import Failure

    config = os.path.join(layout.common_dir, "config")
    if os.path.exists(config) and not os.access(config, os.R_OK):
        raise Failure(f"cannot read {config}: no permission", "ask its owner for access")
    for setting, value in (("objectformat", "sha256"), ("refstorage", "reftable")):
        if re.search(rf"(?im)^\s*{setting}\s*=\s*\"?{value}\b", text_of_file(layout.common_dir)):
            raise Failure(
                f"this repository uses {value}, which libgit2 cannot open",
                "keep the memory in a repository of the default format (sha1 objects, files refs)",
            )
