"""One memory with its open questions, as `mem resolve` shows it: the sides of each, and the possible answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from memcli.core.memory.document import Document
from memcli.core.memory.identity import id_matches, short
from memcli.core.memory.questions import CONFLICT, DOUBT, Question
from memcli.core.memory.staleness import Staleness
from memcli.core.merge.conflict import OURS, THEIRS, versions_of
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.errors import NotFound, Usage
from memcli.git.history import log
from memcli.operations.memories.changes import OpenedMemory, open_memory
from memcli.operations.memories.open_questions import (
    PendingConflict,
    open_questions,
    pending_conflict,
)
from memcli.operations.memories.store_questions import OpenQuestion, questions_about
from memcli.operations.views.reader import Reader
from memcli.sessions import Sessions
from memcli.workspace import Workspace

BOTH = "both"


@dataclass(frozen=True)
class QuestionGroup:
    """Questions that one answer settles: a conflict, the doubts about a memory, or a question about several memories.

    `holder` lists them; `ids`: the memories that the answer is about.
    """

    holder: str
    questions: tuple[Question, ...]
    ids: tuple[str, ...]

    @property
    def kind(self) -> str:
        return self.questions[0].kind

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of `--keep`."""
        if self.kind == CONFLICT:
            return (OURS, THEIRS, BOTH)
        return (*self.ids, BOTH)

    def is_about(self, text: str) -> bool:
        """Whether `--with` means this group: by its kind, or by the id of another memory of it."""
        return text == self.kind or any(id_matches(text, memory_id) for memory_id in self.ids[1:])


@dataclass(frozen=True)
class Side:
    """One side of a question: `name` is what `--keep` calls it; `agent` (None: a person) and `session` wrote it."""

    name: str
    document: Document
    staleness: Staleness
    agent: str | None
    session: str | None


@dataclass(frozen=True)
class QuestionCase:
    """A memory, its questions in groups, and the other memories that they involve."""

    opened: OpenedMemory
    groups: tuple[QuestionGroup, ...]
    others: Mapping[str, OpenedMemory]
    pending: PendingConflict | None = None

    @property
    def id(self) -> str:
        return self.opened.record.id

    def document_of(self, memory_id: str) -> Document:
        return self.opened.document if memory_id == self.id else self.others[memory_id].document

    @cached_property
    def conflict_sides(self) -> Mapping[str, Document]:
        """The versions of the memory by `OURS` and `THEIRS`; empty where they are not known."""
        if self.pending:
            return self.pending.sides
        return versions_of(self.opened.document)


def open_case(workspace: Workspace, text: str) -> QuestionCase:
    """The case of a memory by its id. Raises NotFound where it has no open question, Usage, Refused."""
    opened = open_memory(workspace, text)
    reader, name = Reader(workspace), opened.record.candidate_of
    with reader.view() as view:
        asked = questions_about(view, opened.record)
        session = workspace.sessions.load(name) if name and workspace.selection.is_open(name) else None
        pending = pending_conflict(reader, session, opened.record, opened.document.text()) if session else None
    conflict = [OpenQuestion(opened.record, pending.question)] if pending else []
    groups = tuple(_groups(opened.record.id, [*conflict, *asked]))
    if not groups:
        hint = _elsewhere_hint(open_questions(workspace), opened.record.id)
        raise NotFound(f"{short(opened.record.id)} has no open question", hint)
    others = {other: open_memory(workspace, other) for group in groups for other in group.ids[1:]}
    return QuestionCase(opened, groups, others, pending)


def _elsewhere_hint(asked: Iterable[OpenQuestion], memory_id: str) -> str:
    """Where there is something to answer about a memory, if that is in another session."""
    sessions = (question.session for question in asked if question.session and question.holder.id == memory_id)
    name = next(sessions, None)
    return f"add '--session {name}': it is in conflict there" if name else "'mem resolve' lists the open questions"


def _groups(memory_id: str, asked: Sequence[OpenQuestion]) -> Iterator[QuestionGroup]:
    """The groups of a memory's questions, its conflict first."""
    for kind in (CONFLICT, DOUBT):
        questions = tuple(entry.question for entry in asked if entry.question.kind == kind)
        if questions:
            yield QuestionGroup(memory_id, questions[:1] if kind == CONFLICT else questions, (memory_id,))
    for entry in asked:
        if entry.question.kind not in (CONFLICT, DOUBT):
            ids = (memory_id, *(other for other in entry.ids if other != memory_id))
            yield QuestionGroup(entry.holder.id, (entry.question,), ids)


def sides(workspace: Workspace, case: QuestionCase, group: QuestionGroup) -> list[Side]:
    """The sides of a group's questions, each with the state of its anchors in the code."""
    if group.kind == CONFLICT:
        documents = dict(case.conflict_sides) or {BOTH: case.opened.document}
    else:
        documents = {memory_id: case.document_of(memory_id) for memory_id in group.ids}
    reader = Reader(workspace)
    judge = reader.judge()
    staleness = judge.of_fronts({name: document.front() for name, document in documents.items()})
    judge.remember()
    authors = _last_authors(reader, workspace.sessions, case) if case.pending and group.kind == CONFLICT else {}
    return [
        Side(name, document, staleness[name], *(authors.get(name) or _author(document)))
        for name, document in documents.items()
    ]


def _author(document: Document) -> tuple[str | None, str | None]:
    """The agent and the session that wrote a memory."""
    source = document.get("source")
    parts = source if isinstance(source, Mapping) else {}
    agent, session = (parts.get(name) for name in ("agent", "session"))
    return agent if isinstance(agent, str) else None, session if isinstance(session, str) else None


def _last_authors(reader: Reader, sessions: Sessions, case: QuestionCase) -> dict[str, tuple[str | None, str | None]]:
    """Who changed each side of a pending conflict: the last promotion of the memory, and the session."""
    record, tip = case.opened.record, reader.tip()[1]
    promotions = log(reader.layout.common_dir, [tip], 1, "--first-parent", paths=[record.path])
    pairs = dict(trailers_of(promotions[0].message)) if promotions else {}
    session = sessions.load(str(record.candidate_of))
    ours = (pairs.get(trailers.AGENT), pairs.get(trailers.SESSION))
    return {OURS: ours, THEIRS: (session.agent, session.name)}


def choose_group(case: QuestionCase, keep: str | None, about: str | None) -> QuestionGroup:
    """The group that `--keep` and `--with` mean. Raises Usage where that is none, or several."""
    groups = [group for group in case.groups if about is None or group.is_about(about)]
    if keep is not None:
        groups = [group for group in groups if any(_means(keep, choice) for choice in group.choices)]
    if len(groups) == 1:
        return groups[0]
    name = short(case.id)
    if not groups:
        raise Usage(f"{name} has no question that this answers", _choices_hint(case))
    listed = ", ".join(_with_value(group) for group in groups)
    raise Usage(f"{name} has {len(groups)} questions that this may answer", f"choose one with '--with': {listed}")


def choice_of(group: QuestionGroup, keep: str) -> str:
    """The full choice that a value of `--keep` means."""
    return next(choice for choice in group.choices if _means(keep, choice))


def _means(keep: str, choice: str) -> bool:
    return keep == choice if choice in (OURS, THEIRS, BOTH) else len(keep) >= 4 and id_matches(keep, choice)


def _with_value(group: QuestionGroup) -> str:
    return short(group.ids[1]) if len(group.ids) > 1 else group.kind


def _choices_hint(case: QuestionCase) -> str:
    kept = dict.fromkeys(_keep_option(choice) for group in case.groups for choice in group.choices)
    return f"choose one of {', '.join(kept)}, --edit or --retire"


def _keep_option(choice: str) -> str:
    return f"--keep {choice if choice in (OURS, THEIRS, BOTH) else short(choice)}"


def refuse_without_choice(case: QuestionCase) -> Usage:
    """The error where nobody can be asked: it lists the questions and the choices."""
    count = len(case.groups)
    questions = "an open question" if count == 1 else f"{count} open questions"
    return Usage(f"{short(case.id)} has {questions} and no answer was given", _choices_hint(case))
