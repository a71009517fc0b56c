"""A reading as text and back, for the cache: `parse_reading(reading_text(reading)) == reading`, or there is no text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from memcli.core.memory.document import DocumentError, new_document, parse_document
from memcli.core.memory.memory import Memory, front_matter
from memcli.core.memory.schema import read_memory
from memcli.core.sources.source_reader import Extract, Reading, Skipped


def reading_text(reading: Reading) -> str | None:
    """A reading in one line; None for one whose memories a file cannot hold as they are, or have files of their own."""
    if any(extract.document for extract in reading.extracts):
        return None
    try:
        fields = {
            "extracts": [_written(extract) for extract in reading.extracts],
            "skipped": [vars(skipped) for skipped in reading.skipped],
            "notices": [vars(notice) for notice in reading.notices],
        }
        text = json.dumps(fields, ensure_ascii=True, separators=(",", ":"))
        return text if parse_reading(text) == reading else None
    except (DocumentError, ValueError):
        return None


def parse_reading(text: str) -> Reading:
    """The reading in a text. Raises ValueError for anything else."""
    try:
        fields = json.loads(text)
        extracts = tuple(map(_extract, fields["extracts"]))
        return Reading(extracts, _lines(fields["skipped"]), _lines(fields["notices"]))
    except (KeyError, TypeError, AttributeError, RecursionError, DocumentError) as error:
        raise ValueError(f"not a reading: {error}") from error


def _written(extract: Extract) -> dict[str, Any]:
    memory = new_document(front_matter(extract.memory), extract.memory.body).text()
    return {**vars(extract), "memory": memory}


def _extract(fields: Mapping[str, Any]) -> Extract:
    return Extract(**{**fields, "memory": _memory(fields["memory"])})


def _memory(text: str) -> Memory:
    memory, findings = read_memory(parse_document(text))
    if memory is None:
        raise ValueError(findings[0].message)
    return memory


def _lines(listed: Sequence[Mapping[str, Any]]) -> tuple[Skipped, ...]:
    return tuple(Skipped(**fields) for fields in listed)
