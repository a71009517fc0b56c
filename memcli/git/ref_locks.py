"""The `.lock` files beside refs that a killed process of ours has left.

Everybody after it, git included, is refused until they are gone. git's own look the same, so a lock counts as ours only
where it is beside a ref that the killed process was about to move, was made right after that was written down, holds
nothing or the ref's new value, and has not been touched since.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from memcli.git.objects import Move

AT_ONCE = 1.0
"""Seconds within which a process that has written its intent locks its refs."""
SILENT = 2.0
"""Seconds after which a lock that nobody has touched is nobody's; git holds one for milliseconds."""
_POLL = 0.05


def lock_files(common: Path) -> list[Path]:
    """The `.lock` files beside refs that mem moves, sorted: who holds one keeps everybody else from moving the ref."""
    trees = (common / "refs/heads/mem", common / "refs/mem")
    locks = [common / "packed-refs.lock", *(lock for tree in trees for lock in tree.rglob("*.lock"))]
    return sorted(lock for lock in locks if lock.exists())


def release(common: Path, moves: Iterable[Move], intent: float) -> None:
    """Remove the locks that the killed process of an intent (written at that time of the file system) has left.

    Waits until they are silent: this is the one chance to tell whose they are. Call it with the store's lock held.
    """
    for move in moves:
        lock = common / f"{move.ref}.lock"
        with suppress(OSError):
            while _is_left(lock, move, intent):
                if time.time() - lock.stat().st_mtime > SILENT:
                    lock.unlink()
                else:
                    time.sleep(_POLL)


def _is_left(lock: Path, move: Move, intent: float) -> bool:
    """Raises OSError where there is no lock."""
    at_once = 0 <= lock.lstat().st_mtime - intent <= AT_ONCE
    return at_once and lock.read_bytes().strip() in (b"", (move.new or "").encode())
