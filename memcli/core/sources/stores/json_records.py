"""JSON that other tools wrote, as one value or as one in each line.

Invariant: reading never fails, whatever a file holds; text that comes out has no control characters and is valid UTF-8.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from memcli.core.sources.passages import readable_text, utc_instant
from memcli.core.sources.source_paths import is_third_party
from memcli.core.sources.source_reader import SourceUnit
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.written_dates import written_date

WINDOW = 200_000
"""Characters in which the line of a record is looked for after that of the one before it."""
_FIRST, _LAST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class JsonRecord:
    """An object of a file, and the line where it starts, from 1."""

    line: int
    fields: Mapping[str, Any]


def json_units(
    usual: re.Pattern[str], recognises: Callable[[str], bool]
) -> Callable[[SourceTree, Collection[str]], Iterator[SourceUnit]]:
    """The `units` of a reader of JSON files: those with a usual path, or named, whose text it recognises."""

    def units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
        named = frozenset(tree.named)
        for path in tree.ordered:
            if path in taken or not path.lower().endswith((".json", ".jsonl")):
                continue
            expected = path in named or (usual.fullmatch(path) and not is_third_party(path))
            if expected and recognises(tree.peek(path)):
                yield SourceUnit(path, (path,))

    return units


def json_value(text: str) -> Any:
    """The value of a text; None where it is not JSON, is too deep, or has a number that is too long."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def json_lines(text: str) -> Iterator[tuple[int, Any]]:
    """(line, value) of each line that is not blank; the value is None where the line is not JSON."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, json_value(line)


def first_object(text: str) -> Mapping[str, Any]:
    """The object in the first of the first lines that holds one; empty where none does. For telling what a file is."""
    for line in text[:WINDOW].split("\n", 20)[:20]:
        value = json_value(line) if line.startswith("{") else None
        if isinstance(value, dict):
            return value
    return {}


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects in a list; none where it is not a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def located(text: str, records: list[Mapping[str, Any]], *keys: str) -> Iterator[JsonRecord]:
    """The records of a text in their order, each with its line: that of the first of these keys that it has."""
    at, line = 0, 1
    for fields in records:
        value = next((fields[key] for key in keys if isinstance(fields.get(key), str)), "")
        start = max(at, *(text.find(needle, at, at + WINDOW) for needle in _written(value)))
        line += text.count("\n", at, start)
        at = start
        yield JsonRecord(line, fields)


def _written(value: str) -> tuple[str, ...]:
    """The beginning of a string as JSON has it, with and without escapes for what is not ASCII."""
    head = value[:60]
    return tuple(json.dumps(head, ensure_ascii=ascii_only)[:-1] for ascii_only in (True, False))


def text_field(fields: Mapping[str, Any], *keys: str) -> str:
    """The first text among these keys that says something, else ''."""
    texts = (_clean(fields.get(key)) for key in keys)
    return next(filter(None, texts), "")


def texts_field(fields: Mapping[str, Any], *keys: str) -> tuple[str, ...]:
    """The texts in the first of these keys that has any: in a list, in JSON in a text, or separated by commas."""
    for key in keys:
        value = fields.get(key)
        if isinstance(value, str):
            value = json_value(value) if value.startswith("[") else value.split(",")
        if isinstance(value, list) and (texts := tuple(filter(None, map(_clean, value)))):
            return texts
    return ()


def date_field(fields: Mapping[str, Any], *keys: str) -> datetime | None:
    """The first date among these keys: a text, or seconds or milliseconds since the epoch."""
    return next(filter(None, (_date(fields.get(key)) for key in keys)), None)


def _clean(value: Any) -> str:
    return _CONTROLS.sub("", readable_text(value)).strip() if isinstance(value, str) else ""


def _date(value: Any) -> datetime | None:
    if isinstance(value, str):
        return _stated(value.strip()[:40])
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e14:
        return _plausible(datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC))
    return None


def _stated(text: str) -> datetime | None:
    try:
        return _plausible(datetime.fromisoformat(text))
    except ValueError:
        return written_date(text)


def _plausible(date: datetime) -> datetime | None:
    instant = utc_instant(date)
    return instant if _FIRST <= instant < _LAST else None
