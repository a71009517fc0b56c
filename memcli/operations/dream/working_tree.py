"""The working tree of a dream: the store's tree that it began from, with the dream's changed texts.

Invariant: protected memories are not changed (pinned, read-only, out of scope, or decided against by a person), and a
proposal is applied entirely or not at all.
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
class TreeFile:
    """A memory of the working tree: its path, its document, and the memory in it."""

    path: str
    document: Document
    memory: Memory

    @property
    def id(self) -> str:
        return self.memory.id


@dataclass(frozen=True)
class ChangeLimits:
    """What a dream may not change: paths that do not match `scope`, contents that a person rejected ({memory id:
    content hashes}), and more than `limit` memories."""

    scope: str = ""
    limit: int | None = None
    rejected: Mapping[str, Collection[str]] = field(default_factory=dict)

    def allows(self, file: TreeFile) -> bool:
        """Whether the memory may be changed at all."""
        protected = file.memory.pin or file.memory.read_only
        return not protected and (not self.scope or matches(self.scope, file.path))

    def is_rejected(self, file: TreeFile) -> bool:
        """Whether a person has decided against this content."""
        return content_hash(file.memory) in self.rejected.get(file.id, ())


@dataclass(frozen=True)
class Checkpoint:
    """A state of the working tree: its changed texts and the number of its steps."""

    texts: Mapping[str, str]
    steps: int


class WorkingTree:
    """The memories as the dream has them so far.

    `view` shows the tree that the dream began from; `texts` is what it has changed, `steps` what it did and asks.
    `full`: something was left out because the limit of changes was reached.
    """

    def __init__(self, view: View, texts: Mapping[str, str] | None = None, limits: ChangeLimits | None = None) -> None:
        self.view, self.limits = view, limits or ChangeLimits()
        self.texts: dict[str, str] = dict(texts or {})
        self.steps: list[Step] = []
        self.full = False
        changed = (tree_file(path, text) for path, text in self.texts.items())
        self._files: dict[str, TreeFile | None] = {file.id: file for file in changed if file}

    def get(self, memory_id: str) -> TreeFile | None:
        """The memory with a full id; None where there is none that can be read."""
        if memory_id not in self._files:
            summary = self.view.get(memory_id)
            self._files[memory_id] = tree_file(summary.path, self.view.text(summary)) if summary else None
        return self._files[memory_id]

    def file_of(self, summary: MemorySummary) -> TreeFile | None:
        """The current file of a memory of the view."""
        if summary.id not in self._files:
            self._files[summary.id] = tree_file(summary.path, self.view.text(summary))
        return self._files[summary.id]

    def files_of(self, summaries: Iterable[MemorySummary]) -> list[TreeFile]:
        """The current files of memories of the view, in their order, without unreadable ones."""
        return [file for file in map(self.file_of, summaries) if file]

    def active(self, ids: Iterable[str]) -> list[TreeFile]:
        """The memories with these ids that are active now, in their order."""
        return [file for file in map(self.get, ids) if file and file.memory.status == "active"]

    def allows(self, file: TreeFile) -> bool:
        """Whether the dream may change the memory."""
        return self.limits.allows(file)

    def propose(self, step: Step, *changes: tuple[TreeFile, Document]) -> bool:
        """Replace files by documents, with the step that explains it; False where nothing may or need be changed."""
        changed = [(file, document) for file, document in changes if document.text() != file.document.text()]
        if not changed or not all(self.allows(file) for file, _ in changed):
            return False
        files = [tree_file(file.path, document.text()) for file, document in changed]
        if any(file is None or self.limits.is_rejected(file) for file in files):
            return False
        if any(blocking(check_write(document.text(), file.path)) for file, document in changed):
            return False  # a blocking finding would keep the whole dream from being promoted
        if self._exceeds_limit({file.path for file, _ in changed}):
            self.full = True
            return False
        for file in filter(None, files):
            self.texts[file.path] = file.document.text()
            self._files[file.id] = file
        self.steps.append(step)
        return True

    def _exceeds_limit(self, paths: set[str]) -> bool:
        return self.limits.limit is not None and len(self.texts.keys() | paths) > self.limits.limit

    def change(self, file: TreeFile, values: Mapping[str, Value], step: Step) -> bool:
        """Propose other values for keys of a memory's front matter; None removes a key."""
        return self.propose(step, (file, file.document.with_values(values)))

    def ask(self, step: Step) -> None:
        """Add a question to the report without changing a file."""
        self.steps.append(step)

    def checkpoint(self) -> Checkpoint:
        """The current state; `full` is reset."""
        self.full = False
        return Checkpoint(dict(self.texts), len(self.steps))

    def changes_since(self, checkpoint: Checkpoint) -> tuple[dict[str, str], list[Step], bool]:
        """(texts, steps, `full`) since a checkpoint."""
        texts = {path: text for path, text in self.texts.items() if checkpoint.texts.get(path) != text}
        return texts, self.steps[checkpoint.steps :], self.full


def tree_file(path: str, text: str) -> TreeFile | None:
    """The memory in a text at a path; None where it cannot be read."""
    parsed = parse_memory(text, path)
    return TreeFile(path, parsed.document, parsed.memory) if parsed.document and parsed.memory else None
