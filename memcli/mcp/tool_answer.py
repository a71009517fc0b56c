"""The answer of a tool: short text, the fields that `--json` has, both of a bounded size.

What a store holds is data: in the text each of its strings is one clean line, or the last thing that stands there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from memcli.cli.views.output import as_plain_json

MOST_BYTES = 24_000
"""UTF-8 bytes of an answer's JSON: at most 10,000 tokens, from which on harnesses warn."""
LONG_BYTES = 16_000
"""UTF-8 bytes of the one long text of an answer, such as a memory's body."""
MOST_IN_LINE = 600
"""Characters of every other text."""


@dataclass(frozen=True)
class ToolAnswer:
    """What an agent reads, and the same as fields; harnesses show one of the two to their model."""

    text: str
    data: Mapping[str, Any]


def plain_data(data: Mapping[str, object], whole: tuple[str, ...] = ()) -> dict[str, Any]:
    """Fields as plain JSON values without lone surrogates; all texts shortened but those of the fields in `whole`."""
    text = json.dumps(data, default=as_plain_json).encode("utf-8", "replace").decode()
    fields: dict[str, Any] = json.loads(text)
    return {key: _encodable(value) if key in whole else _shortened(value) for key, value in fields.items()}


def _encodable(text: object) -> object:
    return text.encode("utf-8", "replace").decode() if isinstance(text, str) else text


def _shortened(value: Any) -> Any:
    if isinstance(value, str):
        text = value if len(value) <= MOST_IN_LINE else value[: MOST_IN_LINE - 1] + "…"
        return _encodable(text)
    if isinstance(value, list):
        return [_shortened(item) for item in value[:100]]
    if isinstance(value, dict):
        return {str(_shortened(key)): _shortened(item) for key, item in list(value.items())[:100]}
    return value


def json_size(data: object) -> int:
    """The bytes of a value as JSON."""
    return len(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))


def fitting(items: list[Any], taken: int) -> list[Any]:
    """As many of the first items as have room beside `taken` bytes, at least one."""
    room = MOST_BYTES - taken
    for number, item in enumerate(items):
        room -= json_size(item) + 2
        if room < 0 and number:
            return items[:number]
    return items


def text_page(text: str, offset: int, most: int = LONG_BYTES) -> tuple[str, int | None]:
    """(at most so many bytes of a text from a character on, the offset of what follows; None at the end)."""
    rest = text[offset : offset + most]
    piece = rest.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")
    end = offset + len(piece)
    return piece, (end if end < len(text) else None)
