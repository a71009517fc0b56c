"""Memories as notes in Claude Code's memory directory, and what became of such a note since.

A note says in its front matter which memory it is of and what it said when it was written. So a later reading can
tell a note that nobody touched from one that Claude has changed, whatever has become of the memory meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from posixpath import basename

from memcli.core.exchange.exported_memory import ExportedIds, ExportedMemory
from memcli.core.exchange.file_names import unique_names
from memcli.core.exchange.memory_digest import digest, line_title
from memcli.core.exchange.memory_links import MemoryLink, with_links
from memcli.core.memory.document import Document, DocumentError, Value, new_document, parse_document
from memcli.core.memory.identity import MemoryId, slug
from memcli.core.memory.key_types import MAX_TITLE
from memcli.core.pack.frame import clean
from memcli.core.text.marked_block import exported_block

INDEX = "MEMORY.md"
_TYPES = {"preference": "feedback", "constraint": "feedback"}
"""Claude's words for what memories are; all others are about the project."""
_HOOK, _DIGITS = 150, 16


def note_files(memories: Sequence[ExportedMemory]) -> dict[str, str]:
    """The notes, and the block about them in the index."""
    wanted = ((exported.memory.id, slug(exported.memory.title)) for exported in memories)
    names = unique_names(wanted, (INDEX.removesuffix(".md"),), clash="{}-{}")
    lower = {memory_id: name.lower() for memory_id, name in names.items()}
    ids = ExportedIds(memories)

    def link(link: MemoryLink) -> str:
        exported = ids.get(link.target)
        if exported is None:
            return link.text
        label = "" if link.label is None else f"|{link.label}"
        return f"[[{lower[exported.memory.id]}{label}]]"

    files = {
        f"{lower[e.memory.id]}.md": _note(e, lower[e.memory.id], with_links(e.document.body, link)) for e in memories
    }
    return {
        INDEX: exported_block("\n".join(_index_line(e, lower[e.memory.id]) for e in memories)) if memories else "",
        **files,
    }


def _note(exported: ExportedMemory, name: str, body: str) -> str:
    memory = exported.memory
    description = clean(memory.title)
    metadata = {"mem_id": str(memory.id), "mem_title": _digest(description), "mem_body": _digest(body)}
    front: dict[str, Value] = {
        "name": name,
        "description": description,
        "type": _TYPES.get(memory.type, "project"),
        "metadata": metadata,
    }
    return new_document(front, body).text()


def _index_line(exported: ExportedMemory, name: str) -> str:
    proposed = " (proposed)" if exported.is_proposed else ""
    return f"- [{line_title(exported.memory)}]({name}.md) — {digest(exported.memory, _HOOK)}{proposed}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()[:_DIGITS]


@dataclass(frozen=True)
class ExportedNote:
    """A note that `mem` wrote: the memory's id, and what it says now; `title` and `body` are None where nobody has
    changed them."""

    id: MemoryId
    title: str | None
    body: str | None

    @property
    def is_changed(self) -> bool:
        return self.title is not None or self.body is not None

    def document(self, ids: Mapping[str, str]) -> Document:
        """The changed parts as a memory's file with its id; `ids`: the ids by the names of notes, for links."""
        body = "" if self.body is None else _with_ids(self.body, ids)
        return new_document({"id": str(self.id), "title": self.title}, body)


def exported_note(text: str) -> ExportedNote | None:
    """The exported note in a file; None for any other file."""
    try:
        document = parse_document(text)
    except DocumentError:
        return None
    metadata = document.get("metadata")
    if not isinstance(metadata, Mapping):
        return None
    try:
        memory_id = MemoryId(str(metadata.get("mem_id")))
    except ValueError:
        return None
    title, body = document.get("description"), document.body
    said = title if isinstance(title, str) and 0 < len(title) <= MAX_TITLE and "\n" not in title else None
    has_new_title = said is not None and _digest(said) != metadata.get("mem_title")
    has_new_body = bool(body.strip()) and _digest(body) != metadata.get("mem_body")
    return ExportedNote(memory_id, said if has_new_title else None, body.strip("\n") + "\n" if has_new_body else None)


def note_name(path: str) -> str:
    """The name by which links refer to the note at a path."""
    return basename(path).removesuffix(".md")


def _with_ids(body: str, ids: Mapping[str, str]) -> str:
    for name, memory_id in ids.items():
        if f"[[{name}" in body:
            body = body.replace(f"[[{name}]]", f"[[{memory_id}]]").replace(f"[[{name}|", f"[[{memory_id}|")
    return body
