"""Reflogs, read with plain files. Hooks that only record use it, so it imports only `os`."""

from __future__ import annotations

import os
from collections.abc import Iterator

TAIL = 1 << 16
"""Bytes at the end of a reflog that are read."""


def newest_moves(directory: str, ref: str) -> Iterator[tuple[str, int, str]]:
    """(new commit, seconds since the epoch, message) of the last moves of a ref, newest first; none without a log.

    `directory` is the one that has the ref: a worktree's git directory for HEAD, else the common directory."""
    try:
        with open(os.path.join(directory, "logs", ref), "rb") as stream:
            stream.seek(max(0, os.fstat(stream.fileno()).st_size - TAIL))
            lines = stream.read().decode("utf-8", "replace").split("\n")
    except OSError:
        return
    for line in reversed(lines):
        head, _, message = line.partition("\t")  # old new Name <mail> seconds zone
        words = head.split(" ")
        if len(words) > 3 and words[-2].isdecimal():
            yield words[1], int(words[-2]), message
