"""`mem doctor`: what is wrong with the setup, and how to fix it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from memcli.branch import is_initialised, open_sessions, store_to_read
from memcli.errors import MemError
from memcli.git.access import refuse_unreadable, unwritable_places
from memcli.git.command import run_git
from memcli.git.exclude_files import read_all
from memcli.git.layout import Layout
from memcli.git.odb import Odb
from memcli.git.ref_locks import lock_files
from memcli.git.worktrees import Worktree
from memcli.index.storage.connection import library_version
from memcli.operations.recall.index import IndexStatus, index_status
from memcli.operations.setup.policy import PolicyText, show_policy
from memcli.operations.views.reader import Reader
from memcli.operations.writing.checked_out_branch import refuse_checked_out
from memcli.sessions import Sessions
from memcli.state import hook_log
from memcli.state.journal import Journal
from memcli.state.journal_files import try_append
from memcli.state.lock import hold
from memcli.state.oplog import Oplog
from memcli.system.file_modes import make_directory
from memcli.workspace import Workspace


@dataclass(frozen=True)
class Diagnosis:
    """The result of one check; `next`: what to do where it failed."""

    name: str
    ok: bool
    message: str
    next: str = ""


def doctor(workspace: Workspace) -> list[Diagnosis]:
    """Check everything that `mem` depends on; a check that fails to run is reported, and the others go on."""
    checks: dict[str, Callable[[], Iterator[Diagnosis]]] = {
        "git": _git,
        "repository": lambda: _repository(workspace.layout),
        "store": lambda: _store(workspace.odb, *store_to_read(workspace.layout)),
        "policy": lambda: _policy(show_policy(workspace)),
        "journal": lambda: _journal(workspace.journal),
        "write": lambda: _write(workspace.layout),
        "operations": lambda: _operations(workspace.layout, workspace.odb, workspace.oplog),
        "access": lambda: _access(workspace.layout),
        "lock": lambda: _lock(workspace.layout),
        "promotion": lambda: _promotion(workspace.layout),
        "sessions": lambda: _sessions(workspace.sessions, workspace.odb),
        "worktrees": lambda: _worktrees(workspace.layout, workspace.odb),
        "exclude": lambda: _exclude(workspace.layout),
        "index": lambda: _index(_current_index(workspace)),
        "hooks": lambda: _hooks(workspace.layout),
    }
    return [diagnosis for name, check in checks.items() for diagnosis in _run(name, check)]


def _run(name: str, check: Callable[[], Iterator[Diagnosis]]) -> Iterator[Diagnosis]:
    try:
        yield from check()
    except MemError as error:
        yield Diagnosis(name, False, error.message, error.hint)
    except OSError as error:
        yield Diagnosis(name, False, f"{error.strerror}: {error.filename}", "make it readable and writable")


def _current_index(workspace: Workspace) -> IndexStatus:
    Reader(workspace).catch_up(*store_to_read(workspace.layout))
    return index_status(workspace)


def _git() -> Iterator[Diagnosis]:
    yield Diagnosis("git", True, run_git(None, "--version"))


def _repository(layout: Layout) -> Iterator[Diagnosis]:
    yield Diagnosis("repository", True, str(Odb(layout).repository.path))


def _store(odb: Odb, ref: str, tip: str) -> Iterator[Diagnosis]:
    files = odb.files(odb.commit(tip).tree)
    odb.prefetch(files.values())
    lost = [path for path, blob in files.items() if _is_lost(odb, blob)]
    message = f"{ref} at {tip[:10]}, {len(files)} file{'' if len(files) == 1 else 's'}" + (
        f", {len(lost)} missing" if lost else ""
    )
    yield Diagnosis("store", not lost, message, "run 'git fsck', then fetch from another clone" if lost else "")
    if ref.startswith("refs/heads/"):
        yield Diagnosis("init", True, "mem is initialised in this clone")
    else:
        branch = ref.removeprefix("refs/remotes/")
        message = f"mem is not initialised in this clone (only {branch} exists)"
        yield Diagnosis("init", True, message, "run 'mem init' to write memories here")


def _is_lost(odb: Odb, object_id: str) -> bool:
    """Whether an object is missing. Raises Failure for one that may not be read."""
    if odb.has(object_id):
        return False
    refuse_unreadable(str(odb.common), object_id)
    return True


def _policy(policy: PolicyText) -> Iterator[Diagnosis]:
    message = "; ".join(policy.problems) or ("policy.yaml" if policy.blob else "defaults")
    yield Diagnosis("policy", not policy.problems, message, "run 'mem policy edit'" if policy.problems else "")


def _journal(journal: Journal) -> Iterator[Diagnosis]:
    waiting = len(journal.files())
    message = f"{waiting} waiting" if waiting else "empty"
    yield Diagnosis("queue", True, message, "the next write carries them out" if waiting else "")
    for name, reason in journal.unreadable():
        yield Diagnosis("queue", False, f"{name} cannot be read now: {reason}", "make it readable; it goes on waiting")
    for op, reason in journal.failed():
        file = journal.home / "failed" / op
        next_step = f"'mem doctor --repair' tries it again; its text is in {file}"
        yield Diagnosis("failed", False, f"{op}: {reason}", next_step)


def _write(layout: Layout) -> Iterator[Diagnosis]:
    """Write an entry as every write does, and take it away."""
    if not is_initialised(layout):
        return
    place = "the journal" if try_append(layout) == "queued" else f"{layout.tree_dir}/spool, since .git is read-only"
    yield Diagnosis("write", True, f"writes are recorded in {place}")


def _access(layout: Layout) -> Iterator[Diagnosis]:
    places = unwritable_places(layout) if is_initialised(layout) else []
    if places:
        more = f" and {len(places) - 1} more places" if len(places) > 1 else ""
        hint = f"their owner can run 'chmod -R g+rwX {layout.common_dir}' for a group, with core.sharedRepository set"
        yield Diagnosis("access", False, f"no permission to write {places[0]}{more}", hint)


def _operations(layout: Layout, odb: Odb, oplog: Oplog) -> Iterator[Diagnosis]:
    """Append nothing to the files that every publication appends to. Raises OSError."""
    if is_initialised(layout):
        odb.pending.keep(())
        oplog.append(())
    yield from ()


def _promotion(layout: Layout) -> Iterator[Diagnosis]:
    for lock in lock_files(Path(layout.common_dir)):
        hint = "wait for the git process that holds it; if none is running, it is stale and can be removed"
        yield Diagnosis("refs", False, f"{lock} keeps refs from being moved", hint)
    refuse_checked_out(layout)


def _lock(layout: Layout) -> Iterator[Diagnosis]:
    with hold(Path(layout.mem_dir, "lock"), 1.0) as held:
        message = "free" if held else "held by another mem process for over a second"
        yield Diagnosis("lock", held, message, "" if held else "try again in a moment")


def _sessions(sessions: Sessions, odb: Odb) -> Iterator[Diagnosis]:
    open_sessions = sessions.all()
    damaged = [session.name for session in open_sessions if _is_lost(odb, session.base)]
    message = f"{len(open_sessions)} open" + (f", base missing in {', '.join(damaged)}" if damaged else "")
    yield Diagnosis("sessions", not damaged, message, "run 'git fsck'" if damaged else "")


def _worktrees(layout: Layout, odb: Odb) -> Iterator[Diagnosis]:
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


def _exclude(layout: Layout) -> Iterator[Diagnosis]:
    read_all(layout)
    yield from ()


def _index(status: IndexStatus) -> Iterator[Diagnosis]:
    place = "on disk" if status.persistent else "in memory only"
    yield Diagnosis("index", True, f"SQLite {library_version()}, {place}")
    for path, message in status.unreadable:
        hint = f"correct {path} in a session: 'mem session start --worktree'"
        yield Diagnosis("unreadable", False, f"{path}: {message}", hint)


def _hooks(layout: Layout) -> Iterator[Diagnosis]:
    """For each hook event, its last success and the failures since."""
    for event, (success, failures) in sorted(hook_log.read(layout.mem_dir).items()):
        message = f"last success {success}" if success else "never succeeded"
        count = "1 failure" if len(failures) == 1 else f"{len(failures)} failures"
        message += f"; {count}, the last at {failures[-1]}" if failures else ""
        hint = "set MEM_HOOK_DEBUG=1 to see more" if failures else ""
        yield Diagnosis(f"hook {event}", not failures, message, hint)
