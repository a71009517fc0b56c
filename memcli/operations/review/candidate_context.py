"""What a reviewer wants to see beside a candidate: the memories that its findings name, and the state of its code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from memcli.core.memory.document import DocumentError, Value, parse_document
from memcli.core.memory.memory import Memory, front_matter
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
    """A memory that a finding is about, too; `session` proposes it, None where it is in the store; `staleness`: the
    state of the code that it is about."""

    memory: Memory
    session: str | None
    staleness: Staleness


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
    known = {id: other for id, other in others.items() if other}
    judge = reader.judge()
    staleness = judge.of_fronts(
        {**{id: front_matter(memory) for id, (memory, _) in known.items()}, **_front(candidate)}
    )
    judge.remember()
    compared = {id: ComparedMemory(memory, session, staleness[id]) for id, (memory, session) in known.items()}
    return CandidateContext(compared, staleness.get(candidate.id))


_Found = tuple[Memory, str | None]
"""A memory, and the session that proposes it."""


def _stored(reader: Reader, view: View, memory_id: str) -> _Found | None:
    try:
        record = reader.visibility.find(view, memory_id)
    except NotFound:
        return None
    memory = parse_memory(view.text(record), record.path).memory
    return (memory, None) if memory else None


def _proposed(waiting: Iterable[WaitingCandidate], than: WaitingCandidate, memory_id: str) -> _Found | None:
    others = (
        (candidate.candidate.after, candidate.session)
        for candidate in waiting
        if candidate.id == memory_id and candidate is not than
    )
    return next(((memory, session) for memory, session in others if memory), None)


def _front(candidate: WaitingCandidate) -> Mapping[str, Mapping[str, Value]]:
    """{id: front matter} of a candidate; empty where it cannot be read."""
    try:
        return {candidate.id: parse_document(candidate.candidate.new_text).front()}
    except DocumentError:
        return {}
