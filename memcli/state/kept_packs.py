"""The bytes of packs, each in a file named by their sha256; kept for 180 days.

Contract: a file appears whole or not at all, for its owner alone; what is read is checked against its name. Losing
them loses nothing that the sessions' reads and git's blobs cannot give again.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from pathlib import Path

from memcli.git.layout import Layout
from memcli.system.file_modes import file_mode, make_directory

KEEP_SECONDS = 180 * 86_400


class DamagedPack(Exception):
    """A kept pack whose bytes are no longer those of its name."""


def pack_id(data: bytes) -> str:
    """The name of a pack: the sha256 of its bytes."""
    return hashlib.sha256(data).hexdigest()


class Packs:
    """The kept packs of one repository."""

    def __init__(self, layout: Layout) -> None:
        self._home = Path(layout.mem_dir, "packs")

    def keep(self, data: bytes) -> None:
        """Keep a pack, and drop those that are too old. Raises OSError, nothing kept, where nothing can be written."""
        make_directory(self._home)
        name = pack_id(data)
        temporary = self._home / f".{name}.{os.getpid()}"
        try:
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, file_mode()), "wb") as stream:
                stream.write(data)
            temporary.replace(self._home / name)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        self._sweep()

    def _sweep(self) -> None:
        """By the files' own times and the real clock: an instant that a caller has set must not make them old."""
        oldest = time.time() - KEEP_SECONDS
        with os.scandir(self._home) as files:
            for file in files:
                try:
                    if file.stat(follow_symlinks=False).st_mtime < oldest:
                        os.unlink(file.path)  # noqa: PTH108, a scan of thousands needs no paths
                except OSError:
                    continue  # another process was quicker

    def matching(self, prefix: str) -> list[str]:
        """The names of the kept packs that begin with `prefix`, sorted."""
        try:
            names = os.listdir(self._home)  # noqa: PTH208
        except OSError:
            return []
        return sorted(name for name in names if re.fullmatch(r"[0-9a-f]{64}", name) and name.startswith(prefix))

    def read(self, name: str) -> bytes | None:
        """A pack's bytes, None where it is not kept. Raises DamagedPack."""
        try:
            data = (self._home / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise DamagedPack(error.strerror or "it cannot be read") from error
        if pack_id(data) != name:
            raise DamagedPack("its bytes do not have the hash of its name")
        return data
