"""The store as a dream has it so far: the tree it began from, with its own texts laid over.

Invariant: what a machine may not touch is not touched (pinned, read-only, out of scope, decided against by a person),
and a proposal enters whole or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from memcli.core.dream.steps import Step
from memcli.core.finding import blocking
from memcli.core.memory.anchors import matches
from memcli.core.memory.document import Document, Value
from memcli.core.memory.memory import Memory
from memcli.core.memory.summary import MemorySummary
from memcli.core.review.candidates import content_hash
from memcli.core.review.checks.runner import check_write
from memcli.index.database.view import View
from memcli.store import parse_memory


@dataclass(frozen=True)
class MemoryFile:
    """A memory of the draft: where it is, its file, and what that says."""

    path: str
    document: Document
    memory: Memory


@dataclass(frozen=True)
class ChangeLimits:
    """What a dream leaves alone: paths that do not match `scope`, contents that a person rejected (by memory), and all
    that exceeds `limit` changed memories."""

    scope: str = ""
    limit: int | None = None
    rejected: Mapping[str, Collection[str]] = field(default_factory=dict)

    def allows(self, source: MemoryFile) -> bool:
        """Whether a memory may be changed at all."""
        untouchable = source.memory.pin or source.memory.read_only
        return not untouchable and (not self.scope or matches(self.scope, source.path))

    def refuses(self, source: MemoryFile) -> bool:
        """Whether a person has decided against this content."""
        return content_hash(source.memory) in self.rejected.get(source.memory.id, ())


@dataclass(frozen=True)
class Checkpoint:
    """Where a draft stood."""

    texts: Mapping[str, str]
    steps: int


class WorkingTree:
    """`view` shows the tree the dream began from; `texts` is what differs from it by now, `steps` says why.

    `full`: something had to be left out because there is no room for more changes.
    """

    def __init__(self, view: View, texts: Mapping[str, str] | None = None, bounds: ChangeLimits | None = None) -> None:
        self.view, self.bounds = view, bounds or ChangeLimits()
        self.texts: dict[str, str] = dict(texts or {})
        self.steps: list[Step] = []
        self.full = False
        found = (_source(path, text) for path, text in self.texts.items())
        self._known: dict[str, MemoryFile | None] = {source.memory.id: source for source in found if source}

    def get(self, memory_id: str) -> MemoryFile | None:
        """The memory of a full id; None where there is none that can be read."""
        if memory_id not in self._known:
            record = self.view.get(memory_id)
            self._known[memory_id] = _source(record.path, self.view.text(record)) if record else None
        return self._known[memory_id]

    def of(self, record: MemorySummary) -> MemoryFile | None:
        """The memory of a record of the view, as the draft has it."""
        if record.id not in self._known:
            self._known[record.id] = _source(record.path, self.view.text(record))
        return self._known[record.id]

    def all(self, records: Iterable[MemorySummary]) -> list[MemoryFile]:
        """Those of the records that can be read, in their order."""
        return [source for source in map(self.of, records) if source]

    def active(self, ids: Iterable[str]) -> list[MemoryFile]:
        """Those of the ids that are active memories by now, in their order."""
        found = map(self.get, ids)
        return [source for source in found if source and source.memory.status == "active"]

    def allows(self, source: MemoryFile) -> bool:
        """Whether a machine may change the memory."""
        return self.bounds.allows(source)

    def propose(self, step: Step, *files: tuple[MemoryFile, Document]) -> bool:
        """Replace the files and say why; nothing, and False, where that changes nothing or is not allowed."""
        changed = [(old, document) for old, document in files if document.text() != old.document.text()]
        if not changed or not all(self.allows(old) for old, _ in changed):
            return False
        made = [_source(old.path, document.text()) for old, document in changed]
        if any(source is None or self.bounds.refuses(source) for source in made):
            return False
        if any(blocking(check_write(document.text(), old.path)) for old, document in changed):
            return False  # it would keep all the rest from being promoted
        paths = {old.path for old, _ in changed}
        if self.bounds.limit is not None and len(self.texts.keys() | paths) > self.bounds.limit:
            self.full = True
            return False
        for source in filter(None, made):
            self.texts[source.path] = source.document.text()
            self._known[source.memory.id] = source
        self.steps.append(step)
        return True

    def change(self, source: MemoryFile, values: Mapping[str, Value], step: Step) -> bool:
        """Propose other values for keys of a memory's front matter (None removes one)."""
        return self.propose(step, (source, source.document.with_values(values)))

    def mark(self) -> Checkpoint:
        """Where the draft stands; what is full is counted from here on."""
        self.full = False
        return Checkpoint(dict(self.texts), len(self.steps))

    def since(self, mark: Checkpoint) -> tuple[dict[str, str], list[Step], bool]:
        """(texts, steps, whether anything had to be left out) since a mark."""
        texts = {path: text for path, text in self.texts.items() if mark.texts.get(path) != text}
        return texts, self.steps[mark.steps :], self.full

    def tell(self, step: Step) -> None:
        """Say what a person is to look at, without changing a file."""
        self.steps.append(step)


def _source(path: str, text: str) -> MemoryFile | None:
    parsed = parse_memory(text, path)
    return MemoryFile(path, parsed.document, parsed.memory) if parsed.document and parsed.memory else None
