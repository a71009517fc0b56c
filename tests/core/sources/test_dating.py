"""Ids and links of extracts."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

from memcli.core.sources.dating import dated_memories, origin_id, redirected
from memcli.core.sources.passages import EPOCH, Filing, Passage, memory_of
from memcli.core.sources.source_reader import Extract

DAY = datetime(2024, 5, 1, tzinfo=UTC)


def extract(text: str, path: str = "notes/a.md") -> Extract:
    return Extract(memory_of(Passage(path, text, EPOCH), Filing("A note", "fact", "notes")), path)


def linked(source: Extract, target: Extract) -> Extract:
    return replace(source, memory=replace(source.memory, body=f"See [[{target.memory.id}|it]].\n"))


def test_an_id_does_not_depend_on_where_a_link_leads() -> None:
    first, other = extract("one"), extract("two", "notes/b.md")
    before, after = (dated_memories([linked(first, target), target], {})[0] for target in (other, extract("three")))
    assert before.id == after.id != first.memory.id
    assert origin_id(before.created, "notes/a.md", before.body) == before.id


def test_links_follow_the_new_ids() -> None:
    first, other = extract("one"), extract("two", "notes/b.md")
    source, target = dated_memories([linked(first, other), other], {"notes/b.md": DAY})
    assert source.body == f"See [[{target.id}|it]].\n"
    assert target.id != other.memory.id


def test_a_link_to_nothing_leaves_its_text() -> None:
    source = linked(extract("one"), other := extract("two")).memory
    assert redirected(source, {other.memory.id: ""}).body == "See [[it]].\n"


def test_many_notes_with_many_links_are_dated_in_one_pass_each() -> None:
    notes = [extract(f"note {number}", f"notes/{number}.md") for number in range(2_000)]
    body = " ".join(f"[[{note.memory.id}|x]]" for note in notes[:100]) + "\n"
    notes = [replace(note, memory=replace(note.memory, body=f"{number} {body}")) for number, note in enumerate(notes)]
    began = time.process_time()
    assert len(dated_memories(notes, {})) == 2_000
    assert time.process_time() - began < 5
