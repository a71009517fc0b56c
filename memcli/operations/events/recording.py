"""What hooks record: one journal entry, written with plain files and applied by the next command that drains.

Invariant: imports next to nothing, so that an event that only records costs a harness no more than two or three bare
starts of Python. What it appends is what `state.journal` reads.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from memcli.core.memory.base32 import ulid_of
from memcli.core.session.names import RESERVED, harness_session, is_successor, is_well_formed, living
from memcli.core.session.verbs import END, SAVE
from memcli.git.tips import SESSIONS, names
from memcli.git.whereabouts import Where, find, has_store
from memcli.state.hook_log import failed, succeeded
from memcli.state.journal_append import jot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from memcli.agents.adapter import Adapter

Payload = Mapping[str, object]


def repository_of(adapter: Adapter, payload: Payload, current: str) -> Where | None:
    """The repository that an event is about, if it has a store: that of the directory the payload names, or, if that is
    gone, of the current directory."""
    named = adapter.working_directory(payload)
    where = find(named if named and os.path.isdir(named) else current)
    return where if where and has_store(where[1]) else None


def is_second_call(where: Where, adapter: Adapter, payload: Payload, environ: Mapping[str, str]) -> bool:
    """Whether another harness runs the hooks of this one beside its own: then its own are served, not these."""
    harness, variable, field = adapter.second_caller
    if not environ.get(variable) and field not in payload:
        return False
    from memcli.agents.registry import find_adapter

    other = find_adapter(harness)
    if other is None:
        return False
    patterns = [pattern for pattern in other.hook_files.values() if where[2] or "{tree}" not in pattern]
    files = (pattern.format(tree=where[2], home=environ.get("HOME", "")) for pattern in patterns)
    return any(_calls_mem(file, harness) for file in files)


def _calls_mem(file: str, harness: str) -> bool:
    from memcli.agents.ownership import calls_mem

    try:
        with open(file, encoding="utf-8", errors="replace") as stream:
            return any(calls_mem(line) and harness in line for line in stream)
    except OSError:
        return False


def record_save(where: Where, adapter: Adapter, event: str, payload: Payload, named: str) -> None:
    """Request a save of the session's files, if it has any; `named`: the session in the environment."""
    session = _session(adapter, payload, named)
    for name in _with_files(where, session) if session else ():
        _append(where, adapter, name, SAVE, event)


def _with_files(where: Where, session: str) -> list[str]:
    """The session and its successors, those that have files."""
    try:
        names_with_files = os.listdir(_worktrees(where))
    except OSError:
        return []
    return [name for name in names_with_files if name == session or is_successor(name, session)]


def record_end(where: Where, adapter: Adapter, payload: Payload, named: str) -> str:
    """Record that a session has ended; its name, `` where neither payload nor environment names one."""
    session = _session(adapter, payload, named)
    if session:
        _append(where, adapter, session, END, "session-end")
        for name in {session, living(session, names(where[1], SESSIONS)) or session}:
            _mark_ended(where, name)
    return session


def _mark_ended(where: Where, session: str) -> None:
    """The next session start looks here, in case no worker comes to process the end."""
    try:
        with open(os.path.join(where[1], "mem", "live", session), "w", encoding="ascii") as mark:
            mark.write("ended\n")
    except OSError:
        return


def start_worker(where: Where, session: str, environ: Mapping[str, str]) -> None:
    """Start the process that runs everything that follows the end of a session. Raises OSError."""
    from memcli.system.detached import detached

    detached(["worker", session], where[2] or where[1], environ)


def log_success(where: Where, agent: str, event: str) -> None:
    """Log the time of an event's last success."""
    succeeded(os.path.join(where[1], "mem"), f"{agent}.{event}"[:60])


def log_failure(current: str, agent: str, event: str, error: BaseException) -> None:
    """Log an error for `mem doctor`."""
    where = find(current)
    if where and has_store(where[1]):
        name = f"{agent}.{event}"[:60]
        name = name if name.replace("-", "").replace(".", "").isalnum() else "unknown"
        failed(os.path.join(where[1], "mem"), name, f"{type(error).__name__}: {error}")


def _worktrees(where: Where) -> str:
    """The directory in which sessions have their files."""
    return os.path.join(where[2], ".mem") if where[2] else os.path.join(where[1], "mem", "worktrees")


def _session(adapter: Adapter, payload: Payload, named: str) -> str:
    """The session of the harness's id, else the one in the environment; it may have a successor."""
    session_id = adapter.session_id(payload)
    name = harness_session(adapter.agent, session_id) if session_id else named
    return name if is_well_formed(name) and name not in RESERVED else ""  # it becomes the name of a file


def _append(where: Where, adapter: Adapter, session: str, verb: str, event: str) -> None:
    op = ulid_of(time.time_ns() // 1_000_000, os.urandom(10))
    jot(where, op, verb, session, adapter.agent, adapter.agent, {"event": event})
