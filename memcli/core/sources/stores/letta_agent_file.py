"""Letta's agent files (`.af`): JSON with the blocks of an agent's memory, one memory each."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Collection, Iterator
from dataclasses import replace

from memcli.core.sources.lenient_front_matter import LenientDocument
from memcli.core.sources.passages import SourceFile
from memcli.core.sources.source_reader import (
    Extract,
    Reading,
    Skipped,
    SourceReader,
    SourceUnit,
)
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.stores.letta_blocks import block_filing
from memcli.core.sources.stores.store_notes import note_reading
from memcli.core.sources.stores.store_sections import joined_readings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    text = tree.text(unit.root)
    blocks = list(_blocks(_parsed(text)))
    if not blocks:
        return Reading(skipped=(Skipped(unit.root, "no memory blocks"),))
    return joined_readings(_block_reading(unit.root, text, block, tree.paths) for block in blocks)


def _parsed(text: str) -> Any:
    """The JSON value of a text, which may be JSON in a JSON string; None where it is neither."""
    try:
        value = json.loads(text)
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None


def _blocks(value: Any) -> Iterator[dict[str, Any]]:
    """The blocks of an agent file: `blocks`, or `core_memory` in older ones, of the file or of each of its agents."""
    if not isinstance(value, dict):
        return
    agents = value.get("agents")
    for holder in (value, *(agents if isinstance(agents, list) else ())):
        for key in ("blocks", "core_memory"):
            blocks = holder.get(key) if isinstance(holder, dict) else None
            yield from (block for block in (blocks if isinstance(blocks, list) else ()) if _is_block(block))


def _is_block(block: Any) -> bool:
    return isinstance(block, dict) and isinstance(block.get("label"), str) and isinstance(block.get("value"), str)


def _block_reading(path: str, text: str, block: dict[str, Any], known_paths: Collection[str]) -> Reading:
    line = text.count("\n", 0, max(text.find(json.dumps(block["value"])[:60]), 0)) + 1
    description = block.get("description")
    front = {"description": description} if isinstance(description, str) and not _is_standard(description) else {}
    document = LenientDocument(block["value"], front=front)
    filing = block_filing(f"system/{block['label']}", document, block.get("read_only") is True)
    reading = note_reading(SourceFile(f"{path}#L{line}", block["value"], None), filing, known_paths)
    reasons = [skipped.reason for skipped in reading.skipped]
    skipped = tuple(Skipped(path, f"{block['label']}: {reason}", line) for reason in reasons)
    return Reading(tuple(_placed(extract, path, line) for extract in reading.extracts), skipped)


def _is_standard(description: str) -> bool:
    """Whether a description is that of every agent's block."""
    return description.startswith(("The human block:", "The persona block:"))


def _placed(extract: Extract, path: str, line: int) -> Extract:
    """An extract of a block as one of the file, at the block's line."""
    source = replace(extract.memory.source, ref=f"{path}#L{line}")
    return replace(extract, path=path, line=line, memory=replace(extract.memory, source=source))


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    """Agent files that are named, beside Letta's settings or in the root; elsewhere they are a product's own agents."""
    for path in tree.ordered:
        own = path in tree.named or posixpath.dirname(path) == "" or ".letta" in path.split("/")
        if own and path.lower().endswith(".af") and path not in taken:
            yield SourceUnit(path, (path,))


READER = SourceReader("letta-agents", "Letta agent files", _units, _read)
