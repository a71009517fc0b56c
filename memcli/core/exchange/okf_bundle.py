"""Memories as a bundle of the Open Knowledge Format (OKF v0.2): a concept each, and an index at the root."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from posixpath import basename

from memcli.core.exchange.exported_memory import ExportedIds, ExportedMemory
from memcli.core.exchange.file_names import name_with_id, safe_store_path, unique_paths
from memcli.core.exchange.memory_digest import digest, line_title
from memcli.core.exchange.okf_concept import VERSION, concept_text

INDEX, LOG = "index.md", "log.md"
"""Names that OKF reserves in every directory."""
_HOOK = 120


def okf_files(memories: Sequence[ExportedMemory]) -> dict[str, str]:
    """The files of a bundle."""
    paths = unique_paths((exported.memory.id, _concept_path(exported)) for exported in memories)
    ids = ExportedIds(memories)

    def path_of(text: str) -> str | None:
        exported = ids.get(text)
        return paths[exported.memory.id] if exported else None

    files = {paths[exported.memory.id]: concept_text(exported, path_of) for exported in memories}
    return {INDEX: _index(memories, paths), **files}


def _concept_path(exported: ExportedMemory) -> str:
    path = safe_store_path(exported)
    return name_with_id(path, exported.memory.id) if basename(path).lower() in (INDEX, LOG) else path


def _index(memories: Sequence[ExportedMemory], paths: Mapping[str, str]) -> str:
    """The index of the bundle: a section for each topic, a line for each memory that is in use."""
    lines = ["---", f'okf_version: "{VERSION}"', "---"]
    active = [exported for exported in memories if exported.memory.status == "active"]
    by_topic = sorted(active, key=lambda exported: (exported.memory.topic, exported.memory.title, exported.memory.id))
    for topic, group in groupby(by_topic, key=lambda exported: exported.memory.topic):
        lines += [f"# {topic}", "", *(_line(exported, paths[exported.memory.id]) for exported in group), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _line(exported: ExportedMemory, path: str) -> str:
    undecided = f" ({exported.undecided})" if exported.undecided else ""
    return f"* [{line_title(exported.memory)}]({path}) - {digest(exported.memory, _HOOK)}{undecided}"
