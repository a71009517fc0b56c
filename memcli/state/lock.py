"""The one lock of the store: `flock`, so that a killed holder never blocks anybody."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from memcli.system.file_modes import file_mode, make_directory

POLL_SECONDS = (0.005, 0.05)
"""The first and the longest pause between two tries: many waiting writers must not keep the holder from its work."""


@contextmanager
def hold(path: Path, timeout: float, give_up: Callable[[], bool] = lambda: False) -> Iterator[bool]:
    """Yield whether the lock was obtained within `timeout` seconds; `give_up` is asked while waiting.

    A writer whose entry the holder has drained meanwhile gives up waiting: that is what makes commits group.
    """
    make_directory(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, file_mode())
    try:
        yield _obtain(handle, time.monotonic() + timeout, give_up)
    finally:
        os.close(handle)


def _obtain(handle: int, deadline: float, give_up: Callable[[], bool]) -> bool:
    pause, longest = POLL_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= deadline or give_up():
                return False
            time.sleep(pause)
            pause = min(longest, 1.5 * pause)
