"""Memories that other tools export as JSON: Mem0, claude-mem, and plain lists of memories.

A file is read where its objects have a memory's fields; what they are called differs between tools.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from memcli.core.memory.memory import TYPES
from memcli.core.sources.passage_text import contains, count_words, rule_type, word_list
from memcli.core.sources.source_reader import Reading, SourceReader, SourceUnit
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.stores.json_records import (
    date_field,
    first_object,
    json_lines,
    json_units,
    json_value,
    located,
    objects,
    text_field,
    texts_field,
)
from memcli.core.sources.stores.store_records import SkippedRecord, StoreRecord, records_reading

_Records = Iterator[tuple[int, StoreRecord | SkippedRecord | None]]
_LISTS = ("results", "memories", "data", "items", "entries", "observations")
_TEXTS = ("memory", "text", "content", "narrative", "message", "value", "observation", "fact")
_MARKS = word_list(
    """
    id hash metadata created_at createdat created updated_at updatedat updated timestamp ts created_at_epoch user_id
    agent_id tags categories category type kind title subtitle facts concepts importance
    """
)
_TYPES: Mapping[str, str] = {
    "bugfix": "fact",
    "discovery": "fact",
    "feature": "event",
    "change": "event",
    "refactor": "event",
    "progress": "event",
    "session": "event",
    "rule": "constraint",
    "convention": "preference",
    "user_preference": "preference",
    "workflow": "procedure",
    "howto": "procedure",
    "how-to": "procedure",
}


def memories_of_export(path: str, text: str, known_paths: Collection[str] = ()) -> Reading:
    """What is made of an export: a list, an object that holds lists, or one object in each line."""
    return records_reading(path, _records(text), known_paths)


def _records(text: str) -> _Records:
    value = json_value(text)
    if value is None or (isinstance(value, dict) and not _lists(value)):
        for line, fields in json_lines(text):
            yield line, memory_record(fields) if isinstance(fields, dict) else None
        return
    for record in located(text, _lists(value), "title", *_TEXTS):
        yield record.line, memory_record(record.fields)
    if isinstance(value, dict):
        for record in located(text, objects(value.get("summaries")), "request", "learned"):
            yield record.line, _summary(record.fields)
        sessions = objects(value.get("prompts")) + objects(value.get("sessions"))
        yield from ((1, SkippedRecord("prompts and sessions without a memory")) for _ in sessions)


def _lists(value: Any) -> list[Mapping[str, Any]]:
    if isinstance(value, list):
        return objects(value) or objects([{"text": item} for item in value if isinstance(item, str)])
    for key in _LISTS if isinstance(value, dict) else ():
        if isinstance(value.get(key), list):
            return _lists(value[key])
        if isinstance(value.get(key), dict) and (inner := _lists(value[key])):
            return inner
    return []


def memory_record(fields: Mapping[str, Any]) -> StoreRecord | SkippedRecord:
    """An object of an export as a record."""
    metadata = fields["metadata"] if isinstance(fields.get("metadata"), dict) else {}
    title, body = text_field(fields, "title", "name", "subject"), _text(fields)
    if fields.get("is_deleted") is True or fields.get("deleted") is True or fields.get("archived") is True:
        return SkippedRecord("deleted memories")
    if count_words(body) < 3:
        return SkippedRecord("memories that say less than a sentence")
    type_ = _type(text_field(fields, "type", "kind", "category") or text_field(metadata, "type", "category"), body)
    return StoreRecord(
        (title,) if title else (),
        body,
        type_,
        text_field(metadata, "category", "topic") or text_field(fields, "topic", "category", "project") or "general",
        (*texts_field(fields, "tags", "categories", "concepts"), *texts_field(metadata, "tags")),
        (*texts_field(fields, "files_modified"), *texts_field(fields, "files_read"), *texts_field(fields, "files")),
        created=date_field(fields, "created_at", "created_at_epoch", "createdAt", "created", "timestamp", "ts", "date"),
        modified=date_field(fields, "updated_at", "updatedAt", "updated"),
        diary=type_ == "event",
    )


def _text(fields: Mapping[str, Any]) -> str:
    """What an object says: its text, after its subtitle, before the facts that the text does not have."""
    text, subtitle = text_field(fields, *_TEXTS), text_field(fields, "subtitle")
    facts = [fact for fact in texts_field(fields, "facts") if not contains(text, fact)] if "facts" in fields else []
    lead = subtitle if not contains(text, subtitle) else ""
    return "\n\n".join(filter(None, (lead, text, "\n".join(f"- {fact}" for fact in facts))))


def _type(stated: str, text: str) -> str:
    name = re.sub(r"[\s-]+", "_", stated.lower())
    return name if name in TYPES else _TYPES.get(name) or rule_type("", text)


def _summary(fields: Mapping[str, Any]) -> StoreRecord | SkippedRecord:
    """What a session learned; what it did is in its observations."""
    learned = text_field(fields, "learned")
    if count_words(learned) < 6:
        return SkippedRecord("summaries of sessions that learned nothing")
    created = date_field(fields, "created_at", "created_at_epoch")
    return StoreRecord((), learned, "event", text_field(fields, "project") or "general", created=created, diary=True)


def is_export(text: str) -> bool:
    """Whether a text is an export of memories, from its beginning."""
    head = text[:20_000].lstrip()
    if head.startswith("["):
        first = re.match(r"\[\s*(\{.*)", head, re.DOTALL)
        return bool(first) and _is_memory(_first_keys(head))
    fields = first_object(text)
    if fields and _is_memory(frozenset(fields)):
        return True
    listed = re.match(r'\{(?:[^\[\]]{0,2000}?)"(?:results|memories|observations)"\s*:\s*\[', head)
    rest = head[listed.end() :] if listed else ""
    return bool(listed) and (_is_memory(_first_keys(rest)) or bool(re.match(r'\s*"[^"]{10,}', rest)))


def _first_keys(head: str) -> frozenset[str]:
    return frozenset(re.findall(r'"(\w{1,40})"\s*:', head[:6000]))


def _is_memory(keys: Collection[str]) -> bool:
    lower = {key.lower() for key in keys}
    return bool(lower & set(_TEXTS)) and len(lower & _MARKS) >= 2 and not lower & {"role", "messages", "scripts"}


_USUAL = re.compile(
    r"(?i)(?:.*/)?(?:\.claude-mem/.*|(?:[\w.-]*[-_.])?(?:memory|memories|mem0)(?:[-_.][\w.-]*)?)\.jsonl?"
)


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    return memories_of_export(unit.root, tree.text(unit.root), tree.paths)


READER = SourceReader("memory-exports", "exports of memories", json_units(_USUAL, is_export), _read)
