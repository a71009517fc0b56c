"""The store as a dream has it so far: the tree it began from, with its own texts laid over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from memcli.core.consolidation.step import Step
from memcli.core.document import Document, Value
from memcli.core.memory import Memory
from memcli.core.record import Record
from memcli.index.view import View
from memcli.store import parse_memory


@dataclass(frozen=True)
class Source:
    """A memory of the draft: where it is, its file, and what that says."""

    path: str
    document: Document
    memory: Memory


class Draft:
    """`view` shows the tree the dream began from; `texts` is what differs from it by now, `steps` says why."""

    def __init__(self, view: View, texts: dict[str, str] | None = None) -> None:
        self.view = view
        self.texts: dict[str, str] = dict(texts or {})
        self.steps: list[Step] = []
        self._known: dict[str, Source | None] = {}
        for path, text in self.texts.items():
            self._note(path, text)

    def get(self, memory_id: str) -> Source | None:
        """The memory of a full id; None where there is none that can be read."""
        if memory_id not in self._known:
            record = self.view.get(memory_id)
            self._known[memory_id] = self.of(record) if record else None
        return self._known[memory_id]

    def of(self, record: Record) -> Source | None:
        """The memory of a record of the view, as the draft has it."""
        if record.id not in self._known:
            self._known[record.id] = _source(record.path, self.view.text(record))
        return self._known[record.id]

    def all(self, records: Iterable[Record]) -> list[Source]:
        """Those of the records that can be read, in their order."""
        return [source for source in map(self.of, records) if source]

    def put(self, source: Source, document: Document) -> None:
        """Replace a memory's file."""
        self.texts[source.path] = document.text()
        self._note(source.path, document.text())

    def change(self, source: Source, values: dict[str, Value], *steps: Step) -> None:
        """Change keys of a memory's front matter (None removes one) and say why, if that changes anything."""
        document = source.document.with_values(values)
        if document.text() != source.document.text():
            self.put(source, document)
            self.steps += steps

    def _note(self, path: str, text: str) -> None:
        found = _source(path, text)
        if found:
            self._known[found.memory.id] = found


def _source(path: str, text: str) -> Source | None:
    parsed = parse_memory(text, path)
    return Source(path, parsed.document, parsed.memory) if parsed.document and parsed.memory else None
