"""`mem why ID`: the commit, session and review that brought each line of a memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from memcli.branch import SESSIONS, store_to_read
from memcli.core.memory.questions import Question
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.git.objects import Commit
from memcli.operations.views.reader import Reader
from memcli.workspace import Workspace


@dataclass(frozen=True)
class MemoryLine:
    """A line of a memory's file and the commit that brought it."""

    line: int
    text: str
    commit: str
    at: datetime
    session: str
    agent: str | None
    review: str


@dataclass(frozen=True)
class MemoryOrigin:
    """A memory with the origin of each of its lines."""

    id: str
    title: str
    path: str
    lines: tuple[MemoryLine, ...]
    questions: tuple[Question, ...] = ()


def trace_memory(workspace: Workspace, memory_id: str) -> MemoryOrigin:
    """The origin of each line of a memory. Raises NotFound, Usage."""
    reader, odb = Reader(workspace), workspace.odb
    with reader.view() as view:
        record = reader.visibility.find(view, memory_id)
        (asked,) = view.questions.beside([record])
        texts = view.text(record).removesuffix("\n").split("\n")
    manifest = workspace.index.manifest(record.ref)
    ids = odb.blame(manifest.commit if manifest else store_to_read(workspace.layout)[1], record.path)
    commits = {id: odb.commit(id) for id in set(ids)}
    unreviewed = "not reviewed yet" if record.ref.startswith(SESSIONS) else ""
    lines = enumerate(zip(texts, ids, strict=False), 1)
    origins = tuple(_line(number, text, commits[id], unreviewed) for number, (text, id) in lines)
    return MemoryOrigin(record.id, record.title, record.path, origins, asked.questions)


def _line(number: int, text: str, commit: Commit, unreviewed: str) -> MemoryLine:
    """A line with its origin; a commit without a review gets `unreviewed`, else its author."""
    values = dict(trailers_of(commit.message))
    review = values.get(trailers.REVIEW, unreviewed or commit.author)
    session, agent = values.get(trailers.SESSION, ""), values.get(trailers.AGENT)
    return MemoryLine(number, text, commit.id, commit.at, session, agent, review)
