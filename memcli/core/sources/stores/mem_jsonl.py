"""Memories of ours as JSON Lines: what `mem export --as jsonl` wrote."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from memcli.core.exchange.json_line import BODY, document_of_line
from memcli.core.memory.document import DocumentError
from memcli.core.memory.identity import MemoryId
from memcli.core.sources.source_reader import Reading, SourceReader, SourceUnit
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.stores.own_documents import OwnDocuments


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    for path in tree.ordered:
        if path not in taken and _may_be_ours(tree, path) and _is_ours(tree.peek(path)):
            yield SourceUnit(path, (path,))


def _may_be_ours(tree: SourceTree, path: str) -> bool:
    """Whether a file may have memories: it was named, or is called so; data sets are often JSON Lines too."""
    name = path.lower().rpartition("/")[2]
    return name.endswith((".jsonl", ".ndjson")) and (bool(tree.named) or "memor" in name)


def _is_ours(text: str) -> bool:
    first = next((line for line in text.split("\n", 20) if line.strip()), "")
    try:
        values = _object(first)
        MemoryId(str(values.get("id")))
    except ValueError:
        return False
    return isinstance(values.get(BODY), str) and "created" in values


def _object(line: str) -> dict[str, Any]:
    """The object of a line. Raises ValueError."""
    try:
        values = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(values, dict):
        raise ValueError("not a JSON object")
    return values


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    documents = OwnDocuments()
    for path in unit.paths:
        for number, line in enumerate(tree.text(path).split("\n"), 1):
            if line.strip():
                _add(documents, path, number, line)
    return documents.reading()


def _add(documents: OwnDocuments, path: str, number: int, line: str) -> None:
    try:
        documents.add(document_of_line(_object(line)), path, number)
    except (DocumentError, RecursionError) as error:
        documents.skip(path, f"no front matter can be made of it: {error}", number)
    except ValueError as error:
        documents.skip(path, f"not a line of JSON: {error}", number)


READER = SourceReader("mem-jsonl", "memories as JSON Lines", _units, _read)
