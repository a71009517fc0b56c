"""Idempotency keys (`mem add --once KEY`): a retry finds what an earlier call with the same key recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from memcli.core.memory.identity import ulid
from memcli.core.memory.instants import parse_instant
from memcli.operations.writing.record import COMMITTED, QUEUED, Recorded, path_made
from memcli.state.journal import Journal
from memcli.state.oplog import Oplog


def once_id(key: str, number: int) -> str:
    """The id of the memory with this number in the batch of a key; those of one batch sort by their numbers."""
    from hashlib import sha256  # most memories are added without a key, and OpenSSL takes 2 ms to load

    batch, own = (sha256("\0".join(parts).encode()).digest() for parts in ((key,), (key, str(number))))
    return ulid(parse_instant("1970-01-01"), batch[:4] + number.to_bytes(3, "big") + own[:3])


def recorded_once(
    key: str, ids: Iterable[str], journal: Journal, oplog: Oplog, drain: Callable[[str], str]
) -> list[Recorded]:
    """What an earlier call with this key recorded of the memories with these ids, empty where none did.

    An entry that still waits in the journal is drained first: `drain` takes its operation and returns why that failed.
    """
    waiting = next((entry for entry in journal.readable() if entry.note.get("once") == key), None)
    delayed = drain(waiting.op) if waiting else ""
    if operation := oplog.find_once(key):
        made = ((id, path_made(operation, id)) for id in ids)
        return [Recorded(id, operation.session, COMMITTED, path, ()) for id, path in made if path]
    if waiting is None or not journal.waits(waiting.op):
        return []  # nothing was recorded, or it was set aside
    return [Recorded(edit.id, waiting.session, QUEUED, edit.path, (), delayed=delayed) for edit in waiting.edits]
