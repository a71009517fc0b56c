"""Trials for `mem doctor`: what commands do on their way, done with nothing, so that it never says ok where one fails.

Each yields what went wrong, and raises MemError or OSError as the command would.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from memcli.branch import is_initialised, open_sessions
from memcli.errors import MemError
from memcli.git.access import refuse_unreadable, unwritable_places
from memcli.git.exclude_files import read_all
from memcli.git.layout import Layout
from memcli.git.odb import Odb
from memcli.git.ref_locks import lock_files
from memcli.git.worktrees import Worktree
from memcli.operations.status.diagnosis import Diagnosis
from memcli.operations.writing.checked_out_branch import refuse_checked_out
from memcli.state.journal_files import try_append
from memcli.state.lock import hold
from memcli.state.oplog import Oplog
from memcli.system.file_modes import make_directory


def is_lost(odb: Odb, object_id: str) -> bool:
    """Whether an object is missing. Raises Failure for one that may not be read."""
    if odb.has(object_id):
        return False
    refuse_unreadable(str(odb.common), object_id)
    return True


def write_trial(layout: Layout) -> Iterator[Diagnosis]:
    """Write an entry as every write does, and take it away."""
    if not is_initialised(layout):
        return
    place = "the journal" if try_append(layout) == "queued" else f"{layout.tree_dir}/spool, since .git is read-only"
    yield Diagnosis("write", True, f"writes are recorded in {place}")


def access_trial(layout: Layout) -> Iterator[Diagnosis]:
    places = unwritable_places(layout) if is_initialised(layout) else []
    if places:
        more = f" and {len(places) - 1} more places" if len(places) > 1 else ""
        hint = f"their owner can run 'chmod -R g+rwX {layout.common_dir}' for a group, with core.sharedRepository set"
        yield Diagnosis("access", False, f"no permission to write {places[0]}{more}", hint)


def operations_trial(layout: Layout, odb: Odb, oplog: Oplog) -> Iterator[Diagnosis]:
    """Append nothing to the files that every publication appends to. Raises OSError."""
    if is_initialised(layout):
        odb.pending.keep(())
        oplog.append(())
    yield from ()


def promotion_trial(layout: Layout) -> Iterator[Diagnosis]:
    for lock in lock_files(Path(layout.common_dir)):
        hint = "wait for the git process that holds it; if none is running, it is stale and can be removed"
        yield Diagnosis("refs", False, f"{lock} keeps refs from being moved", hint)
    refuse_checked_out(layout)


def lock_trial(layout: Layout) -> Iterator[Diagnosis]:
    if not Path(layout.mem_dir).is_dir():
        return
    with hold(Path(layout.mem_dir, "lock"), 1.0) as held:
        message = "free" if held else "held by another mem process for over a second"
        yield Diagnosis("lock", held, message, "" if held else "try again in a moment")


def worktrees_trial(layout: Layout, odb: Odb) -> Iterator[Diagnosis]:
    """Look up the files of every open session as saving does, which mends their links after a move. Raises OSError."""
    place = Path(layout.tree_dir)
    if place.is_symlink() or place.exists():
        make_directory(place)  # raises where something else is there
    for name in open_sessions(layout):
        worktree = Worktree(layout, odb, name)
        try:
            if worktree.exists:
                odb.commit(worktree.head)
        except MemError as error:
            yield Diagnosis(f"files of {name}", False, error.message, error.hint)


def exclude_trial(layout: Layout) -> Iterator[Diagnosis]:
    read_all(layout)
    yield from ()
