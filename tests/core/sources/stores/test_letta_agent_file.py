"""Letta's agent files, one memory per block."""

from __future__ import annotations

import json

import pytest

from memcli.core.sources.stores.letta_agent_file import READER
from tests.core.sources.stores.read_stores import read_store

HUMAN = {"label": "human", "value": "Prefers short answers.\nWorks in Lisbon.", "limit": 5000, "description": None}
PERSONA = {"label": "persona", "value": "[unknown]", "description": "The persona block: Stores details"}


@pytest.mark.parametrize(
    "content", [{"blocks": [HUMAN, PERSONA]}, {"core_memory": [HUMAN, PERSONA]}, {"agents": [{"core_memory": [HUMAN]}]}]
)
@pytest.mark.parametrize("twice", [False, True])
def test_blocks_of_an_agent_are_memories(content: object, twice: bool) -> None:
    text = json.dumps(content, indent=1)
    reading = read_store(READER, {"loop.af": json.dumps(text) if twice else text})
    [extract] = reading.extracts
    assert extract.memory.body == HUMAN["value"] + "\n"  # type: ignore[operator]
    assert (extract.memory.title, extract.memory.type) == ("Prefers short answers", "preference")
    assert extract.path == "loop.af"


def test_a_read_only_block_is_tagged() -> None:
    [extract] = read_store(READER, {"a.af": json.dumps({"blocks": [HUMAN | {"read_only": True}]})}).extracts
    assert extract.memory.tags == ("system", "read-only")


@pytest.mark.parametrize("text", ["{", "[1]", "null", '"x"', "{}", '{"blocks": [{"label": 1}]}', "[" * 5000])
def test_what_is_no_agent_file_is_listed(text: str) -> None:
    assert [skipped.reason for skipped in read_store(READER, {"a.af": text}).skipped] == ["no memory blocks"]


def test_agents_that_are_a_product_are_not_read_unasked() -> None:
    assert not read_store(READER, {"agents/x/x.af": json.dumps({"blocks": [HUMAN]})}).extracts
