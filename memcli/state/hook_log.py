"""What became of hooks, for `mem doctor`: a line for each event that went well, or failed, and when.

Bounded, and never worth a failure of its own: what cannot be written is not written. Imports next to nothing.
"""

from __future__ import annotations

import os
import time

from memcli.system.file_modes import file_mode, make_directory

FILE = "hooks.log"
LIMIT = 1 << 18
"""Bytes that the file may have before the older half goes, but for the last success of each event."""


def append_success(mem_dir: str, event: str) -> None:
    """Note that an event (`claude.stop`) went well just now."""
    _append(mem_dir, event)


def append_failure(mem_dir: str, event: str, error: str) -> None:
    """Note that an event went wrong, and why."""
    _append(mem_dir, f"{event} {' '.join(error.split())[:500]}")


def _append(mem_dir: str, text: str) -> None:
    line = f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {text}\n"
    try:
        make_directory(mem_dir)
        file = os.path.join(mem_dir, FILE)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, file_mode())
        try:
            os.write(handle, line.encode("utf-8", "replace"))
            size = os.fstat(handle).st_size
        finally:
            os.close(handle)
        if size > LIMIT:
            _shorten(file)
    except OSError:
        return


def _shorten(file: str) -> None:
    lines = _lines(file)
    older, newer = lines[: len(lines) // 2], lines[len(lines) // 2 :]
    successes = {line.split(" ", 2)[1]: line for line in older if line.count(" ") == 1}
    temporary = os.path.join(os.path.dirname(file), f".{FILE}.{os.getpid()}")
    with open(temporary, "w", encoding="utf-8") as stream:
        stream.write("".join(f"{line}\n" for line in (*successes.values(), *newer)))
    os.replace(temporary, file)


def _lines(file: str) -> list[str]:
    with open(file, encoding="utf-8", errors="replace") as stream:
        return stream.read().split("\n")[:-1]


def read(mem_dir: str) -> dict[str, tuple[str, list[str]]]:
    """{event: (time of its last success or ``, `<time>: <error>` of each failure since)}."""
    outcomes: dict[str, tuple[str, list[str]]] = {}
    try:
        lines = _lines(os.path.join(mem_dir, FILE))
    except OSError:
        return {}
    for at, event, *error in (line.split(" ", 2) for line in lines if " " in line):
        success, failures = outcomes.get(event, ("", []))
        outcomes[event] = (success, [*failures, f"{at}: {error[0]}"]) if error else (at, [])
    return outcomes
