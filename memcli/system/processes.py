"""What the operating system tells about processes: when one started, what is above it, what it runs.

psutil answers for Linux, macOS and the BSDs. It takes 10 ms to import, so hooks that only record do without. Where it
cannot tell (Linux without /proc), every answer is empty.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    import psutil

    Answer = TypeVar("Answer")

MOST_SHELLS = 5
"""Levels of shells between a command and its harness."""
MOST_ABOVE = 40
"""Levels of processes that are looked at."""
_SHELLS = ("sh", "bash", "dash", "zsh", "fish", "timeout", "env")


def exists(process: int) -> bool:
    """Whether a process has this number, anybody's."""
    try:
        os.kill(process, 0)
        return True
    except PermissionError:
        return True  # another user's
    except (OSError, OverflowError):
        return False


def is_zombie(process: int) -> bool:
    """Whether a process has ended and nobody has waited for it."""
    return _ask(process, lambda asked: asked.status()) == "zombie"


def start_of(process: int) -> tuple[float, float] | None:
    """(when a process started, when the system did) in seconds since the epoch; None where that is not known."""
    created = _ask(process, lambda asked: asked.create_time())
    booted = _ask(process, lambda _: _boot_time())
    return (created, booted) if created is not None and booted is not None else None


def with_ancestors(process: int) -> list[int]:
    """A process and those above it, the nearest first."""
    above = _ask(process, lambda asked: [int(ancestor.pid) for ancestor in asked.parents()[:MOST_ABOVE]])
    return [process, *(above or ())]


def above_shells(process: int) -> int:
    """This process, or the first above it that is not a shell which runs one command; it may be a shell's script."""
    for _ in range(MOST_SHELLS):
        above = _ask(process, _parent_of_shell)
        if not above:
            break
        process = above
    return process


def command_line(process: int) -> list[str]:
    """The program and the arguments of a process; empty where that is not known."""
    return _ask(process, lambda asked: list[str](asked.cmdline())) or []


def processes_below(directory: str) -> list[tuple[int, list[str]]]:
    """(process, its command line) of every process whose working directory is this one, or below it."""
    try:
        import psutil
    except ImportError:
        return []
    running = [(int(asked.pid), asked.info) for asked in psutil.process_iter(["cmdline", "cwd"])]
    return [(process, info["cmdline"] or []) for process, info in running if _is_below(info["cwd"], directory)]


def _is_below(path: str | None, directory: str) -> bool:
    return f"{path or ''}{os.sep}".startswith(f"{directory.rstrip(os.sep)}{os.sep}")


def _boot_time() -> float:
    import psutil

    return float(psutil.boot_time())


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
