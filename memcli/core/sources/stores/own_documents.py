"""Extracts of files that are memories of ours already: with ids, dates and keys of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from memcli.core.memory.document import Document
from memcli.core.memory.schema import read_memory
from memcli.core.sources.source_reader import Extract, Reading, Skipped
from memcli.core.sources.source_tree import SourceTree

_ID = re.compile(r"(?m)^id:[ \t]*[\"']?[0-7][0-9A-HJKMNP-TV-Z]{25}\b")
_HEAD = 4096


def has_own_id(text: str) -> bool:
    """Whether a file begins with front matter that has the id of a memory."""
    return text.startswith("---\n") and _ID.search(text[:_HEAD]) is not None


@dataclass
class OwnDocuments:
    """Collects the memories of a unit; of two with one id the first counts."""

    extracts: list[Extract] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    _places: dict[str, str] = field(default_factory=dict)

    def add(self, document: Document, path: str, line: int = 0) -> None:
        """Add the memory of a file, or of a line of one, or why it is none."""
        memory, findings = read_memory(document)
        if memory is None:
            self.skipped.append(Skipped(path, "; ".join(_reason(finding.message) for finding in findings), line))
            return
        place = f"{path}#L{line}" if line else path
        if first := self._places.get(memory.id):
            self.skipped.append(Skipped(path, f"has the same id as {first}", line))
            return
        self._places[memory.id] = place
        self.extracts.append(Extract(memory, path, line or 1, dated=True, document=document))

    def skip(self, path: str, reason: str, line: int = 0) -> None:
        """Note a file or a line of which no memory was made."""
        self.skipped.append(Skipped(path, reason, line))

    def reading(self, others: Sequence[Extract] = ()) -> Reading:
        """All of it, and extracts of other files."""
        return Reading((*self.extracts, *others), tuple(self.skipped))


def _reason(message: str) -> str:
    """A finding about front matter that was made from something else: its lines are not those of the file."""
    return re.sub(r"^line \d+: ", "", message)


def is_store_path(tree: SourceTree, path: str) -> bool:
    """Whether a markdown file may be a memory of ours: it lies where a store has one, or was named."""
    if not path.lower().endswith(".md"):
        return False
    return bool(tree.named) or re.search(r"(?:^|/)(?:semantic|procedural|episodic)/[^/]+/[^/]+$", path) is not None
