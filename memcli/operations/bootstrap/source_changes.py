"""What `mem bootstrap` offers about memories whose source has changed: the change, a new place, or a question.

Invariant: what is offered once is not offered again: the change notes the commit at which the source was read, and
what was rejected or answered stays so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from memcli.core.memory.document import Document, Value
from memcli.core.memory.instants import format_instant
from memcli.core.memory.memory import Memory
from memcli.core.memory.questions import Question, doubt, with_question
from memcli.core.memory.recorded_answers import is_answered
from memcli.core.memory.retirement import retired, superseded
from memcli.core.memory.standing import PROPOSED, UNCLEAR
from memcli.core.merge.sequences import merge_bodies
from memcli.core.sources.dating import redirected
from memcli.core.sources.source_matches import SourceMatches, is_unedited
from memcli.core.sources.source_reader import Extract
from memcli.operations.bootstrap.source_history import SourceHistory

CHANGED, MOVED, ENDED, ASKED = "changed", "moved", "ended", "asked"
"""The source says something else, lies elsewhere, or says that it is over; or only a person can say what follows."""


@dataclass(frozen=True)
class SourceChange:
    """A change of a stored memory: its file as it would be, and why."""

    kind: str
    memory: Memory
    document: Document
    reason: str


@dataclass(frozen=True)
class SourceChanges:
    """Compares stored memories with their sources.

    `documents`: id → the file of a memory; `ids`: the id of an extract's memory → that under which it is stored or
    proposed; `commit`: of the code, abbreviated, None where there is none.
    """

    history: SourceHistory
    documents: Mapping[str, Document]
    ids: Mapping[str, str]
    commit: str | None
    at: datetime

    def offered(self, matches: SourceMatches) -> Iterator[SourceChange]:
        """The changes that follow from the matches."""
        for memory, extract in matches.same:
            yield from self._ended(memory, extract)
        for memory, extract in matches.moved:
            yield self._moved(memory, extract.memory.source.ref or "")
        for memory, extract in matches.changed:
            if not self.history.is_unchanged(memory):
                yield from self._changed(memory, extract)
        for memory in matches.gone:
            yield from self._gone(memory)

    def _changed(self, memory: Memory, extract: Extract) -> Iterator[SourceChange]:
        base = self.history.text_of(memory)
        base = memory.body if base is None and is_unedited(memory) else base
        ref = extract.memory.source.ref or ""
        if base is None:
            if not self.history.knows(memory):
                yield from self._asked(memory, f"{ref} now says something else", ref)
            return
        body, overlaps = merge_bodies(base, memory.body, self._linked(extract).body)
        if overlaps:
            yield from self._asked(memory, f"{ref} now says something else than when this was edited", ref)
            return
        values: dict[str, Value] = {"source": self._source(memory, ref)}
        if base == memory.body:
            values["title"] = extract.memory.title
        values["tags"] = _with_standing(memory, extract.memory)
        document = self._claiming(self._document(memory), memory, extract).with_values(values).with_body(body)
        document = self._with_end(document, memory, extract)
        yield SourceChange(CHANGED, memory, document, f"{ref} has changed")

    def _ended(self, memory: Memory, extract: Extract) -> Iterator[SourceChange]:
        document = self._document(memory)
        claiming = self._claiming(document, memory, extract)
        ended = self._with_end(claiming, memory, extract)
        if ended == claiming != document:
            yield SourceChange(CHANGED, memory, claiming, f"{extract.memory.source.ref} supersedes another memory")
        elif ended != document:
            reason = f"{extract.memory.source.ref} says that it is {extract.memory.status}"
            yield SourceChange(ENDED, memory, ended, reason)

    def _claiming(self, document: Document, memory: Memory, extract: Extract) -> Document:
        """The document with the memories that its source supersedes, as far as they are stored or proposed."""
        known = {*self.ids.values(), *self.documents} - {memory.id}
        new = [old for old in self._linked(extract).supersedes if old in known and old not in memory.supersedes]
        return document.with_values({"supersedes": (*memory.supersedes, *new)}) if new else document

    def _with_end(self, document: Document, memory: Memory, extract: Extract) -> Document:
        """The document out of use where its source says so and names what replaces it, or why."""
        source, at = self._linked(extract), format_instant(self.at)
        if memory.status != "active" or source.status not in ("superseded", "retired"):
            return document
        if source.status == "superseded" and source.superseded_by:
            return superseded(document, source.superseded_by, at)
        return retired(document, source.retired or "its source says so", at, "bootstrap")

    def _gone(self, memory: Memory) -> Iterator[SourceChange]:
        if self.history.is_unchanged(memory) or self.history.text_of(memory) is None:
            return
        path, _, line = (memory.source.ref or "").partition("#")
        if place := self.history.new_place(memory):
            yield self._moved(memory, f"{place}#{line}" if line else place)
        else:
            yield from self._asked(memory, f"{path} no longer says this", memory.source.ref or "")

    def _moved(self, memory: Memory, ref: str) -> SourceChange:
        document = self._document(memory).with_values({"source": self._source(memory, ref)})
        return SourceChange(MOVED, memory, document, f"its source is now {ref}")

    def _asked(self, memory: Memory, reason: str, ref: str) -> Iterator[SourceChange]:
        question = doubt("source", reason, format_instant(self.at))
        if is_answered(question, memory) or _is_open(memory, question):
            return
        document = self._document(memory)
        attention = with_question(document.get("attention"), question)
        values: dict[str, Value] = {"attention": attention, "source": self._source(memory, ref)}
        yield SourceChange(ASKED, memory, document.with_values(values), reason)

    def _source(self, memory: Memory, ref: str) -> dict[str, Value]:
        """`source` as of now: the place and the commit of the code."""
        parts = replace(memory.source, ref=ref, commit=self.commit or memory.source.commit)
        return {key: text for key, text in vars(parts).items() if text}

    def _document(self, memory: Memory) -> Document:
        return self.documents[memory.id]

    def _linked(self, extract: Extract) -> Memory:
        return redirected(extract.memory, self.ids)


def _with_standing(memory: Memory, source: Memory) -> tuple[Value, ...]:
    """The tags of a memory, with the standing that its source has now."""
    kept = [tag for tag in memory.tags if tag not in (PROPOSED, UNCLEAR)]
    return (*kept, *(tag for tag in source.tags if tag in (PROPOSED, UNCLEAR)))


def _is_open(memory: Memory, question: Question) -> bool:
    return any(asked.subject == question.subject for asked in memory.questions)
