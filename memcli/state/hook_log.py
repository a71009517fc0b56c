"""What became of hooks: the last success of each event, and the failures, for `mem doctor`.

A success is the time of an empty file; a failure is a line. Bounded, and never worth a failure of its own.
"""

from __future__ import annotations

import os
import time

HOME, FAILURES = "hooks", "failures"
MOST = 1 << 18
"""Bytes of failures that are kept before the older half goes."""


def succeeded(mem_dir: str, event: str) -> None:
    """Note that an event (`claude.stop`) went well just now."""
    try:
        home = os.path.join(mem_dir, HOME)
        os.makedirs(home, mode=0o700, exist_ok=True)
        os.close(os.open(os.path.join(home, event), os.O_WRONLY | os.O_CREAT, 0o600))
        os.utime(os.path.join(home, event))
    except OSError:
        return


def failed(mem_dir: str, event: str, error: str) -> None:
    """Note that an event went wrong, and why."""
    line = f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {event} {' '.join(error.split())[:500]}\n"
    try:
        home = os.path.join(mem_dir, HOME)
        os.makedirs(home, mode=0o700, exist_ok=True)
        file = os.path.join(home, FAILURES)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(handle, line.encode("utf-8", "replace"))
        os.close(handle)
        if os.path.getsize(file) > MOST:
            _halve(file)
    except OSError:
        return


def _halve(file: str) -> None:
    with open(file, "rb") as stream:
        lines = stream.read().split(b"\n")
    with open(file, "wb") as stream:
        stream.write(b"\n".join(lines[len(lines) // 2 :]))


def read(mem_dir: str) -> tuple[dict[str, float], list[tuple[str, str, str]]]:
    """({event: seconds since the epoch of its last success}, [(at, event, error)] oldest first)."""
    home = os.path.join(mem_dir, HOME)
    try:
        names = sorted(name for name in os.listdir(home) if name != FAILURES)
        known = {name: os.path.getmtime(os.path.join(home, name)) for name in names}
    except OSError:
        return {}, []
    try:
        with open(os.path.join(home, FAILURES), encoding="utf-8", errors="replace") as stream:
            lines = [line.rstrip("\n").split(" ", 2) for line in stream]
    except OSError:
        lines = []
    return known, [(at, event, error) for at, event, error in (line for line in lines if len(line) == 3)]
