"""Kage (`.agent_memory/`): packets in markdown or JSON, one memory each."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from memcli.core.memory.memory import TYPES
from memcli.core.sources.lenient_front_matter import parse_leniently
from memcli.core.sources.passage_text import count_words
from memcli.core.sources.source_reader import Reading, Skipped, SourceReader, SourceUnit, directory_units
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.stores.json_records import date_field, json_value, text_field, texts_field
from memcli.core.sources.stores.store_records import SkippedRecord, StoreRecord, records_reading
from memcli.core.sources.stores.store_sections import joined_readings
from memcli.core.sources.titles import first_claim

DIRECTORY = ".agent_memory"
CUT_TITLE = 78
"""Characters; a longer title that Kage takes from the text ends within a word."""
_TYPES: Mapping[str, str] = {
    "bug_fix": "fact",
    "negative_result": "attempt",
    "convention": "preference",
    "runbook": "procedure",
    "workflow": "procedure",
    "policy": "constraint",
    "change": "event",
}
_DERIVED = re.compile(
    r"(?i)(?:indexes|graph|code_graph|structural|cache|metrics|review|reports?|observations|sessions|daemon)"
)
_GENERATED = re.compile(r"(?i)\bgenerated from the current git diff\b|\bchange memory generated\b")
_END = re.compile(r"\n#+ (?:Citations|Kage state)\n")


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    stores: dict[str, list[str]] = {}
    for path in tree.ordered:
        head, separator, _ = f"/{path}".rpartition(f"/{DIRECTORY}/")
        if separator and path not in taken:
            stores.setdefault(f"{head}/{DIRECTORY}".lstrip("/"), []).append(path)
    return directory_units(stores)


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    """The packets; of one in both forms the markdown."""
    markdown = {path.removesuffix(".md") for path in unit.paths if path.endswith(".md")}
    return joined_readings(
        Reading(skipped=(Skipped(path, "the same packet as the markdown file beside it"),))
        if path.endswith(".json") and path.removesuffix(".json") in markdown
        else packet_reading(path, tree.text(path), tree.paths)
        for path in unit.paths
    )


def packet_reading(path: str, text: str, known_paths: Collection[str] = ()) -> Reading:
    """What is made of a file of a store."""
    below = path.rpartition(f"{DIRECTORY}/")[2].split("/")
    if len(below) > 1 and _DERIVED.fullmatch(below[0]):
        return Reading(skipped=(Skipped(path, "made from the packets and the code, not a packet"),))
    if below[0] == "pending":
        return Reading(skipped=(Skipped(path, "not approved yet"),))
    if path.endswith(".json"):
        fields = json_value(text)
        record = packet_record(fields, text_field(fields, "body")) if isinstance(fields, dict) else None
    elif path.endswith((".md", ".markdown")):
        record = _markdown_record(text)
    else:
        return Reading(skipped=(Skipped(path, "neither markdown nor JSON"),))
    if isinstance(record, StoreRecord):
        return records_reading(path, [(1, record)], known_paths)
    return Reading(skipped=(Skipped(path, record.reason if record else "not a packet"),))


def _markdown_record(text: str) -> StoreRecord | SkippedRecord:
    """A packet in markdown: its text without the title, the summary above it and what the tool keeps for itself."""
    document = parse_leniently(text)
    stored = json_value(_state(document.body))
    front = {key.removeprefix("x_kage_"): value for key, value in document.front.items()}
    fields = {**front, **(stored if isinstance(stored, dict) else {})}
    body = _END.split(document.body, maxsplit=1)[0].strip()
    body = re.sub(r"\A# [^\n]*\n+", "", body)
    return packet_record(fields, re.sub(r"\A(?:>[^\n]*\n)+\n", "", body))


def _state(body: str) -> str:
    """The JSON in the last section of a packet, which the tool keeps for itself; '' where there is none."""
    start = body.find("```json", max(body.rfind("# Kage state\n"), 0))
    begin = body.find("\n", start)
    return body[begin : body.find("\n```", begin)] if 0 <= start < begin else ""


def packet_record(fields: Mapping[str, Any], text: str) -> StoreRecord | SkippedRecord:
    """A packet as a record."""
    status, kind = text_field(fields, "status").lower(), text_field(fields, "type").lower().replace(" ", "_")
    if status in ("pending", "rejected", "deprecated", "superseded", "archived", "deleted"):
        return SkippedRecord(f"its status is {status}")
    if _GENERATED.search(text[:2000]) or kind in ("repo_map", "change_memory"):
        return SkippedRecord("generated from a diff or from the code")
    if count_words(text) < 4:
        return SkippedRecord("empty")
    return StoreRecord(
        (_title(text_field(fields, "title"), text),),
        text,
        kind if kind in TYPES else _TYPES.get(kind, "fact"),
        kind or "general",
        tuple(tag for tag in texts_field(fields, "tags") if tag != "session-learning"),
        texts_field(fields, "paths"),
        created=date_field(fields, "created_at", "timestamp", "created"),
        modified=date_field(fields, "updated_at"),
    )


def _title(stated: str, text: str) -> str:
    """The title without the type before it; what the text claims where the tool has cut that off for a title."""
    title = re.sub(r"\A(?:decision|gotcha|bug[ _]fix|convention|runbook|workflow|reference): ", "", stated, flags=re.I)
    is_cut = len(stated) >= CUT_TITLE and text.startswith(stated)
    return (first_claim(text) if is_cut else "") or title


READER = SourceReader("kage", "Kage's packets", _units, _read)
