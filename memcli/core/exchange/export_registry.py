"""THE registry of export formats: a new one is a module with its writer and a row here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from memcli.core.exchange import claude_notes, json_line, obsidian_vault, okf_bundle, skill_folders
from memcli.core.exchange.exported_memory import ExportedMemory
from memcli.core.exchange.file_names import safe_store_path, unique_paths

DIRECTORY, SHARED, FILE, BLOCK = "directory", "shared directory", "file", "block"
"""Where a format goes: a directory of its own, one that others write to as well, one file, a marked block in a file."""

MANIFEST = ".mem-export"
"""The file of a directory that names each file of the last export with the SHA-256 of its content."""


@dataclass(frozen=True)
class ExportFormat:
    """`name`: as in `--as NAME`; `writes`: what it is, for help; `place`: where it goes; `files`: path → text, None for
    blocks; `takes`: which memories it has a form for; `others`: what the rest are."""

    name: str
    writes: str
    place: str
    files: Callable[[Sequence[ExportedMemory]], dict[str, str]] | None = None
    takes: Callable[[ExportedMemory], bool] = lambda exported: exported.memory.status != "withdrawn"
    others: str = "withdrawn"


def store_files(memories: Sequence[ExportedMemory]) -> dict[str, str]:
    """The store's own files."""
    paths = unique_paths((exported.memory.id, safe_store_path(exported)) for exported in memories)
    return {paths[exported.memory.id]: exported.document.text() for exported in memories}


def _any(_exported: ExportedMemory) -> bool:
    return True


FORMATS: dict[str, ExportFormat] = {
    row.name: row
    for row in (
        ExportFormat("markdown", "the store's own files", DIRECTORY, store_files, _any),
        ExportFormat("okf", "an Open Knowledge Format bundle", DIRECTORY, okf_bundle.okf_files, _any),
        ExportFormat("jsonl", "one JSON object per line", FILE, json_line.json_files, _any),
        ExportFormat("obsidian", "notes of an Obsidian vault", DIRECTORY, obsidian_vault.vault_files),
        ExportFormat("claude", "Claude Code's memory directory, or CLAUDE.md", SHARED, claude_notes.note_files),
        ExportFormat(
            "skills",
            "procedures as Agent Skills",
            SHARED,
            skill_folders.skill_files,
            skill_folders.is_procedure,
            "not a procedure",
        ),
        ExportFormat("agents-md", "a marked block in AGENTS.md", BLOCK),
    )
}
