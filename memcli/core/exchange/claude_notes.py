"""Memories as notes in Claude Code's memory directory: a note each, and a block of lines about them in the index."""

from __future__ import annotations

from collections.abc import Sequence

from memcli.core.exchange.body_links import BodyLink, relinked
from memcli.core.exchange.exported_copy import copy_metadata
from memcli.core.exchange.exported_memory import ExportedIds, ExportedMemory
from memcli.core.exchange.file_names import unique_names
from memcli.core.exchange.memory_digest import digest, line_title
from memcli.core.memory.document import Value, new_document
from memcli.core.memory.identity import slug
from memcli.core.pack.frame import clean
from memcli.core.text.marked_block import exported_block

INDEX = "MEMORY.md"
_TYPES = {"preference": "feedback", "constraint": "feedback"}
"""Claude's words for what memories are; all others are about the project."""
_HOOK = 150


def note_files(memories: Sequence[ExportedMemory]) -> dict[str, str]:
    """The notes, and the block about them in the index."""
    wanted = ((exported.memory.id, slug(exported.memory.title)) for exported in memories)
    names = unique_names(wanted, (INDEX.removesuffix(".md"),), clash="{}-{}")
    lower = {memory_id: name.lower() for memory_id, name in names.items()}
    ids = ExportedIds(memories)

    def link(link: BodyLink) -> str:
        exported = ids.get(link.target)
        if exported is None:
            return link.text
        label = "" if link.label is None else f"|{link.label}"
        return f"[[{lower[exported.memory.id]}{label}]]"

    files = {
        f"{lower[e.memory.id]}.md": _note(e, lower[e.memory.id], relinked(e.document.body, link)) for e in memories
    }
    return {
        INDEX: exported_block("\n".join(_index_line(e, lower[e.memory.id]) for e in memories)) if memories else "",
        **files,
    }


def _note(exported: ExportedMemory, name: str, body: str) -> str:
    memory = exported.memory
    description = clean(memory.title)
    front: dict[str, Value] = {
        "name": name,
        "description": description,
        "type": _TYPES.get(memory.type, "project"),
        "metadata": copy_metadata(memory, body, description),
    }
    return new_document(front, body).text()


def _index_line(exported: ExportedMemory, name: str) -> str:
    undecided = f" ({exported.undecided})" if exported.undecided else ""
    return f"- [{line_title(exported.memory)}]({name}.md) — {digest(exported.memory, _HOOK)}{undecided}"
