"""`mem doctor`: is everything in order here, and if not, what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from memcli.branch import store_to_read
from memcli.errors import MemError
from memcli.git.command import run_git
from memcli.git.odb import Odb
from memcli.index.storage.connection import library_version
from memcli.operations.recall.index_maintenance import index_status
from memcli.operations.setup.policy import show_policy
from memcli.operations.views.reader import Reader
from memcli.state import hook_log
from memcli.state.lock import hold
from memcli.workspace import Workspace


@dataclass(frozen=True)
class Diagnosis:
    """One thing looked at; `next` is the step that mends it."""

    name: str
    ok: bool
    message: str
    next: str = ""


def doctor(workspace: Workspace) -> list[Diagnosis]:
    """Look at everything `mem` stands on; a check that itself fails says so and the others go on."""
    checks = (_git, _repository, _store, _policy, _journal, _lock, _sessions, _index, _hooks)
    return [found for check in checks for found in _run(check, workspace)]


def _run(check: Callable[[Workspace], Iterator[Diagnosis]], workspace: Workspace) -> Iterator[Diagnosis]:
    try:
        yield from check(workspace)
    except MemError as error:
        yield Diagnosis(check.__name__.strip("_"), False, error.message, error.hint)
    except OSError as error:
        yield Diagnosis(
            check.__name__.strip("_"), False, f"{error.strerror}: {error.filename}", "make it readable and writable"
        )


def _git(workspace: Workspace) -> Iterator[Diagnosis]:
    yield Diagnosis("git", True, run_git(workspace.config.directory, "--version"))


def _repository(workspace: Workspace) -> Iterator[Diagnosis]:
    yield Diagnosis("repository", True, str(Odb(workspace.layout).repository.path))


def _store(workspace: Workspace) -> Iterator[Diagnosis]:
    ref, tip = store_to_read(workspace.layout)
    commit = workspace.odb.commit(tip)
    files = workspace.odb.files(commit.tree)
    workspace.odb.prefetch(files.values())
    lost = [path for path, blob in files.items() if not workspace.odb.has(blob)]
    yield Diagnosis(
        "store",
        not lost,
        f"{ref} at {tip[:10]}, {len(files)} files",
        "run 'git fsck', then fetch from a clone" if lost else "",
    )
    if ref.startswith("refs/heads/"):
        yield Diagnosis("init", True, "mem is initialised in this clone")
    else:
        message = f"mem is not initialised in this clone: {ref.removeprefix('refs/remotes/')} can be read, not written"
        yield Diagnosis("init", True, message, "run 'mem init' to write memories here")


def _policy(workspace: Workspace) -> Iterator[Diagnosis]:
    found = show_policy(workspace)
    words = "; ".join(found.problems) or ("policy.yaml" if found.blob else "defaults")
    yield Diagnosis("policy", not found.problems, words, "'mem policy edit' corrects it" if found.problems else "")


def _journal(workspace: Workspace) -> Iterator[Diagnosis]:
    waiting, failed = len(workspace.journal.files()), workspace.journal.failed()
    yield Diagnosis(
        "queue",
        True,
        f"{waiting} waiting" if waiting else "empty",
        "the next write carries them out" if waiting else "",
    )
    for op, reason in failed:
        place = workspace.journal.home / "failed" / op
        yield Diagnosis("failed", False, f"{op}: {reason}", f"read {place}, add it again if it matters")


def _lock(workspace: Workspace) -> Iterator[Diagnosis]:
    with hold(Path(workspace.layout.mem_dir, "lock"), 1.0) as held:
        yield Diagnosis(
            "lock",
            held,
            "free" if held else "held for over a second",
            "" if held else "another mem is at work: try again",
        )


def _sessions(workspace: Workspace) -> Iterator[Diagnosis]:
    found = workspace.sessions.all()
    damaged = [session.name for session in found if not workspace.odb.has(session.base)]
    words = f"{len(found)} open" + (f", base missing in {', '.join(damaged)}" if damaged else "")
    yield Diagnosis("sessions", not damaged, words, "run 'git fsck'" if damaged else "")


def _index(workspace: Workspace) -> Iterator[Diagnosis]:
    ref, tip = store_to_read(workspace.layout)
    Reader(workspace).catch_up(ref, tip)
    found = index_status(workspace)
    yield Diagnosis(
        "index", True, f"SQLite {library_version()}, " + ("on disk" if found.persistent else "in memory only")
    )
    for path, message in found.unreadable:
        yield Diagnosis(
            "unreadable", False, f"{path}: {message}", f"correct {path} in a session: 'mem session start --worktree'"
        )


def _hooks(workspace: Workspace) -> Iterator[Diagnosis]:
    """The last success of each event, and what has failed since."""
    for event, (success, failures) in sorted(hook_log.read(workspace.layout.mem_dir).items()):
        words = [f"last success {success}" if success else "never succeeded"]
        words += [f"{len(failures)} failures since, {failures[-1]}"] if failures else []
        hint = "set MEM_HOOK_DEBUG=1 to see more" if failures else ""
        yield Diagnosis(f"hook {event}", not failures, "; ".join(words), hint)
