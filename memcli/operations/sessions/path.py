"""`mem session path`: the session's worktree, with more memories brought into it as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from memcli.branch import FRONT_PAGE, is_memory_path
from memcli.core.session.state import Session
from memcli.git.worktrees import Worktree
from memcli.operations.views.reader import Reader
from memcli.operations.writing.session_files import refresh
from memcli.operations.writing.transaction import drain_before_reading
from memcli.workspace import Workspace


def prepare_worktree(workspace: Workspace, name: str, ids: Sequence[str] = (), everything: bool = False) -> Path:
    """Make the worktree where it is missing and bring memories into it: its candidates, those named, or all."""
    drain_before_reading(workspace)
    session = workspace.sessions.load(name)
    worktree = Worktree(workspace.layout, workspace.odb, name)
    if not worktree.exists:
        worktree.create(session.tip)
    tree = workspace.odb.files(workspace.store.tree_of(session.tip))
    wanted = _wanted(workspace, session, list(tree), ids, everything)
    absent = {path: tree[path] for path in wanted if path in tree and not (worktree.path / path).exists()}
    worktree.write({path: workspace.odb.blob(blob) for path, blob in absent.items()})
    refresh(workspace, worktree, name)
    _turn_page(workspace, worktree, name)
    return worktree.path


def _turn_page(workspace: Workspace, worktree: Worktree, name: str) -> None:
    """Take the lines of what is excluded out of the front page: whoever works here reads it."""
    kept, page = Reader(workspace).excluded_files(name), worktree.read(FRONT_PAGE)
    if kept and page:
        lines = page.decode("utf-8", "replace").splitlines(keepends=True)
        public = "".join(line for line in lines if not any(f"]({path}) " in line for path in kept)).encode()
        worktree.write({FRONT_PAGE: public} if public != page else {})


def _wanted(
    workspace: Workspace, session: Session, paths: Sequence[str], ids: Sequence[str], everything: bool
) -> list[str]:
    if everything:
        kept = Reader(workspace).excluded_files(session.name)
        return [path for path in paths if (is_memory_path(path) and path not in kept) or path == FRONT_PAGE]
    named = []
    if ids:
        reader = Reader(workspace)
        with reader.view(session.name) as view:
            named = [reader.visibility.find(view, text).path for text in ids]
    return [FRONT_PAGE, *(one.path for one in workspace.sessions.candidates(session)), *named]
