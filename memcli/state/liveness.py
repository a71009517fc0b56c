"""Liveness of sessions: which process each belongs to, marked in `<common>/mem/live/<session>`.

A mark is one line: `PID CREATED BOOTED` (seconds since the epoch at which the process and the system started; left out
where the system does not tell), or `ended`. The start tells a process from a later one with its number.

psutil answers for Linux, macOS and the BSDs. It takes 10 ms to import, so only a session's start and whoever looks for
abandoned sessions ask it; recording hooks write `ended` without it. Where it cannot tell (Linux without /proc), a
process that can be signalled counts as the one that was marked: better a session that stays open than one that is
taken from its agent.
"""

from __future__ import annotations

import os

from memcli.system.file_modes import make_directory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    import psutil

    Answer = TypeVar("Answer")

LIVENESS_DIR, ENDED_MARK = "live", "ended"
MOST_SHELLS = 5
"""Levels of shells between a hook and its harness."""
_SHELLS = ("sh", "bash", "dash", "zsh", "fish", "timeout", "env")
_CLOSE = 1.0
"""Seconds by which two readings of one start may differ."""


def marks_dir(mem_dir: str) -> str:
    """The directory of the marks, and of what else hooks note about running sessions (`<session>.<what>`)."""
    return os.path.join(mem_dir, LIVENESS_DIR)


def mark_alive(mem_dir: str, session: str, process: int) -> None:
    """Mark a session as that of a hook's process, or of the harness above it. Raises OSError."""
    _write_mark(mem_dir, session, mark_of(process))


def mark_ended(mem_dir: str, session: str) -> None:
    """Mark a session as ended, whoever comes to process the end. Raises OSError."""
    _write_mark(mem_dir, session, ENDED_MARK)


def mark_of(process: int) -> str:
    """The mark of the harness that a hook's process belongs to."""
    number = _harness_above(process)
    start = _start_of(number)
    return f"{number} {start[0]:.2f} {start[1]:.2f}" if start else str(number)


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
    marks = [(session, _read_mark(mem_dir, session)) for session in sorted(_names(mem_dir)) if "." not in session]
    return [(session, mark == ENDED_MARK) for session, mark in marks if not _is_alive(mark)]


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


def _is_alive(mark: str) -> bool:
    """Whether the process of a mark still runs; False for `ended`, a torn mark and none."""
    number, *start = mark.split() or [""]
    if not (number.isdecimal() and int(number) and _exists(int(number))):
        return False
    return not _is_zombie(int(number)) and _has_started(int(number), start)


def _exists(process: int) -> bool:
    try:
        os.kill(process, 0)
        return True
    except PermissionError:
        return True  # another user's
    except (OSError, OverflowError):
        return False


def _has_started(process: int, start: list[str]) -> bool:
    """Whether a process started when its mark says. The clock may have been set since, which moves the system's start
    too, or only that: either the time or its distance from the system's start is the same."""
    actual = _start_of(process)
    if actual is None or len(start) != 2:
        return True
    try:
        created, booted = map(float, start)
    except ValueError:
        return False
    shift = actual[0] - created
    return abs(shift) < _CLOSE or abs(shift - (actual[1] - booted)) < _CLOSE


def _start_of(process: int) -> tuple[float, float] | None:
    """(when a process started, when the system did) in seconds since the epoch; None where that is not known."""
    created = _ask(process, lambda found: found.create_time())
    booted = _ask(process, lambda _: _boot_time())
    return (created, booted) if created is not None and booted is not None else None


def _boot_time() -> float:
    import psutil

    return float(psutil.boot_time())


def _is_zombie(process: int) -> bool:
    return _ask(process, lambda found: found.status()) == "zombie"


def _harness_above(process: int) -> int:
    """The harness itself, not the shells that it runs its hooks with; it may be a shell's script."""
    for _ in range(MOST_SHELLS):
        above = _ask(process, _parent_of_shell)
        if not above:
            break
        process = above
    return process


def _parent_of_shell(process: psutil.Process) -> int | None:
    """The parent of a process that runs one command only: `sh -c`, `timeout`, or a script's shell within a shell; None
    for any other process."""
    parent, name, words = process.parent(), process.name(), process.cmdline()
    if parent is None or name not in _SHELLS:
        return None
    is_command = any(word.startswith("-") and not word.startswith("--") and "c" in word for word in words[1:3])
    runs_one = name in ("timeout", "env") or is_command or words == parent.cmdline()
    return int(parent.pid) if runs_one else None


def _ask(process: int, question: Callable[[psutil.Process], Answer]) -> Answer | None:
    """What psutil says about a process; None where it cannot tell or is not installed."""
    try:
        import psutil
    except ImportError:
        return None
    try:
        return question(psutil.Process(process))
    except (psutil.Error, OSError, RuntimeError):
        return None
