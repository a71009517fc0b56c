"""Memories that come with files of their own: exported from a store, or copies of the store's that somebody changed.

Invariant: what the store has already is never proposed; a memory that has changed here since it was exported is not
taken back to what it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from memcli.core.exchange.body_links import relinked
from memcli.core.finding import BLOCK, Finding, blocking
from memcli.core.memory.claim_author import as_recorded
from memcli.core.memory.document import Document, DocumentError, Value, new_document, parse_document
from memcli.core.memory.identity import short
from memcli.core.memory.instants import format_instant
from memcli.core.memory.memory import Memory, front_matter
from memcli.core.memory.schema import read_memory
from memcli.core.memory.summary import MemorySummary
from memcli.core.pack.frame import clean
from memcli.core.review.checks.runner import check_write
from memcli.core.review.exclusion import Excludes
from memcli.core.sources.source_reader import Extract, Skipped
from memcli.core.sources.source_reading import SourceReading
from memcli.errors import MemError
from memcli.index.database.view import View
from memcli.operations.bootstrap.bootstrapped import SkippedSource, SourceProposal
from memcli.operations.bootstrap.known_claims import KnownClaims
from memcli.operations.bootstrap.proposals import Proposals
from memcli.operations.memories.changes import OpenedMemory, prepare_change
from memcli.operations.writing.author import Author
from memcli.state.journal import FileEdit
from memcli.store import path_for


@dataclass(frozen=True)
class OwnMemoryContext:
    """The store as its caller sees it, what needs no proposal, what is excluded, who proposes, and the paths of other
    proposals."""

    view: View
    known: KnownClaims
    excludes: Excludes | None
    author: Author
    taken: tuple[str, ...] = ()


def own_readings(readings: Sequence[SourceReading]) -> tuple[list[OwnExtract], list[SourceReading]]:
    """The extracts that come with files of their own, and the readings without them."""
    own = [
        OwnExtract(extract, extract.document, each.reader.name)
        for each in readings
        for extract in each.reading.extracts
        if extract.document
    ]
    return own, [_without_own(each) if own else each for each in readings]


def _without_own(each: SourceReading) -> SourceReading:
    extracts = tuple(extract for extract in each.reading.extracts if not extract.document)
    return replace(each, reading=replace(each.reading, extracts=extracts))


class OwnExtract(NamedTuple):
    """An extract, its memory's own file, and the name of its reader."""

    extract: Extract
    document: Document
    reader: str

    @property
    def place(self) -> str:
        """Where it stands, for findings."""
        return f"{self.extract.path}#L{self.extract.line}" if self.extract.line > 1 else self.extract.path

    @property
    def is_copy(self) -> bool:
        """Whether it has only what somebody changed in a copy of a memory."""
        return self.document.get("created") is None


def own_memories(own: Sequence[OwnExtract], context: OwnMemoryContext) -> OwnProposals:
    """What the extracts with files of their own propose."""
    proposals = OwnProposals(context)
    for each in own:
        proposals.add(each)
    return proposals


class OwnProposals:
    """Collects what becomes of extracts, one after the other."""

    def __init__(self, context: OwnMemoryContext) -> None:
        self._context, self._paths = context, set(context.taken)
        self._found, self._new = list[SourceProposal](), list[SourceProposal]()
        self._edits, self._refused, self._skipped = list[FileEdit](), list[Finding](), list[SkippedSource]()

    def with_others(self, others: Proposals) -> Proposals:
        """These proposals, then others."""
        return Proposals(
            (*self._found, *others.found),
            (*self._new, *others.new),
            (*self._refused, *others.refused),
            (*self._edits, *others.edits),
            others.ids,
            (*self._skipped, *others.skipped),
        )

    def add(self, own: OwnExtract) -> None:
        """Propose the memory of an extract, or note why not."""
        record = self._context.view.get(str(own.document.get("id")))
        if record:
            self._add_change(own, record)
        else:
            self._add_new(own)

    def _add_new(self, own: OwnExtract) -> None:
        memory = own.extract.memory
        self._found.append(_proposal(memory, own))
        if self._context.known.has(memory):
            return
        document = new_document(front_matter(memory), memory.body) if own.is_copy else own.document
        document = _as_proposed(document, self._context.author)
        path = path_for(memory, self._paths)
        self._new.append(_proposal(memory, own))
        if findings := blocking(check_write(document.text(), path, self._context.excludes)):
            self._refused += [replace(finding, message=f"{own.place}: {finding.message}") for finding in findings]
            return
        self._paths.add(path)
        self._edits.append(FileEdit(path, memory.id, None, document.text()))

    def _add_change(self, own: OwnExtract, record: MemorySummary) -> None:
        stored = parse_document(self._context.view.text(record))
        changed = _edited(stored, own.document) if own.is_copy else own.document
        if _content(changed) == _content(stored) or (own.is_copy and _differs_in_links(changed, stored)):
            self._found.append(_proposal(own.extract.memory, own))
        elif reason := _out_of_reach(record, self._context.author.agent):
            self._skip(own, f"{short(record.id)} {reason}")
        elif _exported_at(own) < record.modified:
            self._skip(own, f"{short(record.id)} has been changed in the store since this was exported")
        else:
            self._propose(own, OpenedMemory(record, stored), changed)

    def _propose(self, own: OwnExtract, opened: OpenedMemory, changed: Document) -> None:
        check = partial(check_write, excludes=self._context.excludes)
        try:
            change = prepare_change(opened, changed, self._context.author, check)
        except MemError as error:
            message = f"{own.place}: {error.message}"
            self._refused.append(Finding("schema", BLOCK, opened.record.id, message, error.hint))
            return
        before, after = (read_memory(document)[0] for document in (opened.document, parse_document(change.edit.text)))
        proposal = _proposal(after or own.extract.memory, own)
        self._found.append(proposal)
        if before and after and not self._context.known.decided.has_change(before, after):
            self._new.append(proposal)
            self._edits.append(change.edit)

    def _skip(self, own: OwnExtract, reason: str) -> None:
        self._skipped.append(SkippedSource(own.reader, Skipped(own.extract.path, reason, own.extract.line)))


def _proposal(memory: Memory, own: OwnExtract) -> SourceProposal:
    return SourceProposal(memory, own.reader, 1.0)


def _exported_at(own: OwnExtract) -> str:
    """When the exported version was modified last; later than anything where the copy says what was changed in it."""
    if not own.is_copy:
        return format_instant(own.extract.memory.modified)
    return str(own.document.get("modified") or "9999")


def _differs_in_links(copy: Document, stored: Document) -> bool:
    """Whether two versions say the same apart from how they name other memories: a tool's own links lose that."""
    bodies = {relinked(each.body, lambda _: "").strip() for each in (copy, stored)}
    return len(bodies) == 1 and copy.get("title") == stored.get("title")


def _out_of_reach(record: MemorySummary, agent: str | None) -> str:
    """Why a memory of the store cannot be changed by an import; empty where it can."""
    if record.status == "withdrawn":
        return "was withdrawn here"
    return "is read-only for agents" if agent and record.read_only else ""


def _as_proposed(document: Document, author: Author) -> Document:
    """A new memory's file as its proposer may write it: an agent's has no word of a person."""
    if author.agent and document.get("read_only"):
        document = document.with_values({"read_only": None})
    return as_recorded(document, None, author.agent, author.session)


def _edited(stored: Document, copy: Document) -> Document:
    """The store's file with what was changed in a copy of it; the title of a copy is one line of plain text."""
    title = copy.get("title")
    if isinstance(title, str) and title != clean(str(stored.get("title"))):
        stored = stored.with_values({"title": title})
    return stored.with_body(copy.body) if copy.body.strip() else stored


def _content(document: Document) -> tuple[dict[str, Value], str]:
    """What a file says, whatever the order of its keys and the spaces at its end."""
    try:
        memory, _ = read_memory(document)
    except DocumentError:
        memory = None
    typed = dict(front_matter(memory)) if memory else {}
    front = {key: value for key, value in document.front().items() if value is not None}
    return {**front, **typed}, document.body.strip("\n")
