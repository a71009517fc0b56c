"""`mem session path`: the session's worktree, with more memories brought into it as files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from memcli.branch import FRONT_PAGE, is_memory_path
from memcli.core.memory.anchors import blob_id
from memcli.core.session.state import Session
from memcli.git.odb import Odb
from memcli.git.worktrees import Worktree
from memcli.operations.views.reader import Reader
from memcli.operations.writing.known_files import KnownFile
from memcli.operations.writing.session_files import PATIENCE, SessionFiles
from memcli.operations.writing.session_home import session_home
from memcli.operations.writing.transaction import drain_before_reading
from memcli.operations.writing.worktree_sync import follow_session
from memcli.workspace import Workspace


def prepare_worktree(
    workspace: Workspace,
    name: str,
    ids: Sequence[str] = (),
    everything: bool = False,
    patience: float = PATIENCE,
) -> Path:
    """Create the session's worktree where it is missing, and bring in its candidates and the memories named, or all.

    Raises NotFound where the session is not open, or a memory is not known; Busy after `patience` seconds.
    """
    drain_before_reading(workspace)
    session = workspace.sessions.load(name)
    if session.standing:  # it is the person's in every worktree of the code, and its files are in one of them
        workspace = session_home(workspace, name) or workspace
    odb, reader = workspace.odb, Reader(workspace)
    files = SessionFiles(Worktree(workspace.layout, odb, name), patience)
    tree, excluded = odb.files(workspace.store.tree_of(session.tip)), reader.excluded_files(name)
    if everything:
        paths = [path for path in tree if is_memory_path(path) and path not in excluded]
    else:
        candidates = [candidate.path for candidate in workspace.sessions.candidates(session)]
        paths = [*candidates, *_paths_of(reader, name, ids)]
    with files.locked():
        _create_missing(files, session)
        _write_absent(odb, files, tree, [FRONT_PAGE, *paths])
        follow_session(workspace.store, workspace.oplog, files, name)
        _hide_excluded(files, tree, excluded)
    return files.worktree.path


def _create_missing(files: SessionFiles, session: Session) -> None:
    """Create the worktree where git does not know it; files that are there count as changes, unless they are known."""
    worktree = files.worktree
    if not worktree.is_registered:
        if not worktree.path.exists():
            files.known.forget()
        worktree.create(session.base if worktree.path.exists() else session.tip)


def _paths_of(reader: Reader, session: str, ids: Sequence[str]) -> list[str]:
    """The files of memories by their ids."""
    if not ids:
        return []
    with reader.view(session) as view:
        return [reader.visibility.find(view, text).path for text in ids]


def _write_absent(odb: Odb, files: SessionFiles, tree: Mapping[str, str], paths: Iterable[str]) -> None:
    """Write those files of a tree that the worktree does not have."""
    for path in dict.fromkeys(paths):
        if path in tree and not (files.worktree.path / path).exists():
            files.create(path, odb.blob(tree[path]), tree[path])


def _hide_excluded(files: SessionFiles, tree: Mapping[str, str], excluded: Collection[str]) -> None:
    """Remove the lines about excluded memories from the front page, which agents read here."""
    page, blob = files.worktree.read(FRONT_PAGE), tree.get(FRONT_PAGE)
    if excluded and page:
        lines = page.decode("utf-8", "replace").splitlines(keepends=True)
        visible = "".join(line for line in lines if not any(f"]({path}) " in line for path in excluded)).encode()
        if visible != page and files.replace(FRONT_PAGE, page, visible, files.known.of(FRONT_PAGE, blob)):
            files.known.note(FRONT_PAGE, KnownFile(blob_id(visible), blob or ""))
