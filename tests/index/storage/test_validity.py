"""What held at an instant: the index answers as the timelines do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.memory.document import new_document
from memcli.core.memory.identity import derived_ulid
from memcli.core.memory.instants import format_instant, parse_instant
from memcli.core.memory.memory import Memory, front_matter
from memcli.core.memory.summary import Filters
from memcli.core.memory.timeline import holds_at
from memcli.index.database.index import Index
from memcli.index.storage.manifest import FileChange
from tests.index.memories import MAIN, SESSION, manifest, raw

START = parse_instant("2026-01-01")
DAYS = 6
ids = [derived_ulid(START, str(number)) for number in range(9)]


@st.composite
def memories(draw: st.DrawFn) -> Memory:
    """Any memory of one of nine ids on one of two timelines or none, its times within a few days."""
    day = st.integers(0, DAYS).map(lambda days: START + timedelta(days=days))
    starts, ends = draw(st.none() | day), draw(st.none() | day)
    if starts and ends and ends < starts:
        starts, ends = ends, starts
    return Memory(
        draw(st.sampled_from(ids[:8])), "A note", "semantic", "fact", "general", "It holds.\n", draw(day), draw(day),
        status=draw(st.sampled_from(["active", "superseded", "superseded", "retired", "withdrawn"])),
        key=draw(st.sampled_from(["one", "one", "two", None])), valid_from=starts, valid_to=ends,
        superseded_by=draw(st.none() | st.sampled_from(ids)),
    )  # fmt: skip


stores = st.lists(memories(), max_size=6, unique_by=lambda one: one.id)


def files(found: Sequence[Memory]) -> list[FileChange]:
    return [raw(f"semantic/x/{one.id}.md", new_document(front_matter(one), one.body).text().encode()) for one in found]


def held(found: Sequence[Memory], day: int) -> set[str]:
    """The ids that `core.memory.timeline` names."""
    lines: dict[Any, list[Memory]] = {}
    for one in found:
        lines.setdefault(one.key or one.id, []).append(one)
    answers = (holds_at(line, START + timedelta(days=day), found) for line in lines.values())
    return {one.id for one in answers if one}


@settings(max_examples=150)
@given(stores, stores)
def test_the_index_knows_what_held(store: list[Memory], proposed: list[Memory]) -> None:
    """Also where a session's candidates are laid over: as if they were promoted."""
    merged = list({one.id: one for one in [*store, *proposed]}.values())
    with Index.open(None) as index:
        index.update(manifest(), files(store))
        index.update(manifest(ref=SESSION), files(proposed))
        for day in range(-1, DAYS + 2):
            filters = Filters(valid_at=format_instant(START + timedelta(days=day)))
            with index.view(MAIN) as view:
                assert set(view.passing(ids, filters)) == held(store, day)
            with index.view(MAIN, SESSION) as view:
                assert {record.id for record in view.records(filters)} == held(merged, day)
                assert view.count(filters) == len(held(merged, day))


def test_one_key_with_very_many_memories_costs_no_quadratic_time() -> None:
    line = [
        Memory(
            derived_ulid(START, str(number)), "A note", "semantic", "fact", "general", "It holds.\n", at, at, key="k"
        )
        for number, at in ((number, START + timedelta(seconds=number)) for number in range(3000))
    ]
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with Index.open(None) as index:
        index.update(manifest(), files(line))
        with index.view(MAIN) as view:
            view._rows.connection.set_progress_handler(count, 1000)
            filters = Filters(valid_at=format_instant(START + timedelta(seconds=2000)))
            assert [record.id for record in view.records(filters)] == [line[2000].id]
    assert steps < 1000, "more than 300 instructions a memory"
