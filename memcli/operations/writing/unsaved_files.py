"""What a session's worktree holds that is in no commit: files that no save can take, strays, files
whose save was undone, and what is not saved yet.

A session with such files does not end: they would stay behind unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from memcli.branch import FRONT_PAGE
from memcli.core.finding import INFO, Finding, Problem
from memcli.core.review.checks.check_registry import BY_NAME
from memcli.git.worktrees import Worktree
from memcli.operations.writing.edited_files import EditedFile
from memcli.operations.writing.session_files import SessionFiles
from memcli.operations.writing.session_home import session_home
from memcli.operations.writing.worktree_edits import WorktreeEdits, read_edits
from memcli.workspace import Workspace


@dataclass(frozen=True)
class UnsavedFiles:
    """What a worktree has beyond its session, as problems with path, line and next step."""

    session: str
    edits: WorktreeEdits

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of it."""
        return (*_refused(self.edits), *_changed(self.edits, self.session))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of it, as findings."""
        return _findings(self.problems)

    @property
    def undone(self) -> tuple[Finding, ...]:
        """The findings about files whose save was undone."""
        return _findings(_undone(self.edits))

    @property
    def refused(self) -> tuple[Finding, ...]:
        """The findings about files that no save takes as they are."""
        return _findings(_refused(self.edits))


def unsaved_files(workspace: Workspace, session: str) -> UnsavedFiles:
    """The files of a session that are in no commit; none where it has no worktree or has ended."""
    home = session_home(workspace, session)
    if home is None:
        return UnsavedFiles(session, WorktreeEdits((), ()))
    files = SessionFiles(Worktree(home.layout, home.odb, session))
    return UnsavedFiles(session, read_edits(home, files, session))


def findings_beside_edits(edits: WorktreeEdits) -> tuple[Finding, ...]:
    """The findings about files that can be no memories, and about those whose save was undone."""
    return _findings((*_strays(edits), *_undone(edits)))


def _findings(problems: Iterable[Problem]) -> tuple[Finding, ...]:
    return tuple(BY_NAME["unsaved"].findings("", problems))


def _refused(edits: WorktreeEdits) -> Iterator[Problem]:
    """Files that no save takes as they are: they are to be corrected, moved or changed."""
    for file in edits.files:
        if file.is_unreadable:
            yield from _unreadable(file)
    yield from _strays(edits)
    yield from _undone(edits)


def _unreadable(file: EditedFile) -> Iterator[Problem]:
    """What is wrong with a file that should be a memory or the policy."""
    path = file.file.name
    for finding in file.findings:
        if finding.severity != INFO:
            yield Problem(f"{path}: not saved: {finding.message.removeprefix(path).lstrip(': ')}", finding.next)


def _strays(edits: WorktreeEdits) -> Iterator[Problem]:
    """Files that can be no memories; no candidate waits for them."""
    step = "move it to <kind>/<topic>/<name>.md to make a memory of it, or out of the session's directory"
    for path in edits.strays:
        yield Problem(f"{path}: not saved: it is {_kind_of_stray(path)}", step, INFO)


def _kind_of_stray(path: str) -> str:
    if path == FRONT_PAGE:
        return "derived from the memories, and was written into"
    return "a repository of its own" if path.endswith("/.git") else "not a memory's file"


def _undone(edits: WorktreeEdits) -> Iterator[Problem]:
    """Files that are as they were saved, before that was undone."""
    step = "change it to save it again, or delete it (or restore what it was before)"
    for path in edits.undone:
        yield Problem(f"{path}: not saved: its save was undone", step, INFO)


def _changed(edits: WorktreeEdits, session: str) -> Iterator[Problem]:
    """What was written since the last save."""
    for path in edits.paths:
        yield Problem(f"{path}: not saved yet", f"'mem session save {session}' saves it", INFO)
