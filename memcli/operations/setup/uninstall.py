"""`mem uninstall`: take mem out of a repository. What is not ours is as it was before `mem init`, byte for byte.

Contract: `<common>/mem` goes last, and every step may find its work done: a call that was killed is finished by the
next.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from memcli.core.text.first_few import first_few
from memcli.errors import Busy, Conflict, Refused
from memcli.git.layout import Layout
from memcli.git.objects import Move, Person
from memcli.git.ref_transaction import move_together
from memcli.git.settings import remove_names
from memcli.operations.setup.plan_removal import config_files, own_settings, plan_removal, uninstall_hooks
from memcli.operations.setup.removal import Removal
from memcli.operations.setup.session_directories import SessionDirectories
from memcli.operations.writing.checked_out_branch import refuse_checked_out
from memcli.operations.writing.transaction import refuse_unwritable
from memcli.state.lock import hold
from memcli.workspace import Workspace

_LOCKS = ("lock", "dream.lock", "worker.lock")
_MOST_NAMED, _TRIES = 5, 5


def remove_mem(workspace: Workspace, expected: Removal, force: bool = False) -> Removal:
    """Remove what was shown; with `force` files of sessions that are in no commit, too. What was removed.

    Raises Refused for agents, unsaved files and hooks that cannot be taken out; Conflict where the store's branch is
    checked out, or something was added since; Busy; Failure where `.git` cannot be written.
    """
    if workspace.config.agent:
        raise Refused("agents cannot uninstall mem", "ask a person to run 'mem uninstall'")
    layout = workspace.layout
    refuse_checked_out(layout)
    refuse_unwritable(layout)
    with _all_locked(layout, workspace.config.lock_timeout):
        removal = plan_removal(workspace, expected.is_kept)
        _refuse_more(expected, removal)
        _refuse_loss(removal, force)
        directories = SessionDirectories(layout, workspace.odb, workspace.store)
        uninstall_hooks(workspace.in_worktree, directories.code() or [layout])
        directories.remove()
        for file in config_files(layout):
            remove_names(file, own_settings(layout, file, removal.is_kept))
        _delete_refs(layout, removal, workspace.person)
        for directory in (*directories.pointers(), Path(layout.mem_dir)):
            _remove_directory(directory)
    return removal


@contextmanager
def _all_locked(layout: Layout, patience: float) -> Iterator[None]:
    """Keep other processes of mem out. Raises Busy."""
    with ExitStack() as stack:
        for name in _LOCKS if Path(layout.mem_dir).is_dir() else ():
            if not stack.enter_context(hold(Path(layout.mem_dir, name), patience)):
                what = "dreaming" if name == "dream.lock" else "at work here"
                raise Busy(f"another mem process is {what}", "nothing was removed; retry when it has finished")
        yield


def _refuse_more(expected: Removal, removal: Removal) -> None:
    """Raise Conflict where there is something that the person was not shown."""
    is_shown = expected.refs.items() >= removal.refs.items() and set(expected.unsaved) >= set(removal.unsaved)
    if is_shown and removal.unreviewed.queued <= expected.unreviewed.queued:
        return
    raise Conflict("something was written since this was shown", "nothing was removed; run 'mem uninstall' again")


def _refuse_loss(removal: Removal, force: bool) -> None:
    if removal.unsaved and not force:
        named = first_few(removal.unsaved, _MOST_NAMED)
        raise Refused(f"files are in no commit: {named}", "'mem session save NAME' saves them; '--force' deletes them")
    if removal.refused_hooks:
        change = removal.refused_hooks[0]
        raise Refused(f"hooks cannot be removed from {change.file}: {change.message}", "nothing was removed")


def _delete_refs(layout: Layout, removal: Removal, person: Person) -> None:
    """All of them or none, with their logs; git leaves the outermost directories, which go where they are empty."""
    moves, common = [Move(ref, commit, None) for ref, commit in removal.refs.items()], Path(layout.common_dir)
    if moves:
        move_together(common, moves, "mem uninstall", person)
    for directory in ("refs/mem", "refs/heads/mem", "logs/refs/mem", "logs/refs/heads/mem"):
        with suppress(OSError):
            (common / directory).rmdir()


def _remove_directory(directory: Path) -> None:
    """Remove a directory of our own, also where a hook writes into it meanwhile. Raises OSError."""
    for _ in range(_TRIES):
        shutil.rmtree(directory, ignore_errors=True)
        if not directory.exists():
            return
    shutil.rmtree(directory)
