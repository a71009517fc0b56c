"""Which process a session belongs to: `<common>/mem/live/<session>`, one line `pid starttime`, or `ended`.

The start time (in the kernel's ticks) tells a process from a later one with its number; `0` where nobody can tell.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

LIVE, ENDED = "live", "ended"
MOST_SHELLS = 5
_SHELLS = ("sh", "bash", "dash", "zsh", "fish", "timeout", "env")


def mark_owner(mem_dir: str, session: str, process: int) -> None:
    """Note whose session it is: the process, or the harness above it where it is a shell. Raises OSError."""
    Path(mem_dir, LIVE).mkdir(mode=0o700, parents=True, exist_ok=True)
    Path(mem_dir, LIVE, session).write_text(f"{owner(process)}\n", encoding="ascii")


def owner(process: int) -> str:
    """The harness that a hook's process belongs to, as a mark tells it."""
    found = _harness(process)
    return f"{found} {_started(found)}"


def is_over(mem_dir: str, session: str) -> bool:
    """Whether the harness has said that a session is over, and nobody has gone on with it since."""
    return _said(mem_dir, session) == ENDED


def mark_ended(mem_dir: str, session: str) -> None:
    """Note that the end of a session is known; where it had no mark it gets none. Raises OSError."""
    file = Path(mem_dir, LIVE, session)
    if file.exists():
        file.write_text(f"{ENDED}\n", encoding="ascii")


def is_marked(mem_dir: str, session: str) -> bool:
    """Whether a harness has said that a session is its own."""
    return Path(mem_dir, LIVE, session).exists()


def left_behind(mem_dir: str) -> list[tuple[str, bool]]:
    """(session, whether its end is known) of every marked session whose process is gone."""
    try:
        names = sorted(file.name for file in Path(mem_dir, LIVE).iterdir() if "." not in file.name)
    except OSError:
        return []
    said = {name: _said(mem_dir, name) for name in names}
    return [(name, text == ENDED) for name, text in said.items() if text == ENDED or not _is_alive(text)]


def is_left(mem_dir: str, session: str) -> bool:
    """Whether nobody is at work in a session now: its end is known, its process is gone, or there is no mark."""
    text = _said(mem_dir, session)
    return text == ENDED or not _is_alive(text)


def forget(mem_dir: str, session: str) -> None:
    """Take a session's marks away."""
    with suppress(OSError):
        for file in Path(mem_dir, LIVE).iterdir():
            if file.name == session or file.name.startswith(f"{session}."):
                file.unlink(missing_ok=True)


def _said(mem_dir: str, session: str) -> str:
    try:
        return Path(mem_dir, LIVE, session).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def _is_alive(said: str) -> bool:
    number, _, began = said.partition(" ")
    try:
        process = int(number)
        os.kill(process, 0)
    except PermissionError:
        return True  # somebody else's, but there
    except (OSError, ValueError, OverflowError):
        return False
    return began in ("", "0", _started(process)) and not _is_zombie(process)


def _harness(process: int) -> int:
    """The harness itself, not the shells that it runs its hooks with; it may be a shell's script."""
    for _ in range(MOST_SHELLS):
        _, fields = _stat(process)
        if len(fields) < 2 or not _is_passing(process, int(fields[1])):
            break
        process = int(fields[1])
    return process


def _is_passing(process: int, parent: int) -> bool:
    """Whether a process is there for one command only: `sh -c`, `timeout`, or a script's shell within a shell."""
    name, _ = _stat(process)
    words = _command(process)
    if name not in _SHELLS:
        return False
    is_command = any(word.startswith("-") and not word.startswith("--") and "c" in word for word in words[1:3])
    return name in ("timeout", "env") or is_command or words == _command(parent)


def _command(process: int) -> list[str]:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return []


def _started(process: int) -> str:
    _, fields = _stat(process)
    return fields[19] if len(fields) > 19 else "0"


def _is_zombie(process: int) -> bool:
    return _stat(process)[1][:1] == ["Z"]


def _stat(process: int) -> tuple[str, list[str]]:
    """What the kernel says of a process: its name, which may hold anything, and the fields behind it."""
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "", []
    before, _, after = text.rpartition(")")
    return before.partition("(")[2], after.split()
