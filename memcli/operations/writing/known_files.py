"""What mem knows about the files in a session's worktree: the bytes that it read or wrote last, and what it recorded.

An author may write raw text, which is recorded with front matter, and a save may be taken back while its file stays:
so what was read says whether a file has changed, not what the session holds now.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from memcli.core.memory.anchors import blob_id
from memcli.system import durable_files


@dataclass(frozen=True)
class KnownFile:
    """`read`: the blob that was read, or written, last; `text`: that of the text recorded for it; `id`: what a new
    memory gets; `op`: the author's last save of it. Empty where there is none yet."""

    read: str = ""
    text: str = ""
    id: str = ""
    op: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether mem wrote what was read, not the author."""
        return self.read == self.text

    def holds(self, data: bytes) -> bool:
        """Whether bytes are those that were read, or the text recorded for them."""
        return blob_id(data) in (self.read, self.text)


class KnownFiles:
    """The table of one worktree, {path: what is known}, kept in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.load()

    def load(self) -> None:
        """Read the file; where it is lost or damaged, the worktree's HEAD says what the files were written from."""
        try:
            fields = json.loads(self._file.read_text(encoding="utf-8"))
            self._table = {path: KnownFile(**values) for path, values in fields.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            self._table = dict[str, KnownFile]()
        self._kept = dict(self._table)

    def keep(self) -> None:
        """Write what has changed, so that it survives this process. Raises OSError."""
        if self._table != self._kept and self._file.parent.is_dir():
            text = json.dumps({path: asdict(known) for path, known in self._table.items()})
            durable_files.replace(str(self._file), text.encode())
            self._kept = dict(self._table)

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def of(self, path: str, blob: str | None) -> KnownFile:
        """What is known about a file; `blob`: the one it was written from, where nothing else is noted."""
        return self._table.get(path) or KnownFile(blob or "", blob or "")

    def note(self, path: str, known: KnownFile) -> None:
        self._table[path] = known

    def forget(self) -> None:
        """Forget everything: the worktree begins, or is gone."""
        self._table.clear()
