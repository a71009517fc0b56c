"""`mem add`: new memories in the caller's session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from memcli.branch import store_to_write
from memcli.core.memory.document import Value
from memcli.core.memory.memory import Memory
from memcli.core.review.private import without_private
from memcli.core.review.recorded_text import refuse_secret
from memcli.core.session.entry_verbs import ADD
from memcli.errors import Conflict, MemError
from memcli.operations.memories.idempotency_key import once_id, recorded_once
from memcli.operations.memories.new_batch import NewBatch
from memcli.operations.memories.repeated_adds import RepeatedAdds
from memcli.operations.writing.anchor_blobs import with_blobs
from memcli.operations.writing.author import author_of
from memcli.operations.writing.new_files import NewFile
from memcli.operations.writing.proposed_texts import ProposedTexts, texts_of_session
from memcli.operations.writing.record import (
    COMMITTED,
    Acknowledged,
    Recorded,
    drain_entry,
    path_made,
    record_entry,
)
from memcli.workspace import Workspace

if TYPE_CHECKING:
    from memcli.operations.views.reader import Reader
    from memcli.sessions import Sessions
    from memcli.store import Store


def add_memories(
    workspace: Workspace,
    inputs: Sequence[Mapping[str, Value]],
    once: str | None = None,
    places: Sequence[str] = (),
) -> list[Recorded]:
    """Record new memories (their front matter keys and `body`) as one operation: all of them or none.

    One that the session says already makes nothing, and the first is returned as `known`. With `once`, an idempotency
    key, a second call records nothing and returns what the first one recorded. `places` tell in an error which of the
    inputs it is about, one for each. Raises Usage for an empty body, NotFound for an unknown id among the values,
    Refused for blocking findings, Failure where nothing could be recorded.
    """
    store_to_write(workspace.layout)
    key = (once and without_private(once)[0]) or None
    refuse_secret(key or "", "idempotency key")
    ids = [once_id(key, number) if key else workspace.clock.new_memory_id() for number in range(len(inputs))]
    if key:
        drain = partial(drain_entry, workspace)
        earlier = recorded_once(key, ids, workspace.journal, workspace.oplog, drain)
        if earlier and len(earlier) == len(inputs):
            return earlier

    def open_reader() -> Reader:
        from memcli.operations.views.reader import Reader  # few new memories name others

        return Reader(workspace)

    batch = NewBatch(inputs, ids, places).cleaned(open_reader)
    with workspace.session_to_write() as (session, started):
        anchored = partial(with_blobs, worktree=workspace.layout.worktree, code=lambda: workspace.code)
        files = batch.files(author_of(workspace.actor, session), anchored, workspace.excludes)
        waiting = workspace.journal.entries(session)
        repeats = RepeatedAdds(session, waiting, lambda: _committed_texts(workspace.store, workspace.sessions, session))
        new = repeats.without_repeats(files)
        written = _record(workspace, session, new, key) if new else None
        if not new and waiting:
            drain_entry(workspace, waiting[-1].op)  # of entries that say the same, the drain tells which one is made
    answers = ((number, _answer(file, written, repeats)) for number, file in enumerate(files))
    recorded = [
        replace(answer, started=started, findings=(*answer.findings, *batch.removals(number, answer.id)))
        for number, answer in answers
        if answer
    ]
    if not recorded:
        raise Conflict(f"the session {session} was changed meanwhile; nothing was recorded", "run the command again")
    return recorded


def _record(workspace: Workspace, session: str, new: Sequence[NewFile], key: str | None) -> Acknowledged:
    """Record the new files as one entry; where its key was carried out already, what that made."""
    memories = [file.memory for file in new]
    entry = workspace.actor.entry(ADD, session, [file.edit for file in new], _note(memories, key))
    written = record_entry(workspace, entry)
    if key and written.state == COMMITTED and written.operation is None:
        quicker = workspace.oplog.find_once(key)  # that of another process
        return replace(written, operation=quicker, session=quicker.session if quicker else session)
    return written


def _committed_texts(store: Store, sessions: Sessions, session: str) -> ProposedTexts:
    """What a session proposes; nothing where it cannot be read, since what is asked for is recorded already."""
    try:
        loaded = sessions.load(session, ended=True)
        return texts_of_session(store, loaded, store.tree_of(loaded.tip))
    except (MemError, OSError):
        return ProposedTexts(())


def _answer(file: NewFile, written: Acknowledged | None, repeats: RepeatedAdds) -> Recorded | None:
    """What became of a new memory; None where it repeated one that is gone."""
    is_made = written and written.operation and path_made(written.operation, file.memory.id)
    known = None if is_made else repeats.known(file)
    if known or written is None:
        return known
    return Recorded.of(file.edit, written, file.findings) if is_made or written.state != COMMITTED else None


def _note(memories: Sequence[Memory], once: str | None) -> dict[str, str]:
    summary = memories[0].title if len(memories) == 1 else f"{len(memories)} memories"
    return {"summary": summary, **({"once": once} if once else {})}
