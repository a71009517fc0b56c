"""What hooks record: one entry in the journal, written with plain files and drained by others.

Invariant: imports next to nothing, so that an event that only records costs a harness no more than two or three bare
starts of Python; what it appends is what `repo.journal` reads.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from memcli.agents.events import AGENTS, place, session_id
from memcli.core.memory.base32 import ulid_of
from memcli.core.session.names import RESERVED, harness_session, is_successor, is_well_formed, living
from memcli.core.session.verbs import END, SAVE
from memcli.git.tips import SESSIONS, names
from memcli.git.whereabouts import Where, find, has_store
from memcli.state.hook_log import failed, succeeded
from memcli.state.journal_append import jot


def where(payload: Mapping[str, object], here: str) -> Where | None:
    """The repository with a memory that an event is about: where it says, or, if that is gone, where its process is."""
    said = place(dict(payload))
    found = find(said if said and os.path.isdir(said) else here)
    return found if found and has_store(found[1]) else None


def is_cursors(found: Where, payload: Mapping[str, object], environ: Mapping[str, str]) -> bool:
    """Whether it is Cursor that calls, which runs Claude's hooks beside its own, and its own are installed too."""
    if not environ.get("CURSOR_VERSION") and "cursor_version" not in payload:
        return False
    homes = filter(None, (found[2], environ.get("HOME", "")))
    return any(_calls_us(os.path.join(home, ".cursor", "hooks.json")) for home in homes)


def _calls_us(file: str) -> bool:
    from memcli.agents.ownership import owned

    try:
        with open(file, encoding="utf-8", errors="replace") as stream:
            return any(owned(line) and "cursor" in line for line in stream)
    except OSError:
        return False


def save(found: Where, agent: str, event: str, payload: Mapping[str, object], said: str) -> None:
    """Have the files of a session saved, where it has any; `said`: the session that the environment names."""
    session = _session(agent, payload, said)
    for name in _with_files(found, session) if session else ():
        _append(found, agent, name, SAVE, event)


def _with_files(found: Where, session: str) -> list[str]:
    """The session, and those that go on under its name, as far as they have files."""
    try:
        there = os.listdir(_trees(found))
    except OSError:
        return []
    return [one for one in there if one == session or is_successor(one, session)]


def end(found: Where, agent: str, event: str, payload: Mapping[str, object], said: str) -> str:
    """Note that a harness's session is over; its name, `` where nobody says which."""
    session = _session(agent, payload, said)
    if session:
        _append(found, agent, session, END, event)
        for name in {session, living(session, names(found[1], SESSIONS)) or session}:
            _is_over(found, name)
    return session


def _is_over(found: Where, session: str) -> None:
    """Where the next beginning looks, should nobody come to work it off now."""
    try:
        with open(os.path.join(found[1], "mem", "live", session), "w", encoding="ascii") as mark:
            mark.write("ended\n")
    except OSError:
        return


def work_off(found: Where, session: str, environ: Mapping[str, str]) -> None:
    """Start a process that does all that follows the end of a session. Raises OSError."""
    from memcli.system.detached import detached

    detached(["worker", session], found[2] or found[1], environ)


def went_well(found: Where, agent: str, event: str) -> None:
    """Note the time of an event's last success."""
    succeeded(os.path.join(found[1], "mem"), f"{agent}.{event}"[:60])


def went_wrong(here: str, agent: str, event: str, error: BaseException) -> None:
    """Keep what went wrong for `mem doctor`."""
    found = find(here)
    if found and has_store(found[1]):
        name = f"{agent}.{event}"[:60]
        name = name if name.replace("-", "").replace(".", "").isalnum() else "unknown"
        failed(os.path.join(found[1], "mem"), name, f"{type(error).__name__}: {error}")


def _trees(found: Where) -> str:
    """Where sessions have their files."""
    return os.path.join(found[2], ".mem") if found[2] else os.path.join(found[1], "mem", "worktrees")


def _session(agent: str, payload: Mapping[str, object], said: str) -> str:
    """The session meant: that of the harness's id, else the environment's; it may go on under another name."""
    known = session_id(dict(payload))
    name = harness_session(AGENTS[agent], known) if agent in AGENTS and known else said
    return name if is_well_formed(name) and name not in RESERVED else ""  # it becomes the name of a file


def _append(found: Where, agent: str, session: str, verb: str, event: str) -> None:
    name = AGENTS.get(agent, agent)
    op = ulid_of(time.time_ns() // 1_000_000, os.urandom(10))
    jot(found, op, verb, session, name, name, {"event": event})
