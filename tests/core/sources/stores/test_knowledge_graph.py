"""The graph of MCP's memory server: entities as memories, relations as links between them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from memcli.core.sources.dating import dated_memories
from memcli.core.sources.source_reader import Reading
from memcli.core.sources.stores.knowledge_graph import READER
from tests.core.sources.stores.read_stores import only, read_store


def entity(name: str, *observations: Any, type_: str = "component", **fields: Any) -> dict[str, Any]:
    return {"type": "entity", "name": name, "entityType": type_, "observations": list(observations)} | fields


def relation(start: str, end: str, kind: str = "uses") -> dict[str, str]:
    return {"type": "relation", "from": start, "to": end, "relationType": kind}


QUEUE, STORE = entity("Queue", "Drains at midnight by cron."), entity("OrderStore", "Keeps orders for ninety days.")
LINES = [QUEUE, STORE, relation("Queue", "OrderStore", "writes_to"), relation("Queue", "Nowhere")]


def in_lines(*values: object) -> str:
    return "\n".join(value if isinstance(value, str) else json.dumps(value) for value in values)


def read(text: str, path: str = "memory.jsonl") -> Reading:
    return read_store(READER, {path: text})


FORMS = {
    "lines": in_lines(*LINES),
    "list": json.dumps(LINES, indent=2),
    "graph": json.dumps({"entities": [QUEUE, STORE], "relations": LINES[2:]}, indent=2),
}


@pytest.mark.parametrize("form", FORMS)
def test_an_entity_is_one_memory_with_links_to_others(form: str) -> None:
    extracts = read(FORMS[form], "memory.json").extracts
    queue, store = dated_memories(extracts, {})
    assert queue.title == "Queue: Drains at midnight by cron"
    assert queue.body == f"- Drains at midnight by cron.\n- writes to: [[{store.id}|OrderStore]]\n- uses: [[Nowhere]]\n"
    assert (queue.topic, queue.evidence) == ("component", "inference")
    assert len({extract.line for extract in extracts}) == 2


def test_observations_may_state_when_they_were_made() -> None:
    stated = {"text": "Targets iOS 16 and later devices.", "timestamp": "2025-05-06T14:09:36.202Z"}
    extract = only(read(in_lines(entity("App", stated, "Follows MVVM everywhere."))))
    assert (extract.dated, extract.memory.created.isoformat()) == (True, "2025-05-06T14:09:36+00:00")
    assert extract.memory.body == "- Targets iOS 16 and later devices.\n- Follows MVVM everywhere.\n"


@pytest.mark.parametrize(
    "type_, expected",
    [("preference", "preference"), ("Decision", "decision"), ("coding_rule", "constraint"), ("work_session", "event")],
)
def test_the_type_of_an_entity_is_that_of_its_memory(type_: str, expected: str) -> None:
    assert only(read(in_lines(entity("X", "Answers come with a diff first.", type_=type_)))).memory.type == expected


def test_reports_of_what_was_done_are_a_diary() -> None:
    extract = only(read(in_lines(entity("me", "Successfully completed issue 941.", "All tests passing after it."))))
    assert (extract.memory.type, extract.diary) == ("event", True)


def test_observations_of_an_entity_that_is_repeated_are_joined() -> None:
    extract = only(read(in_lines(QUEUE, entity("Queue", "Retries three times."))))
    assert extract.memory.body == "- Drains at midnight by cron.\n- Retries three times.\n"


def test_what_is_no_memory_is_counted() -> None:
    reading = read(in_lines(QUEUE, entity("Empty"), entity("T", "Write the readme soon.", type_="task"), "{broken"))
    assert [(skipped.line, skipped.reason) for skipped in reading.skipped] == [
        (2, "1 entities without observations"),
        (3, "1 tasks and plans"),
        (4, "not a JSON object"),
    ]


@pytest.mark.parametrize("text", ['{"user": "x"}', "[]", "{}", "", '[{"role": "user", "content": "hello you"}]', "{"])
def test_a_file_of_another_shape_is_not_taken(text: str) -> None:
    assert read(text) == Reading()
