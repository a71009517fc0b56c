"""`mem retire`: a memory that is no longer in use, still readable in the history and with `--all`."""

from __future__ import annotations

from memcli.core.memory.instants import format_instant
from memcli.core.memory.retirement import retired
from memcli.core.review.private import without_private
from memcli.errors import Refused
from memcli.operations.memories.changes import open_memory, record_change, with_private_finding
from memcli.operations.writing.record import Recorded
from memcli.workspace import Workspace


def retire_memory(workspace: Workspace, memory_id: str, reason: str) -> Recorded:
    """Propose to retire a memory. Raises NotFound, Refused where it is not in use any more."""
    opened = open_memory(workspace, memory_id)
    record = opened.record
    if record.status in ("retired", "withdrawn"):
        raise Refused(f"{memory_id} is already {record.status}", f"'mem log {record.id[-6:]}' shows its history")
    reason, removed = without_private(reason)
    now = format_instant(workspace.now)
    document = retired(opened.document, reason or "no longer holds", now, workspace.actor.name)
    return with_private_finding(record_change(workspace, "retire", opened, document), removed)
