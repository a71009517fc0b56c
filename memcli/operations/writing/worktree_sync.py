"""A session's worktree on its way with the session: its files follow the tip, and go when the session has ended."""

from __future__ import annotations

from collections.abc import Mapping

from memcli.branch import FRONT_PAGE, SESSIONS
from memcli.errors import MemError
from memcli.git.objects import Delta
from memcli.git.ref_files import read_ref
from memcli.git.worktrees import Worktree
from memcli.store import Store


def written_from(store: Store, worktree: Worktree, session: str) -> str:
    """The commit that the files were written from: HEAD, or where it left the session if somebody has committed here
    by hand."""
    head = worktree.head
    tip = read_ref(worktree.layout, SESSIONS + session) or head
    if store.odb.is_ancestor(head, tip):
        return head
    return store.odb.merge_base(head, tip) or tip


def follow_session(store: Store, worktree: Worktree, session: str, saved: Mapping[str, str] | None = None) -> None:
    """Let HEAD, the index and the files nobody has changed since (`saved`: as recorded) follow the session's tip.

    Where a changed file cannot follow, HEAD stays: it is the base that the next save compares that file with.
    """
    tip = read_ref(worktree.layout, SESSIONS + session)
    if tip is None:
        return
    before, after = (store.tree_of(commit) for commit in (written_from(store, worktree, session), tip))
    deltas = [delta for delta in store.odb.diff(before, after) if delta.new and (worktree.path / delta.path).exists()]
    followed = [_follow_file(store, worktree, delta, saved or {}) for delta in deltas]
    if all(followed):
        worktree.follow(tip, store.odb.files(after))


def _follow_file(store: Store, worktree: Worktree, delta: Delta, saved: Mapping[str, str]) -> bool:
    """Bring one file to the session's tip; False where somebody has changed it since it was read."""
    present, wanted = worktree.read(delta.path), store.odb.blob(delta.new or "")
    unchanged = (delta.old and store.odb.blob(delta.old), saved.get(delta.path, "").encode() or None)
    if present == wanted:
        return True
    if present not in unchanged and delta.path != FRONT_PAGE:
        return False
    worktree.write({delta.path: wanted})
    return True


def remove_if_saved(store: Store, worktree: Worktree, tip: str) -> bool:
    """Remove the worktree of a session that ended at a tip, unless something in it is in no commit.

    Returns whether it is gone.
    """
    if not worktree.exists:
        return True
    blobs = store.odb.files(store.tree_of(tip))
    for path in worktree.files():
        if path == FRONT_PAGE:
            continue  # derived, and without what is excluded
        blob = blobs.get(path)
        if blob is None or worktree.read(path) != store.odb.blob(blob):
            return False
    try:
        worktree.remove()
    except MemError:
        return False  # the work is done; a directory that stays behind is no reason to call it failed
    return True
