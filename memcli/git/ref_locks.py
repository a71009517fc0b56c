"""The `.lock` files that a transaction of ours holds beside refs, noted so that they can be told from git's own.

A killed process leaves them, and everybody after it, git included, is refused until they are gone. Contract: only what
is ours is removed: noted by inode, or, where the kill came before the note, as empty and as old as the intent that
was written just before, and untouched since. Call it with the store's lock held.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from pathlib import Path

_AT_ONCE = 1.0
"""Seconds within which a process that has written its intent locks its refs."""
_POLL = 0.05
SILENT = 2.0
"""Seconds after which an empty lock that nobody has noted is nobody's; git holds one for milliseconds."""


class Held:
    """The ref locks of one repository's running transaction."""

    def __init__(self, common: Path) -> None:
        self._common, self._note = common, common / "mem" / "locks"

    def note(self, refs: Iterable[str]) -> None:
        """Remember the locks of `refs`, which this process has just obtained. Raises OSError."""
        self._note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._note.write_text(json.dumps({ref: self._lock(ref).stat().st_ino for ref in refs}), encoding="utf-8")

    def forget(self) -> None:
        """The transaction is over, and with it its locks."""
        self._note.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove the locks that a killed process has noted."""
        try:
            noted = json.loads(self._note.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        except ValueError:
            noted = {}  # torn while it was written
        for ref, inode in noted.items():
            found = _stat(self._lock(ref))
            if found and found.st_ino == inode:
                self._lock(ref).unlink(missing_ok=True)
        self.forget()

    def sweep_unnoted(self, refs: Iterable[str], intent: float) -> None:
        """Remove the locks of `refs` that a process took right after its intent (a time of the file system).

        Waits until they are silent: this is the one chance to tell whose they are.
        """
        for ref in refs:
            while (found := _stat(self._lock(ref))) and _is_of(found, intent):
                if time.time() - found.st_mtime > SILENT:
                    self._lock(ref).unlink(missing_ok=True)
                else:
                    time.sleep(_POLL)

    def _lock(self, ref: str) -> Path:
        return self._common / f"{ref}.lock"


def _stat(file: Path) -> os.stat_result | None:
    try:
        return file.lstat()
    except OSError:
        return None


def _is_of(found: os.stat_result, intent: float) -> bool:
    return found.st_size == 0 and 0 <= found.st_mtime - intent <= _AT_ONCE
