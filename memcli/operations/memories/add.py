"""`mem add`: new memories in the caller's session."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from memcli.branch import store_to_write
from memcli.core.finding import Finding
from memcli.core.memory.document import Value
from memcli.core.memory.memory import Memory
from memcli.core.review.private import value_without_private, without_private
from memcli.core.review.recorded_text import refuse_secret
from memcli.core.session.entry_verbs import ADD
from memcli.errors import Conflict, MemError
from memcli.operations.memories.given_ids import with_full_ids
from memcli.operations.memories.idempotency_key import once_id, recorded_once
from memcli.operations.memories.new_memory import complete_memory
from memcli.operations.memories.repeated_adds import RepeatedAdds
from memcli.operations.writing.admission import pack_left_out, private_left_out
from memcli.operations.writing.anchor_blobs import with_blobs
from memcli.operations.writing.author import Author, author_of
from memcli.operations.writing.new_files import NewFile, new_files
from memcli.operations.writing.proposed_texts import ProposedTexts, texts_of_session
from memcli.operations.writing.record import (
    COMMITTED,
    Acknowledged,
    Recorded,
    drain_entry,
    path_made,
    record_entry,
    refuse_blocked,
)
from memcli.workspace import Workspace

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes
    from memcli.operations.views.reader import Reader
    from memcli.sessions import Sessions
    from memcli.store import Store


@dataclass(frozen=True)
class _CleanInput:
    """The values of a new memory without their private parts, and how many there were."""

    values: Mapping[str, Value]
    private: int

    def removals(self, memory_id: str) -> tuple[Finding, ...]:
        """The findings about what was left out of it."""
        return (*private_left_out(memory_id, self.private), *pack_left_out(memory_id, self.values.get("body")))


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
    new_id = workspace.clock.new_memory_id
    ids = [once_id(key, number) if key else new_id() for number in range(len(inputs))]
    if key:
        drain = partial(drain_entry, workspace)
        earlier = recorded_once(key, ids, workspace.journal, workspace.oplog, drain)
        if earlier and len(earlier) == len(inputs):
            return earlier

    def open_reader() -> Reader:
        from memcli.operations.views.reader import Reader

        return Reader(workspace)

    whole = _with_full_ids(inputs, open_reader, places)
    clean = [_CleanInput(*value_without_private(values)) for values in whole]
    with workspace.session_to_write() as (session, started):
        author = author_of(workspace.actor, session)
        memories = _memories([item.values for item in clean], ids, author, places)
        anchored = partial(with_blobs, worktree=workspace.layout.worktree, code=lambda: workspace.code)
        memories = [replace(memory, paths=anchored(memory.paths)) for memory in memories]
        files = _files(memories, workspace.excludes, places)
        waiting = workspace.journal.entries(session)
        repeats = RepeatedAdds(session, waiting, lambda: _committed_texts(workspace.store, workspace.sessions, session))
        new = repeats.without_repeats(files)
        written = _record(workspace, session, new, key) if new else None
    answers = ((_answer(file, written, repeats), item) for file, item in zip(files, clean, strict=True))
    recorded = [
        replace(answer, started=started, findings=(*answer.findings, *item.removals(answer.id)))
        for answer, item in answers
        if answer
    ]
    if not recorded:
        raise Conflict(f"the session {session} was changed meanwhile; nothing was recorded", "run the command again")
    return recorded


def _with_full_ids(
    inputs: Sequence[Mapping[str, Value]], open_reader: Callable[[], Reader], places: Sequence[str]
) -> Iterator[Mapping[str, Value]]:
    """The inputs with whole ids of the memories that they name. Raises NotFound, Usage, Refused."""
    for number, values in enumerate(inputs):
        with _naming(places, number):
            full = with_full_ids(values, open_reader)
        yield full


def _memories(
    inputs: Sequence[Mapping[str, Value]], ids: Sequence[str], author: Author, places: Sequence[str]
) -> list[Memory]:
    """The new memories with these ids. Raises Usage, Refused at the first that cannot be one."""
    memories = list[Memory]()
    for number, (values, memory_id) in enumerate(zip(inputs, ids, strict=True)):
        with _naming(places, number):
            memories.append(complete_memory(values, memory_id, author))
    return memories


def _files(memories: Sequence[Memory], excludes: Excludes | None, places: Sequence[str]) -> list[NewFile]:
    """The files of the new memories. Raises Refused at the first with a blocking finding."""
    files = list[NewFile]()
    for number, file in enumerate(new_files(memories, excludes)):
        with _naming(places, number):
            refuse_blocked(file.findings)
        files.append(file)
    return files


@contextmanager
def _naming(places: Sequence[str], number: int) -> Iterator[None]:
    """Let an error about one of several inputs say which it is, and that none of them was recorded."""
    try:
        yield
    except MemError as error:
        if places:
            error.message = f"{places[number]}: {error.message}"
            error.hint = f"{error.hint}; nothing of the batch was recorded"
        raise


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
