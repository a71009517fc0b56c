"""Files of a session's worktree whose save was undone: what their author wrote there is in no candidate any more.

Contract: such a file stays as it is until its author changes it, restores what the session has, or deletes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from memcli.branch import SESSIONS
from memcli.core.memory.anchors import blob_id
from memcli.git.ref_files import read_ref
from memcli.operations.writing.known_files import KnownFile
from memcli.operations.writing.session_files import SessionFiles
from memcli.state.oplog import Oplog
from memcli.store import Store


@dataclass(frozen=True)
class UndoneSaves:
    """The undone saves of one session's worktree."""

    store: Store
    oplog: Oplog
    files: SessionFiles
    session: str

    def of(self, path: str, known: KnownFile) -> KnownFile | None:
        """What is known of a file whose last save was undone, as if it had never been made; None for any other."""
        data = self.files.worktree.read(path)
        if not known.op or data is None or self._in_session(path) in (known.text, blob_id(data)):
            return None
        change = self.oplog.undone_change(known.op, path)
        return replace(known, text=change.before or "") if change else None

    def is_restored(self, path: str, known: KnownFile, data: bytes) -> bool:
        """Whether the author put back, after an undone save, what the session has."""
        return bool(known.op) and self._in_session(path) == blob_id(data)

    def _in_session(self, path: str) -> str | None:
        """The blob that the session has at a path."""
        layout = self.files.worktree.layout
        tip = read_ref(layout, SESSIONS + self.session) or self.files.worktree.head
        return self.store.odb.file(self.store.tree_of(tip), path)
