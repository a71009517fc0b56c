"""When a session's files changed last, and when a save of them was last requested: an event that comes at every step of
an agent records nothing where nothing was written since.

Imports next to nothing. Where the time of the last request cannot be kept, every event requests a save.
"""

from __future__ import annotations

import os
import time

from memcli.git.layout import Layout
from memcli.state.liveness import marks_dir
from memcli.system.file_modes import make_directory

UNSETTLED_NS = 50_000_000
"""Nanoseconds within which a file may change again without a later time: clocks of file systems are coarse."""


def newest_change(layout: Layout, session: str) -> int:
    """When anything in the session's directory changed last, in nanoseconds."""
    return _newest(os.path.join(layout.tree_dir, session))


def is_requested(layout: Layout, session: str, changed: int) -> bool:
    """Whether a save was requested of the files as they were at their last change."""
    try:
        with open(_file(layout, session), encoding="ascii") as stream:
            return stream.read() == str(changed)
    except (OSError, ValueError):
        return False


def note_request(layout: Layout, session: str, changed: int) -> None:
    """Note that a save was requested; not of files that somebody may just be writing."""
    if time.time_ns() - changed < UNSETTLED_NS:
        return
    try:
        make_directory(marks_dir(layout.mem_dir))
        with open(_file(layout, session), "w", encoding="ascii") as stream:
            stream.write(str(changed))
    except OSError:
        pass  # below a read-only `.git` the next event requests it again


def _file(layout: Layout, session: str) -> str:
    return os.path.join(marks_dir(layout.mem_dir), f"{session}.saved")


def _newest(directory: str) -> int:
    newest, waiting = 0, [directory]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    status = entry.stat(follow_symlinks=False)
                    newest = max(newest, status.st_mtime_ns, status.st_ctime_ns)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except OSError:
            continue  # it was deleted meanwhile
    try:
        return max(newest, os.stat(directory).st_mtime_ns)
    except OSError:
        return newest
