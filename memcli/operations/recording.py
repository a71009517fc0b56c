"""What hooks record: one entry in the journal, written with plain files and drained by others.

Invariant: imports next to nothing, so that an event that only records costs a harness no more than two or three bare
starts of Python; what it appends is what `repo.journal` reads.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from memcli.agents.events import AGENTS, place, session_id
from memcli.core.harness import harness_session
from memcli.operations.jotting import Where, jot
from memcli.repo.hooklog import failed, succeeded
from memcli.repo.whereabouts import find, has_store

SAVE, END = "save", "end"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def where(payload: Mapping[str, object], here: str) -> Where | None:
    """The repository with a memory that an event is about: where it says, else where its process is."""
    for start in (place(dict(payload)), here):
        found = find(start) if start and os.path.isdir(start) else None
        if found and has_store(found[1]):
            return found
    return None


def save(found: Where, agent: str, event: str, payload: Mapping[str, object], said: str) -> None:
    """Have the files of a session saved, where it has any; `said`: the session that the environment names."""
    session = _session(agent, payload, said)
    for name in _with_files(found, session) if session else ():
        _append(found, agent, name, SAVE, event)


def _with_files(found: Where, session: str) -> list[str]:
    """The session, and those that go on under its name, as far as they have files."""
    start = f"{session[:60]}-"
    try:
        there = os.listdir(_trees(found))
    except OSError:
        return []
    return [one for one in there if one == session or (one.startswith(start) and one[len(start) :].isdigit())]


def end(found: Where, agent: str, event: str, payload: Mapping[str, object], said: str) -> str:
    """Note that a harness's session is over; its name, `` where nobody says which."""
    session = _session(agent, payload, said)
    if session:
        _append(found, agent, session, END, event)
        _is_over(found, session)
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
    from memcli.repo.detached import detached

    detached(["worker", session], found[2] or found[1], environ)


def went_well(found: Where, agent: str, event: str) -> None:
    """Note the time of an event's last success."""
    succeeded(os.path.join(found[1], "mem"), f"{agent}.{event}"[:60])


def went_wrong(here: str, agent: str, event: str, error: BaseException) -> None:
    """Keep what went wrong for `mem doctor`."""
    found = find(here)
    if found and has_store(found[1]):
        failed(os.path.join(found[1], "mem"), f"{agent}.{event}"[:60], f"{type(error).__name__}: {error}")


def _trees(found: Where) -> str:
    """Where sessions have their files."""
    return os.path.join(found[2], ".mem") if found[2] else os.path.join(found[1], "mem", "worktrees")


def _session(agent: str, payload: Mapping[str, object], said: str) -> str:
    known = session_id(dict(payload))
    if agent in AGENTS and known:
        return harness_session(AGENTS[agent], known)
    return said if _NAME.fullmatch(said) else ""  # it becomes the name of a file


def _append(found: Where, agent: str, session: str, verb: str, event: str) -> None:
    name = AGENTS.get(agent, agent)
    jot(found, verb, session, name, name, {"event": event})
