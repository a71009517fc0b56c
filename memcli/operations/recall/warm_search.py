"""Search by meaning in a process that lives long: the Chroma collection, once it holds the store.

Nobody waits for it: the first recall starts a thread that loads Chroma and fills the collection, and until that holds
the store's tip, vectors are scanned exactly. Where the store moves on, the collection follows in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, Thread

from memcli.errors import MemError
from memcli.operations.views.chroma_sync import CHROMA, ChromaSync
from memcli.operations.views.reader import Reader


class WarmSearch:
    """What one process knows of the collection."""

    def __init__(self) -> None:
        self._tip: tuple[str, str] | None = None
        self._is_broken = False
        self._busy = Lock()

    def via(self, reader: Reader, later: Callable[[], Reader]) -> str | None:
        """Where the next recall searches vectors: `chroma` where the collection holds the store's tip, None (as
        `mem.dense` says) otherwise; `later` opens what it is brought along with. Raises NoStore."""
        if self._is_broken or not ChromaSync(reader).suits_long_lives():
            return None
        if self._tip == reader.tip():
            return CHROMA
        if self._busy.acquire(blocking=False):
            Thread(target=self._bring_along, args=(later,), daemon=True).start()
        return None

    def _bring_along(self, later: Callable[[], Reader]) -> None:
        try:
            reader = later()
            tip = reader.tip()
            ChromaSync(reader).synced()
            self._tip = tip
        except (MemError, OSError):
            self._is_broken = True  # words and the exact scan go on without it
        finally:
            self._busy.release()
