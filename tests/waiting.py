"""Wait for what other processes bring about: a fact ends the wait, and the limit only turns a hang into a failure."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

LIMIT = 120.0
"""Seconds; far more than any of these facts takes on a busy machine."""


def eventually(fact: Callable[[], bool]) -> bool:
    """Whether a fact comes true within the limit; asked again and again until it does."""
    end = time.monotonic() + LIMIT
    while not fact():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def a_minute_old(file: Path) -> None:
    """As if its author had written a file a minute ago and gone on to something else."""
    minute_ago = time.time() - 60
    os.utime(file, (minute_ago, minute_ago))


def has_open(pid: int, file: Path) -> bool:
    """Whether a process has a file open; False where the process has ended."""
    try:
        return str(file) in {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}
    except FileNotFoundError:
        return False
