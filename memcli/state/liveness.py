"""Liveness of sessions: which process each belongs to, marked in `<common>/mem/live/<session>`.

A mark is `ended`, or one line for each process that the session lives with, mostly one: `PID CREATED BOOTED AGENT`
(seconds since the epoch at which the process and the system started; `-` for what is not known). The start
tells a process from a later one with its number.

Recording hooks write `ended` without asking the system. Where the system cannot tell, a process that can be signalled
counts as the one that was marked: better a session that stays open than one that is taken from its agent.
"""

from __future__ import annotations

import os

from memcli.system.file_modes import make_directory
from memcli.system.processes import above_shells, exists, is_zombie, start_of, with_ancestors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

LIVENESS_DIR, ENDED_MARK = "live", "ended"
_CLOSE = 1.0
"""Seconds by which two readings of one start may differ."""
_UNKNOWN = "-"


def marks_dir(mem_dir: str) -> str:
    """The directory of the marks, and of what else hooks note about running sessions (`<session>.<what>`)."""
    return os.path.join(mem_dir, LIVENESS_DIR)


def mark_alive(mem_dir: str, session: str, process: int, agent: str = "") -> None:
    """Mark a session of an agent as that of the harness above a hook's process. Raises OSError."""
    _write_mark(mem_dir, session, mark_of(process, agent))


def mark_processes(mem_dir: str, session: str, processes: Iterable[int], agent: str) -> None:
    """Mark a session of an agent as that of exactly these processes. Raises OSError."""
    _write_mark(mem_dir, session, "\n".join(_process_line(process, agent) for process in processes))


def mark_ended(mem_dir: str, session: str) -> None:
    """Mark a session as ended, whoever comes to process the end. Raises OSError."""
    _write_mark(mem_dir, session, ENDED_MARK)


def mark_of(process: int, agent: str = "") -> str:
    """The mark of the harness that a hook's process belongs to."""
    return _process_line(above_shells(process), agent)


def is_marked(mem_dir: str, session: str) -> bool:
    """Whether a harness has claimed the session."""
    return bool(_read_mark(mem_dir, session))


def is_marked_ended(mem_dir: str, session: str) -> bool:
    """Whether the harness has ended the session, and nobody has resumed it since."""
    return _read_mark(mem_dir, session) == ENDED_MARK


def is_abandoned(mem_dir: str, session: str) -> bool:
    """Whether nobody works in a session now: it is marked as ended, its process is gone, or it has no mark."""
    return not _is_alive(_read_mark(mem_dir, session))


def abandoned_sessions(mem_dir: str) -> list[tuple[str, bool]]:
    """(session, whether it is marked as ended) of every marked session that is abandoned, sorted."""
    return [(session, mark == ENDED_MARK) for session, mark in _marks(mem_dir) if not _is_alive(mark)]


def living_sessions(mem_dir: str) -> list[str]:
    """The marked sessions whose process runs, sorted."""
    return [session for session, mark in _marks(mem_dir) if _is_alive(mark)]


def sessions_above(mem_dir: str, process: int) -> list[list[tuple[str, str]]]:
    """The sessions that a process runs in: for each marked process above it, the nearest first, (session, agent) of
    those marked with it, the latest start first. The system is not asked where no marked process is there.

    A mark without an agent only tells how long a session lives: its process is no harness, and others run in it."""
    marked = [(session, line) for session, mark in _marks(mem_dir) for line in mark.split("\n") if _agent(line)]
    lines = [(session, line) for session, line in marked if _may_live(line)]
    if not lines:
        return []
    found = list[list[tuple[str, str]]]()
    for ancestor in with_ancestors(process):
        sessions = [(session, _agent(line)) for session, line in lines if _is_of(line, ancestor) and _is_alive(line)]
        if sessions:
            found.append(sorted(sessions, key=lambda pair: _marked_at(mem_dir, pair[0]), reverse=True))
    return found


def remove_marks(mem_dir: str, session: str) -> None:
    """Remove a session's mark and whatever else is noted about it."""
    for name in _names(mem_dir):
        if name == session or name.startswith(f"{session}."):
            try:
                os.unlink(os.path.join(marks_dir(mem_dir), name))
            except OSError:
                pass  # another process was quicker, or nothing can be written


def _names(mem_dir: str) -> list[str]:
    try:
        return os.listdir(marks_dir(mem_dir))
    except OSError:
        return []


def _marks(mem_dir: str) -> Iterable[tuple[str, str]]:
    """(session, mark) of every marked session, sorted."""
    return [(session, _read_mark(mem_dir, session)) for session in sorted(_names(mem_dir)) if "." not in session]


def _read_mark(mem_dir: str, session: str) -> str:
    try:
        with open(os.path.join(marks_dir(mem_dir), session), encoding="ascii") as stream:
            return stream.read().strip()
    except (OSError, ValueError):
        return ""


def _write_mark(mem_dir: str, session: str, mark: str) -> None:
    make_directory(marks_dir(mem_dir))
    with open(os.path.join(marks_dir(mem_dir), session), "w", encoding="ascii") as stream:
        stream.write(f"{mark}\n")


def _marked_at(mem_dir: str, session: str) -> int:
    """When a session was marked, in nanoseconds; 0 where it is not any more."""
    try:
        return os.stat(os.path.join(marks_dir(mem_dir), session)).st_mtime_ns
    except OSError:
        return 0


def _process_line(process: int, agent: str) -> str:
    start = start_of(process)
    created, booted = (f"{start[0]:.2f}", f"{start[1]:.2f}") if start else (_UNKNOWN, _UNKNOWN)
    return f"{process} {created} {booted} {''.join(agent.split()) or _UNKNOWN}".encode("ascii", "replace").decode()


def _agent(line: str) -> str:
    """The agent in the line of a mark; empty where there is none."""
    agent = (line.split() + [_UNKNOWN] * 4)[3]
    return "" if agent == _UNKNOWN else agent


def _is_of(line: str, process: int) -> bool:
    return line.split()[:1] == [str(process)]


def _may_live(line: str) -> bool:
    """Whether there is a process of the number in a line, maybe a later one."""
    number = line.partition(" ")[0]
    return number.isdecimal() and int(number) > 0 and exists(int(number))


def _is_alive(mark: str) -> bool:
    """Whether a process of a mark still runs; False for `ended`, a torn mark and none."""
    return any(_runs(line) for line in mark.split("\n"))


def _runs(line: str) -> bool:
    if not _may_live(line):
        return False
    number, *start = line.split()
    return not is_zombie(int(number)) and _has_started(int(number), start[:2])


def _has_started(process: int, start: list[str]) -> bool:
    """Whether a process started when its mark says. The clock may have been set since, which moves the system's start
    too, or only that: either the time or its distance from the system's start is the same."""
    actual = start_of(process)
    if actual is None or len(start) != 2 or _UNKNOWN in start:
        return True
    try:
        created, booted = map(float, start)
    except ValueError:
        return False
    shift = actual[0] - created
    return abs(shift) < _CLOSE or abs(shift - (actual[1] - booted)) < _CLOSE
