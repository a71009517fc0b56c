"""Stores in JSON that are broken, hostile or very large: each gives valid memories, or says why none."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.memory.document import new_document, parse_document
from memcli.core.memory.memory import front_matter
from memcli.core.memory.schema import read_memory
from memcli.core.sources.dating import dated_memories
from memcli.core.sources.passage_text import word_list
from memcli.core.sources.source_reader import Extract, Reading
from memcli.core.sources.stores.beads import issue_memories
from memcli.core.sources.stores.kage import packet_reading
from memcli.core.sources.stores.knowledge_graph import graph_memories, is_graph
from memcli.core.sources.stores.memory_exports import is_export, memories_of_export

READS: dict[str, Callable[[str], Reading]] = {
    "beads": lambda text: issue_memories(".beads/issues.jsonl", text),
    "graph": lambda text: graph_memories("memory.jsonl", text),
    "export": lambda text: memories_of_export("memories.json", text),
    "kage-markdown": lambda text: packet_reading(".agent_memory/packets/a.md", text),
    "kage": lambda text: packet_reading(".agent_memory/packets/a.json", text),
}
STRANGE: list[Any] = [
    None,
    True,
    float("nan"),
    float("inf"),
    -1,
    10**30,
    1e308,
    "",
    "\ud800 lone",
    "\x00\x1b[31m words of evil \x07 and more",
    "words " * 20_000,
    "[" * 5_000,
    [],
    [[["deep"]]],
    {"text": {"text": 1}},
    ["a", None, 3, {"text": "words of an observation, many"}],
]
KEYS = sorted(
    word_list(
        """
        _type type id title status issue_type close_reason notes design labels created_at closed_at updated_at key value
        name entityType observations from to relationType memory text content narrative subtitle facts concepts metadata
        files_modified created_at_epoch body tags paths summary is_deleted results entities relations summaries learned
        """
    )
)
TEXTS = [
    "",
    "{",
    "[",
    "[" * 100_000,
    '{"a":' * 50_000,
    "[1]",
    "null",
    '"text"',
    "NaN",
    "1" * 10_000,
    '{"id": 1, "id": 2, "title": "x", "title": ["y"]}',
    '{"results": {"results": {"results": []}}}',
    '{"entities": {"a": 1}, "relations": "x"}',
    '{"entities": [[1], null, {"name": 1}], "relations": [null, {"from": 1, "to": 2}]}',
    '{"name": "\\ud800", "entityType": "x", "observations": ["\\ud800 lone words of a half"]}',
    '{"memory": "\\u0000\\u001b[2J words that clear a screen", "id": "1"}',
    "\u2028".join('{"memory": "words of a memory here"}' for _ in range(3)),
    "\n" * 50_000,
    " " * 200_000,
    "\n# Kage state\n" * 20_000,
    "```json " * 50_000,
    "# Kage state\n" + "```json " * 50_000,
]


def assert_valid(extracts: tuple[Extract, ...]) -> None:
    for memory in dated_memories(extracts, {}):
        assert 0 < len(memory.title) <= 120
        assert memory.title.isprintable()
        assert read_memory(parse_document(new_document(front_matter(memory), memory.body).text())) == (memory, [])


@pytest.mark.parametrize("kind", READS)
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:12]))
def test_hostile_files(kind: str, text: str) -> None:
    began = time.process_time()
    reading = READS[kind](text)
    assert time.process_time() - began < 10
    assert_valid(reading.extracts)
    assert reading.extracts or reading.skipped
    assert is_graph(text) in (True, False)
    assert is_export(text) in (True, False)


@settings(max_examples=60)
@given(st.sampled_from(sorted(READS)), st.integers(0, 2**32))
def test_objects_with_any_values(kind: str, seed: int) -> None:
    chance = random.Random(seed)
    values = [
        *STRANGE,
        "closed",
        "memory",
        "Rejected because it would break every client",
        "2024-05-01T10:00:00Z",
        1.7e9,
    ]
    rows = [{key: chance.choice(values) for key in chance.sample(KEYS, 16)} for _ in range(6)]
    for text in ("\n".join(map(json.dumps, rows)), json.dumps(rows), json.dumps({"results": rows, "entities": rows})):
        assert_valid(READS[kind](text).extracts)


ROWS: dict[str, Callable[[int], dict[str, Any]]] = {
    "beads": lambda n: {"title": f"T {n}", "status": "closed", "close_reason": f"Rejected because rule {n} forbids it"},
    "graph": lambda n: {"name": f"N{n}", "entityType": "x", "observations": [f"Observation number {n} of all of them"]},
    "export": lambda n: {"id": str(n), "memory": f"The memory number {n} says that it is one", "user_id": "a"},
}


@pytest.mark.parametrize("kind", ROWS)
def test_ten_thousand_lines_are_read_in_seconds(kind: str) -> None:
    text = "\n".join(json.dumps(ROWS[kind](n)) for n in range(10_000))
    began = time.process_time()
    reading = READS[kind](text)
    assert len(reading.extracts) == 10_000
    assert len({memory.id for memory in dated_memories(reading.extracts, {})}) == 10_000
    assert time.process_time() - began < 30


@pytest.mark.parametrize("kind", ROWS)
def test_thousands_of_broken_lines_are_few_lines_of_a_report(kind: str) -> None:
    text = "\n".join((json.dumps(ROWS[kind](1)), *("{broken" for _ in range(5_000))))
    reading = READS[kind](text)
    assert len(reading.extracts) == 1
    assert len(reading.skipped) == 21
    assert (reading.skipped[0].line, reading.skipped[-1].reason) == (2, "4980 lines that are not JSON objects")
