"""Exports of memories as JSON: Mem0, claude-mem, plain lists."""

from __future__ import annotations

import json
from typing import Any

import pytest

from memcli.core.sources.source_reader import Reading
from memcli.core.sources.stores.memory_exports import READER
from tests.core.sources.stores.read_stores import only, read_store

MEM0 = {
    "id": "892db2ae-06d9-49e5-8b3e-585ef9b85b8e",
    "memory": "Prefers uv over pip for every project.",
    "hash": "d41d8",
    "metadata": {"category": "tooling", "tags": ["python"]},
    "created_at": "2024-07-01T03:00:00.000000-07:00",
    "updated_at": "2024-07-02T12:00:00Z",
    "user_id": "ann",
    "categories": ["preferences"],
}
OBSERVATION: dict[str, Any] = {
    "id": 7,
    "memory_session_id": "s",
    "project": "shop",
    "type": "decision",
    "title": "Orders live in Postgres",
    "subtitle": "Mongo cannot join them with invoices.",
    "facts": '["Orders are kept for ninety days", "Orders live in Postgres"]',
    "narrative": "Orders live in Postgres, in one table.",
    "concepts": '["storage", "trade-off"]',
    "files_read": "[]",
    "files_modified": '["/home/ann/code/shop/src/orders.py", "gone.py"]',
    "created_at": "2025-12-10T10:00:00.000Z",
    "created_at_epoch": 1765360800000,
}


def read(value: object, path: str = "memories.json", **other: str) -> Reading:
    return read_store(READER, {path: value if isinstance(value, str) else json.dumps(value, indent=1)} | other)


@pytest.mark.parametrize("value", [[MEM0], {"results": [MEM0]}, {"results": {"results": [MEM0]}}, json.dumps(MEM0)])
def test_a_memory_of_mem0(value: object) -> None:
    extract = only(read(value))
    memory = extract.memory
    assert (memory.title, memory.topic, memory.tags) == (
        "Prefers uv over pip for every project",
        "tooling",
        ("preferences", "python"),
    )
    assert (extract.dated, memory.created.isoformat(), memory.modified.isoformat()) == (
        True,
        "2024-07-01T10:00:00+00:00",
        "2024-07-02T12:00:00+00:00",
    )
    assert (memory.evidence, memory.body) == ("inference", "Prefers uv over pip for every project.\n")


def test_an_observation_of_claude_mem() -> None:
    export = {"exportedAt": "2025-12-11T00:00:00Z", "query": "", "observations": [OBSERVATION], "sessions": []}
    reading = read_store(READER, {".claude-mem/memories/a.json": json.dumps(export), "src/orders.py": ""})
    memory = only(reading).memory
    assert (memory.title, memory.type, memory.topic) == ("Orders live in Postgres", "decision", "shop")
    assert memory.tags == ("storage", "trade-off")
    assert memory.body == (
        "Mongo cannot join them with invoices.\n\nOrders live in Postgres, in one table.\n\n"
        "- Orders are kept for ninety days\n"
    )
    assert memory.created.isoformat() == "2025-12-10T10:00:00+00:00"


def test_files_of_an_observation_are_anchors_where_they_exist() -> None:
    reading = read([OBSERVATION], **{"src/orders.py": "x"})
    assert [anchor.path for anchor in only(reading).memory.paths] == ["src/orders.py"]


def test_features_and_summaries_are_a_diary() -> None:
    learned = {"request": "x", "learned": "The cache is only valid for as long as the token is."}
    export = {"observations": [OBSERVATION | {"type": "feature"}], "summaries": [learned, {}], "prompts": [{"a": 1}]}
    reading = read(export)
    assert [(extract.memory.type, extract.diary) for extract in reading.extracts] == [("event", True)] * 2
    assert [skipped.reason for skipped in reading.skipped] == [
        "1 summaries of sessions that learned nothing",
        "1 prompts and sessions without a memory",
    ]


@pytest.mark.parametrize(
    "value",
    [
        {"memories": ["The queue drains at midnight.", "Orders are kept for ninety days."]},
        {"memories": [{"text": "The queue drains at midnight.", "id": 1, "tags": ["a"]}, {"text": "no", "id": 2}]},
    ],
)
def test_plain_lists_of_memories(value: object) -> None:
    assert read(value).extracts[0].memory.body == "The queue drains at midnight.\n"


def test_each_record_has_its_line() -> None:
    listed = [MEM0 | {"memory": f"Rule number {number} must be kept by all.", "id": str(number)} for number in range(3)]
    text = json.dumps(listed, indent=1)
    lines = text.split("\n")
    for number, extract in enumerate(read(text).extracts):
        assert f"number {number}" in lines[extract.line - 1]


def test_lines_that_are_broken_are_told() -> None:
    reading = read("\n".join((json.dumps(MEM0), "{", "null", json.dumps(MEM0 | {"memory": "no"}))), "memory.jsonl")
    assert len(reading.extracts) == 1
    assert [(skipped.line, skipped.reason) for skipped in reading.skipped] == [
        (2, "not a JSON object"),
        (3, "not a JSON object"),
        (4, "1 memories that say less than a sentence"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '[{"role": "user", "content": "hi there you", "id": 1, "timestamp": 2}]',
        '{"name": "x", "version": "1", "scripts": {}}',
        '{"memories": [1, 2]}',
        "[]",
        "[1]",
        "{",
        "",
        "not json at all",
    ],
)
def test_a_file_of_another_shape_is_not_taken(text: str) -> None:
    assert read(text) == Reading()


def test_it_is_read_anywhere_where_it_is_named_alone() -> None:
    assert read([MEM0], "data/export.json") == Reading()
