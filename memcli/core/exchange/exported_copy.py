"""A copy of a memory in another tool's file: how it is marked, and what became of it since.

A copy says in its front matter which memory it is of, and digests of what it said when it was written. So one that
nobody touched can be told from one that was changed, whatever has become of the memory meanwhile. A note of Obsidian
has no digests, but its memory's id and date.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from posixpath import basename

from memcli.core.memory.document import Document, DocumentError, Value, new_document, parse_document
from memcli.core.memory.identity import MemoryId
from memcli.core.memory.key_types import MAX_TITLE, TYPES
from memcli.core.memory.memory import Memory

ID, TYPE, TITLE, BODY = "mem_id", "mem_type", "mem_title", "mem_body"
"""Keys of the `metadata` of a copy."""
_DIGITS = 16


def copy_metadata(memory: Memory, body: str, title: str | None = None) -> dict[str, Value]:
    """The metadata of a copy with this body and, where its description is the memory's title, this title."""
    digests: dict[str, Value] = {ID: str(memory.id), TYPE: memory.type, BODY: _digest(body)}
    return digests if title is None else {**digests, TITLE: _digest(title)}


def _digest(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()[:_DIGITS]


@dataclass(frozen=True)
class ExportedCopy:
    """A copy: its memory's id and type, the title and text that it has now, and what of them somebody has changed, None
    where nobody has; `modified`: of the memory, empty where digests tell more."""

    id: MemoryId
    type: str
    name: str
    text: str
    title: str | None
    body: str | None
    modified: str = ""

    def document(self, ids: Mapping[str, str]) -> Document:
        """The changed parts as a memory's file with its id; `ids`: the ids by the names of copies, for links."""
        body = "" if self.body is None else with_ids(self.body, ids)
        front: dict[str, Value] = {"id": str(self.id), "title": self.title, "modified": self.modified or None}
        return new_document(front, body)


def exported_copy(text: str) -> ExportedCopy | None:
    """The copy in a file; None for any other file."""
    try:
        document = parse_document(text)
        metadata = document.get("metadata")
        if isinstance(metadata, Mapping) and ID in metadata:
            return _marked_copy(document, metadata)
        if document.get("aliases") and document.get("topic") and not document.get("kind"):
            return _note_of_vault(document)
    except (DocumentError, ValueError):
        pass
    return None


def _marked_copy(document: Document, metadata: Mapping[str, Value]) -> ExportedCopy:
    title, body = document.get("description"), document.body
    is_title = isinstance(title, str) and 0 < len(title) <= MAX_TITLE and "\n" not in title and TITLE in metadata
    new_title = str(title) if is_title and _digest(str(title)) != metadata[TITLE] else None
    has_new_body = bool(body.strip()) and _digest(body) != metadata.get(BODY)
    new_body = _ended(body) if has_new_body else None
    name, type_ = str(title) if is_title else "", str(metadata.get(TYPE) or "fact")
    return ExportedCopy(MemoryId(str(metadata[ID])), type_, name, body, new_title, new_body)


def _note_of_vault(document: Document) -> ExportedCopy:
    memory_id, modified = MemoryId(str(document.get("id"))), str(document.get("modified") or "")
    return ExportedCopy(memory_id, _type_of(document), "", document.body, None, _ended(document.body), modified)


def _type_of(document: Document) -> str:
    """The type of a note's memory, which is its first tag."""
    tags = document.get("tags")
    return str(tags[0]) if isinstance(tags, tuple) and tags and tags[0] in TYPES else "fact"


def _ended(body: str) -> str:
    return body.strip("\n") + "\n"


def note_name(path: str) -> str:
    """The name by which links refer to the copy at a path."""
    return basename(path).removesuffix(".md")


def with_ids(body: str, ids: Mapping[str, str]) -> str:
    """A copy's body with links to memories; `ids`: their ids by the names of their copies."""
    return re.sub(r"\[\[([^\[\]|\n]+)(?=\]\]|\|)", lambda match: f"[[{ids.get(match[1], match[1])}", body)
