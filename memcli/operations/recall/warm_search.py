"""Search by meaning in a process that lives long: the Chroma collection, once it holds the store.

Nobody waits for it: a recall that finds it behind starts a process that brings it to the store's tip, and vectors are
scanned exactly until that is done. A process, not a thread: two threads that import Chroma and numpy at once get halves
of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from memcli.operations.views.chroma_sync import CHROMA, ChromaSync
from memcli.operations.views.reader import Reader
from memcli.system.detached import is_over, start_command

BRING_ALONG = ["index", "sync", "--chroma"]


class WarmSearch:
    """What one process knows of the collection; the process that brings it along runs in `directory`."""

    def __init__(self, directory: Path, environ: Mapping[str, str]) -> None:
        self._directory, self._environ = directory, environ
        self._tip: tuple[str, str] | None = None
        self._process: int | None = None

    def via(self, reader: Reader) -> str | None:
        """Where the next recall searches vectors: `chroma` where the collection was brought to the store's tip, None
        (as `mem.dense` says) otherwise. Raises NoStore."""
        tip = reader.tip()
        if self._process is not None and not is_over(self._process):
            return None
        self._process = None
        if not ChromaSync(reader).suits_long_lives():
            return None
        if self._tip == tip:
            return CHROMA
        with suppress(OSError):
            self._process = start_command(BRING_ALONG, str(self._directory), self._environ)
            self._tip = tip
        return None
