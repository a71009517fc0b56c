"""What a reviewer wants to see beside a candidate: the memories that its findings name, and the state of its code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from memcli.core.memory.document import DocumentError, parse_document
from memcli.core.memory.memory import Memory
from memcli.core.memory.staleness import Staleness
from memcli.core.review.waiting_candidate import WaitingCandidate
from memcli.errors import NotFound
from memcli.index.database.view import View
from memcli.operations.views.damaged_index import retry_when_damaged
from memcli.operations.views.reader import Reader
from memcli.store import parse_memory
from memcli.workspace import Workspace


@dataclass(frozen=True)
class ComparedMemory:
    """A memory that a finding is about, too; `session` proposes it, None where it is in the store."""

    memory: Memory
    session: str | None


@dataclass(frozen=True)
class CandidateContext:
    """`others`: the memories that its findings are about, too, by id; `staleness`: the state of the code that it is
    about, None where it cannot be read as a memory."""

    others: Mapping[str, ComparedMemory]
    staleness: Staleness | None


@retry_when_damaged
def candidate_context(
    workspace: Workspace, candidate: WaitingCandidate, waiting: Sequence[WaitingCandidate]
) -> CandidateContext:
    """What to show beside a candidate; the memories are looked up in the store, then among those `waiting`."""
    reader = Reader(workspace)
    ids = dict.fromkeys(id for finding in candidate.findings for id in finding.with_ids)
    with reader.main_view() as view:
        others = {id: _stored(reader, view, id) or _proposed(waiting, candidate, id) for id in ids}
    return CandidateContext({id: other for id, other in others.items() if other}, _staleness(reader, candidate))


def _stored(reader: Reader, view: View, memory_id: str) -> ComparedMemory | None:
    try:
        record = reader.visibility.find(view, memory_id)
    except NotFound:
        return None
    memory = parse_memory(view.text(record), record.path).memory
    return ComparedMemory(memory, None) if memory else None


def _proposed(waiting: Iterable[WaitingCandidate], than: WaitingCandidate, memory_id: str) -> ComparedMemory | None:
    others = ((each.candidate.after, each.session) for each in waiting if each.id == memory_id and each is not than)
    return next((ComparedMemory(memory, session) for memory, session in others if memory), None)


def _staleness(reader: Reader, candidate: WaitingCandidate) -> Staleness | None:
    try:
        front = parse_document(candidate.candidate.new_text).front()
    except DocumentError:
        return None
    judge = reader.judge()
    staleness = judge.of_fronts({candidate.id: front})[candidate.id]
    judge.remember()
    return staleness
