"""A session's worktree on its way with the session: its files follow the tip, and go when the session has ended."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from memcli.branch import FRONT_PAGE, SESSIONS
from memcli.core.memory.anchors import blob_id
from memcli.core.text.first_few import first_few
from memcli.errors import MemError
from memcli.git.layout import Layout
from memcli.git.odb import Odb
from memcli.git.ref_files import read_ref
from memcli.git.worktrees import Worktree
from memcli.operations.writing.known_files import KnownFile
from memcli.operations.writing.session_files import SAVED, SHORT_PATIENCE, SessionFiles
from memcli.operations.writing.undone_saves import UndoneSaves
from memcli.state.oplog import Oplog
from memcli.store import Store

_MOST_NAMED = 5
"""Files that a warning names."""


def written_from(store: Store, worktree: Worktree, session: str) -> str:
    """The commit that the files were written from: HEAD, or where it left the session if somebody has committed here
    by hand."""
    head = worktree.head
    tip = read_ref(worktree.layout, SESSIONS + session) or head
    if store.odb.is_ancestor(head, tip):
        return head
    return store.odb.merge_base(head, tip) or tip


def follow_session(store: Store, oplog: Oplog, files: SessionFiles, session: str) -> None:
    """Let HEAD, the index and the files nobody has changed since they were read follow the session's tip.

    A file whose save was undone stays. Where a changed file cannot follow, HEAD stays: it is the base that the next
    save compares files with. Call it with the files locked.
    """
    worktree, tip = files.worktree, read_ref(files.worktree.layout, SESSIONS + session)
    if tip is None:
        return
    before, after = (store.tree_of(commit) for commit in (written_from(store, worktree, session), tip))
    paths = {*files.known, *(delta.path for delta in store.odb.diff(before, after))}
    present = [path for path in sorted(paths) if (worktree.path / path).exists()]
    undone = UndoneSaves(store, oplog, files, session)
    followed = [_follow_file(undone, path, (before, after)) for path in present]
    if all(followed):
        worktree.follow(tip, store.odb.files(after))


def _follow_file(undone: UndoneSaves, path: str, trees: tuple[str, str]) -> bool:
    """Bring one file from a tree to another; False where somebody has changed it since it was read. A file that its
    author has only just written stays as it is until later."""
    store, files = undone.store, undone.files
    old, wanted = (store.odb.file(tree, path) for tree in trees)
    known, data = files.known.of(path, old), files.worktree.read(path)
    if wanted is None or (path == FRONT_PAGE and wanted == known.text):
        return True
    if data is None:
        return False
    if blob_id(data) != wanted:
        if not known.holds(data):
            return path == FRONT_PAGE  # nothing is compared with it
        if undone.of(path, known):
            return True
        may_replace = known.is_ours or files.is_quiet(path)
        if not may_replace or not files.replace(path, data, store.odb.blob(wanted), known):
            return True  # what is known of it says what the next save compares it with
    following = KnownFile(wanted, wanted, op=known.op)
    if known != following:
        files.known.note(path, following)
    return True


def remove_if_saved(store: Store, worktree: Worktree, tip: str) -> tuple[str, ...]:
    """Remove the worktree of a session that ended at a tip, unless something in it is in no commit.

    Returns the warnings about what stays and why; none where the directory is gone.
    """
    settle_removed(worktree.layout, store.odb)
    if not worktree.exists:
        return ()
    files = SessionFiles(worktree, SHORT_PATIENCE)
    try:
        with files.locked():
            left = _removed(files, store.odb.files(store.tree_of(tip)))
    except (MemError, OSError) as error:  # the work is done; a directory that stays is no reason to call it failed
        return (f"{worktree.path} stays: {getattr(error, 'message', error)}",)
    return (f"{worktree.path} stays: not saved {first_few(left, _MOST_NAMED)}",) if left else ()


def settle_removed(layout: Layout, odb: Odb) -> None:
    """Delete what is kept of sessions whose worktrees are gone, once nobody can write to it any more."""
    for home in Path(layout.tree_dir, SAVED).glob("*"):
        worktree = Worktree(layout, odb, home.name)
        if not worktree.exists:
            with suppress(MemError, OSError):
                SessionFiles(worktree, SHORT_PATIENCE).settle()


def unsaved_paths(files: SessionFiles, blobs: Mapping[str, str]) -> list[str]:
    """The files that hold something else than the tip, whose {path: blob} are given, or than what was recorded."""
    known = {path: _saved(files, path, blobs.get(path, "")) for path in files.paths()}
    unsaved = [path for path, file in known.items() if not files.holds(path, file)]
    unsaved += [displaced.path for displaced in files.displaced if displaced.is_unsaved]
    return list(dict.fromkeys(unsaved))


def _removed(files: SessionFiles, blobs: Mapping[str, str]) -> list[str]:
    """What stays; nothing is taken away unless all of it is saved."""
    unsaved = unsaved_paths(files, blobs)
    if unsaved:
        return unsaved
    for path in files.paths():
        files.take_away(path, _saved(files, path, blobs.get(path, "")))
    files.delete_leftovers()
    if not files.worktree.remove():
        return files.worktree.files() or ["something written just now"]
    files.known.forget()
    return []


def _saved(files: SessionFiles, path: str, blob: str) -> KnownFile:
    """What a file may hold to be saved: what the tip has there, or what was read when that was recorded."""
    known = files.known.of(path, blob)
    return known if known.text == blob or path == FRONT_PAGE else KnownFile(blob, blob)
