"""Memories as notes of an Obsidian vault: a folder for each topic, a note for each memory, named by its title.

Names are unique in the whole vault, so that a link by name leads to one note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from memcli.core.exchange.body_links import BodyLink, relinked
from memcli.core.exchange.exported_memory import ExportedIds, ExportedMemory
from memcli.core.exchange.file_names import legible_name, unique_names
from memcli.core.memory.document import Value, new_document
from memcli.core.memory.identity import short, slug
from memcli.core.memory.instants import format_instant

_RELATIONS = ("supersedes", "based_on", "merged_from")


def vault_files(memories: Sequence[ExportedMemory]) -> dict[str, str]:
    """The notes of a vault."""
    wanted = ((exported.memory.id, legible_name(exported.memory.title)) for exported in memories)
    vault = _Vault(unique_names(wanted), ExportedIds(memories))
    return {f"{_folder(exported)}/{vault.name(exported)}.md": vault.note(exported) for exported in memories}


def _folder(exported: ExportedMemory) -> str:
    return slug(exported.memory.topic, "general")


class _Vault:
    """Writes notes that know the names of all others."""

    def __init__(self, names: Mapping[str, str], ids: ExportedIds) -> None:
        self._names, self._ids = names, ids

    def name(self, exported: ExportedMemory) -> str:
        return self._names[exported.memory.id]

    def note(self, exported: ExportedMemory) -> str:
        """The text of a note: a heading only where the body has none."""
        body = relinked(exported.document.body, self._link)
        return new_document(self._properties(exported), body).text()

    def _properties(self, exported: ExportedMemory) -> dict[str, Value]:
        memory, name = exported.memory, self.name(exported)
        values: dict[str, Value] = {
            "id": memory.id,
            "aliases": tuple(dict.fromkeys((memory.title, short(memory.id))))
            if name != memory.title
            else (short(memory.id),),
            "tags": tuple(_tag(tag) for tag in dict.fromkeys((memory.type, *memory.tags))),
            "topic": memory.topic,
            "key": memory.key,
            "status": "candidate" if exported.candidate_of and memory.status == "active" else memory.status,
            "evidence": memory.evidence,
            "created": format_instant(memory.created),
            "modified": format_instant(memory.modified),
            "paths": tuple(anchor.path for anchor in memory.paths),
            "source": memory.source.ref,
            "superseded_by": self._property(memory.superseded_by) if memory.superseded_by else None,
        }
        values |= {name: tuple(self._property(each) for each in getattr(memory, name)) for name in _RELATIONS}
        return {key: value for key, value in values.items() if value}

    def _property(self, memory_id: str) -> str:
        exported = self._ids.get(memory_id)
        return f"[[{self.name(exported)}]]" if exported else memory_id

    def _link(self, link: BodyLink) -> str:
        """A link by the name of the note; without one its label alone, since Obsidian would make an empty note."""
        exported = self._ids.get(link.target)
        if exported is None:
            return link.label or link.text
        name = self.name(exported)
        return f"[[{name}|{link.label}]]" if link.label and link.label != name else f"[[{name}]]"


def _tag(tag: str) -> str:
    """A tag that Obsidian accepts: digits alone are none."""
    return f"t-{tag}" if tag.replace("-", "").isdigit() else slug(tag, "memory")
