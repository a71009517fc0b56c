"""Codex's memories: the handbook by task group, the summary, notes and rollouts."""

from __future__ import annotations

from datetime import UTC, datetime

from memcli.core.sources.stores.codex_memories import READER
from tests.core.sources.stores.read_stores import by_ref, only, read_store

GROUP = """# Task Group: checkout service

scope: The checkout.
applies_to: cwd=/home/ada/checkout; reuse_rule=safe

## Task 1: Find the slow query

### rollout_summary_files

- rollout_summaries/2026-05-02-x.md (cwd=/home/ada/checkout)

### keywords

- postgres, explain

## User preferences

- when the user asks for a plan, answer with three steps at most [Task 1]

## Reusable knowledge

- The checkout reads prices from the replica only.

# Task Group: mailer
applies_to: cwd=/home/ada/mailer

## Reusable knowledge

- The mailer retries for two days.
"""
SUMMARY = (
    "v1\n\n## User Profile\n\nAda maintains the checkout.\n\n## What's in Memory\n\n### checkout\n- slow query: x\n"
)


def test_a_handbook_gives_the_knowledge_of_each_group() -> None:
    memories = by_ref(read_store(READER, {".codex/memories/MEMORY.md": GROUP}))
    assert {ref: (memory.title, memory.type) for ref, memory in memories.items()} == {
        ".codex/memories/MEMORY.md#L16": ("User preferences: checkout service", "preference"),
        ".codex/memories/MEMORY.md#L20": ("Reusable knowledge: checkout service", "fact"),
        ".codex/memories/MEMORY.md#L27": ("Reusable knowledge: mailer", "fact"),
    }
    body = memories[".codex/memories/MEMORY.md#L27"].body
    assert body == "applies_to: cwd=/home/ada/mailer\n\n- The mailer retries for two days.\n"


def test_blocks_with_front_matter_are_read_by_their_description() -> None:
    block = (
        "---\nrollout_summary_files:\n  - {0}.md (x)\ndescription: {0} is slow\nkeywords: a, b\n---\n\n"
        "- Cache the {0} for a day.\n\n"
    )
    reading = read_store(
        READER, {"memories/MEMORY.md": block.format("mailer") + block.format("parser"), "memories/raw_memories.md": "x"}
    )
    assert [extract.memory.title for extract in reading.extracts] == ["mailer is slow", "parser is slow"]
    assert [skipped.path for skipped in reading.skipped] == ["memories/raw_memories.md"]


def test_the_summary_is_read_without_its_index() -> None:
    reading = read_store(READER, {"memories/MEMORY.md": GROUP, "memories/memory_summary.md": SUMMARY})
    [profile] = [extract for extract in reading.extracts if extract.path.endswith("summary.md")]
    assert (profile.memory.type, profile.memory.body) == ("preference", "Ada maintains the checkout.\n")
    assert "an index of MEMORY.md" in {skipped.reason for skipped in reading.skipped}


def test_a_rollout_is_an_event_of_its_day() -> None:
    text = "thread_id: 1\nupdated_at: 2026-05-02T11:46:19+00:00\n\n# Found the slow query\n\nIt was the join.\n"
    files = {"memories/MEMORY.md": "x", "memories/memory_summary.md": "x", "memories/rollout_summaries/a.md": text}
    extract = only(read_store(READER, files))
    assert (extract.diary, extract.memory.title) == (True, "Found the slow query")
    assert extract.memory.created == datetime(2026, 5, 2, 11, 46, 19, tzinfo=UTC)


def test_notes_that_a_person_asked_for_are_memories() -> None:
    files = {
        ".codex/memories/MEMORY.md": "x",
        ".codex/memories/extensions/ad_hoc/notes/2026-08-07-lazy.md": "Never load images eagerly.\n",
        ".codex/memories/extensions/ad_hoc/instructions.md": "Consolidate each note.\n",
        ".codex/memories/skills/x/SKILL.md": "---\nname: x\n---\nRun it.\n",
    }
    extract = only(read_store(READER, files))
    assert (extract.memory.title, extract.memory.type) == ("Never load images eagerly", "constraint")


def test_claude_notes_are_left_to_their_reader() -> None:
    text = "# Memory\n\n## Build\n\nRun `make all` before the tests.\n"
    assert not read_store(READER, {".claude/memory/MEMORY.md": text}).extracts


def test_a_handbook_alone_is_known_by_its_task_groups() -> None:
    assert len(read_store(READER, {"MEMORY.md": GROUP, "README.md": "# Shop\n\nIt sells.\n"}).extracts) == 3
