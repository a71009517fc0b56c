"""Memories as JSON Lines: one object a line with every key of a memory's file, its body and its path; and back.

Keys that `mem` types as flags and numbers are JSON's; all other scalars are text, as in the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from memcli.core.exchange.exported_memory import ExportedMemory
from memcli.core.exchange.file_names import safe_store_path
from memcli.core.memory.document import Document, Value, new_document
from memcli.core.memory.key_types import FLAG, SHARE
from memcli.core.memory.keys import FIELDS

BODY, FILE, OTHERS = "body", "file", "front"
"""What an object has beside the keys of the front matter: keys of these names are in `front`."""
_FLAGS = frozenset(key.name for key in FIELDS if key.type is FLAG)
_SHARES = frozenset(key.name for key in FIELDS if key.type is SHARE)
MEMORIES = "memories.jsonl"
"""The file of an export to a directory."""


def json_files(memories: Sequence[ExportedMemory]) -> dict[str, str]:
    """The one file of an export."""
    return {MEMORIES: "".join(f"{json_line(exported)}\n" for exported in memories)}


def json_line(exported: ExportedMemory) -> str:
    """A memory as one line of JSON, without a line end."""
    front = exported.document.front()
    values = {key: _json_value(key, value) for key, value in front.items() if key not in (BODY, FILE, OTHERS)}
    others = {key: front[key] for key in (BODY, FILE, OTHERS) if key in front}
    values |= {FILE: safe_store_path(exported), BODY: exported.document.body, **({OTHERS: others} if others else {})}
    return json.dumps(values, ensure_ascii=False)


def _json_value(key: str, value: Value) -> Any:
    if key in _FLAGS and value in ("true", "false"):
        return value == "true"
    if key in _SHARES and isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return value
        return number if 0 <= number <= 1 else value
    return value


def document_of_line(values: Mapping[str, Any]) -> Document:
    """The memory's file that an object was made from. Raises DocumentError."""
    others = values.get(OTHERS)
    front = {key: value for key, value in values.items() if key not in (BODY, FILE, OTHERS)}
    front |= others if isinstance(others, Mapping) else {}
    body = values.get(BODY)
    return new_document(
        {str(key): front_value(value) for key, value in front.items()}, body if isinstance(body, str) else ""
    )


def front_value(value: Any) -> Value:
    """A JSON value as front matter has it: scalars are text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return tuple(front_value(item) for item in value)
    if isinstance(value, Mapping):
        return {str(key): front_value(item) for key, item in value.items()}
    return value if value is None else str(value)
