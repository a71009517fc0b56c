"""Names of exported files: legible, safe on every file system, and unique whatever the case of their letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from memcli.core.exchange.exported_memory import ExportedMemory
from memcli.core.memory.identity import DEVICE_NAMES, new_memory_path, short
from memcli.core.review.safe_paths import unsafe_path

MOST_BYTES = 120
_NOT_IN_NAMES = r'[\\/:*?"<>|#^\[\]%\x00-\x1f\x7f-\x9f]'
"""What a file system refuses, and what has a meaning in links of Obsidian."""


def safe_store_path(exported: ExportedMemory) -> str:
    """The path of a memory in the store; a new one where a fetched store has a path that is unsafe."""
    memory = exported.memory
    if not unsafe_path(exported.path):
        return exported.path
    return new_memory_path(memory.kind, memory.topic, memory.title, memory.id)


def legible_name(title: str) -> str:
    """A title as the name of a file, without its suffix."""
    visible = "".join(letter for letter in title if unicodedata.category(letter) not in ("Cf", "Cs", "Co", "Cn"))
    words = re.sub(_NOT_IN_NAMES, " ", unicodedata.normalize("NFC", visible))
    name = " ".join(words.split()).encode()[:MOST_BYTES].decode("utf-8", "ignore").strip(" .")
    if name.lower().partition(".")[0] in DEVICE_NAMES or name.lower().startswith("git~"):
        return f"Memory {name}"
    return name or "Untitled"


def unique_names(
    wanted: Iterable[tuple[str, str]], taken: Iterable[str] = (), clash: str = "{} ({})"
) -> dict[str, str]:
    """{id: name} for pairs of id and wanted name: of equal names the oldest memory's stays, the others get their id.

    `taken`: names that no memory gets as it is; `clash`: how a name and the end of an id are joined.
    """
    used = {_folded(name) for name in taken}
    names: dict[str, str] = {}
    for memory_id, name in sorted(wanted):
        for length in (0, 6, 26):
            unique = clash.format(name, memory_id[-length:]) if length else name
            if _folded(unique) not in used:
                break
        used.add(_folded(unique))
        names[memory_id] = unique
    return names


def unique_paths(paths: Iterable[tuple[str, str]], taken: Iterable[str] = ()) -> dict[str, str]:
    """{id: path of a markdown file} for pairs of id and wanted path, by the rules of `unique_names`."""
    stems = ((memory_id, path.removesuffix(".md")) for memory_id, path in paths)
    names = unique_names(stems, (path.removesuffix(".md") for path in taken), clash="{}-{}")
    return {memory_id: f"{name}.md" for memory_id, name in names.items()}


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def name_with_id(path: str, memory_id: str) -> str:
    """A markdown file's path with the end of an id in its name."""
    return f"{path.removesuffix('.md')}-{short(memory_id)}.md"
