"""`mem doctor`: what is wrong with the setup, and how to fix it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from memcli.branch import ENDED, store_to_read
from memcli.core.session.names import is_well_formed
from memcli.core.session.state import OPEN
from memcli.errors import MemError
from memcli.git.command import run_git
from memcli.git.layout import Layout
from memcli.git.odb import Odb
from memcli.git.ref_files import read_ref
from memcli.index.storage.connection import library_version
from memcli.operations.recall.index import IndexStatus, index_status
from memcli.operations.setup.policy import PolicyText, show_policy
from memcli.operations.status.diagnosis import Diagnosis
from memcli.operations.status.trials import (
    access_trial,
    exclude_trial,
    is_lost,
    lock_trial,
    operations_trial,
    promotion_trial,
    worktrees_trial,
    write_trial,
)
from memcli.operations.views.reader import Reader
from memcli.sessions import Sessions
from memcli.state import hook_log
from memcli.state.journal import Journal
from memcli.workspace import Workspace


def doctor(workspace: Workspace) -> list[Diagnosis]:
    """Check everything that `mem` depends on; a check that fails to run is reported, and the others go on."""
    checks: dict[str, Callable[[], Iterator[Diagnosis]]] = {
        "git": _git,
        "repository": lambda: _repository(workspace.layout),
        "store": lambda: _store(workspace.odb, *store_to_read(workspace.layout)),
        "policy": lambda: _policy(show_policy(workspace)),
        "journal": lambda: _journal(workspace.journal),
        "write": lambda: write_trial(workspace.layout),
        "operations": lambda: operations_trial(workspace.layout, workspace.odb, workspace.oplog),
        "access": lambda: access_trial(workspace.layout),
        "lock": lambda: lock_trial(workspace.layout),
        "promotion": lambda: promotion_trial(workspace.layout),
        "sessions": lambda: _sessions(workspace.sessions, workspace.odb),
        "worktrees": lambda: worktrees_trial(workspace.layout, workspace.odb),
        "exclude": lambda: exclude_trial(workspace.layout),
        "index": lambda: _index(Reader(workspace), lambda: index_status(workspace)),
        "hooks": lambda: _hooks(workspace.layout, workspace.sessions),
    }
    return [diagnosis for name, check in checks.items() for diagnosis in _run(name, check)]


def _run(name: str, check: Callable[[], Iterator[Diagnosis]]) -> Iterator[Diagnosis]:
    try:
        yield from check()
    except MemError as error:
        yield Diagnosis(name, False, error.message, error.hint)
    except OSError as error:
        yield Diagnosis(name, False, f"{error.strerror}: {error.filename}", "make it readable and writable")


def _git() -> Iterator[Diagnosis]:
    yield Diagnosis("git", True, run_git(None, "--version"))


def _repository(layout: Layout) -> Iterator[Diagnosis]:
    yield Diagnosis("repository", True, str(Odb(layout).repository.path))


def _store(odb: Odb, ref: str, tip: str) -> Iterator[Diagnosis]:
    files = odb.files(odb.commit(tip).tree)
    odb.prefetch(files.values())
    lost = [path for path, blob in files.items() if is_lost(odb, blob)]
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


def _sessions(sessions: Sessions, odb: Odb) -> Iterator[Diagnosis]:
    open_sessions = sessions.all()
    damaged = [session.name for session in open_sessions if is_lost(odb, session.base)]
    message = f"{len(open_sessions)} open" + (f", base missing in {', '.join(damaged)}" if damaged else "")
    yield Diagnosis("sessions", not damaged, message, "run 'git fsck'" if damaged else "")


def _index(reader: Reader, read_status: Callable[[], IndexStatus]) -> Iterator[Diagnosis]:
    """The index, brought up to date first."""
    reader.catch_up(*reader.tip())
    status = read_status()
    place = "on disk" if status.persistent else "in memory only"
    yield Diagnosis("index", True, f"SQLite {library_version()}, {place}")
    for path, message in status.unreadable:
        hint = f"correct {path} in a session: 'mem session start --worktree'"
        yield Diagnosis("unreadable", False, f"{path}: {message}", hint)


def _hooks(layout: Layout, sessions: Sessions) -> Iterator[Diagnosis]:
    """For each hook event, its last success and the failures since, but for those about sessions that have closed."""
    is_open = {session.name: session.state == OPEN for session in sessions.all()}
    for event, (success, logged) in sorted(hook_log.read(layout.mem_dir).items()):
        failures = [failure for failure in logged if not _is_settled(layout, is_open, failure)]
        if not (success or failures):
            continue
        message = f"last success {success}" if success else "never succeeded"
        count = "1 failure" if len(failures) == 1 else f"{len(failures)} failures"
        message += f"; {count}, the last at {failures[-1]}" if failures else ""
        hint = "set MEM_HOOK_DEBUG=1 to see more" if failures else ""
        yield Diagnosis(f"hook {event}", not failures, message, hint)


def _is_settled(layout: Layout, is_open: Mapping[str, bool], failure: str) -> bool:
    """Whether a failure, `TIME: SESSION: ERROR`, is about a session that has closed or ended since."""
    session = failure.partition(": ")[2].partition(": ")[0]
    if session in is_open:
        return not is_open[session]
    return is_well_formed(session) and read_ref(layout, ENDED + session) is not None
