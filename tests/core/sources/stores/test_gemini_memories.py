"""What Gemini CLI was asked to remember, one memory per item."""

from __future__ import annotations

import pytest

from memcli.core.sources.rules.agent_rules import READER
from tests.core.sources.stores.read_stores import by_ref, read_store

ITEMS = "## Gemini Added Memories\n- Always push after each commit.\n- The staging host is `s1`,\n  behind the VPN.\n"


@pytest.mark.parametrize(
    "before, after, line",
    [
        ("", "", 2),
        ("# Rules\n\nUse tabs in all makefiles.\n\n", "", 6),
        ("", "\n# Role\n\nNever merge changes to the parser alone.\n", 2),
    ],
)
def test_each_item_is_a_memory_and_the_rest_stays_rules(before: str, after: str, line: int) -> None:
    memories = by_ref(read_store(READER, {"GEMINI.md": before + ITEMS + after}))
    first, second = memories[f"GEMINI.md#L{line}"], memories[f"GEMINI.md#L{line + 1}"]
    assert (first.body, first.type, first.evidence) == ("Always push after each commit.\n", "constraint", "inference")
    assert second.body == "The staging host is `s1`,\n  behind the VPN.\n"
    others = [memory for memory in memories.values() if memory not in (first, second)]
    assert all("push" not in memory.body and memory.evidence == "document" for memory in others)
    assert len(others) == bool(before or after)


def test_a_file_without_the_section_is_only_rules() -> None:
    memories = by_ref(read_store(READER, {"GEMINI.md": "# Rules\n\n- Always push after each commit.\n"}))
    assert {memory.evidence for memory in memories.values()} == {"document"}
