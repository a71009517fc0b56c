"""A key's timeline: the same whatever the order of loading, and a fixed point."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.memory.document import Value
from memcli.core.memory.identity import MemoryId, derived_ulid
from memcli.core.memory.instants import parse_instant
from memcli.core.memory.memory import Memory
from memcli.core.memory.timeline import arrange, holds_at, interval
from tests.needs import SHARED, needs_corpora

START = parse_instant("2026-01-01")
Changes = dict[MemoryId, Any]


def memory(name: str, day: int, **values: Any) -> Memory:
    at = START + timedelta(days=day)
    return Memory(derived_ulid(at, name), name, "semantic", "fact", "general", f"{name}\n", at, at, key="k", **values)


def applied(memories: list[Memory], changes: Changes) -> list[Memory]:
    return [replace(each, **changes.get(each.id, {})) for each in memories]


def arranged(memories: list[Memory]) -> dict[str, tuple[str, str | None]]:
    """Title to (status, title of its successor)."""
    titles = {each.id: each.title for each in memories}
    after = applied(memories, arrange(memories))
    return {
        each.title: (each.status, titles.get(MemoryId(each.superseded_by)) if each.superseded_by else None)
        for each in after
    }


def test_the_last_is_active_and_the_others_point_at_their_successors() -> None:
    memories = [memory("b", 2), memory("c", 3), memory("a", 1)]
    assert arranged(memories) == {"a": ("superseded", "b"), "b": ("superseded", "c"), "c": ("active", None)}


def test_only_what_differs_is_changed() -> None:
    first, second = memory("a", 1), memory("b", 2)
    expected: dict[MemoryId, dict[str, Value]] = {first.id: {"status": "superseded", "superseded_by": second.id}}
    assert arrange([second, first]) == expected
    assert arrange([replace(first, status="superseded", superseded_by=second.id), second]) == {}
    assert arrange([replace(first, superseded_by=second.id), second]) == {first.id: {"status": "superseded"}}


def test_valid_from_outranks_created_and_ids_settle_ties() -> None:
    late_note = memory("known late", 9, valid_from=START)
    assert arranged([memory("a", 1), late_note]) == {"known late": ("superseded", "a"), "a": ("active", None)}
    same = sorted((memory("x", 5), memory("y", 5)), key=lambda each: each.id)
    assert list(arrange(reversed(same))) == [same[0].id]


def test_a_retired_one_ends_its_predecessors_interval_and_answers_nothing() -> None:
    first, last = memory("a", 1), memory("b", 3, status="retired")
    assert arranged([first, last]) == {"a": ("superseded", "b"), "b": ("retired", None)}
    assert interval(first, [first, last]) == (first.starts, last.starts)
    assert holds_at([first, last], START + timedelta(days=2)) == first
    assert holds_at([first, last], START + timedelta(days=3)) is None


def test_withdrawing_the_last_makes_the_one_before_active_again() -> None:
    last = memory("b", 3)
    first = memory("a", 1, status="superseded", superseded_by=last.id)
    stub = replace(last, status="withdrawn", key=None, title="", body="")
    assert arrange([first, stub]) == {first.id: {"status": "active", "superseded_by": None}}
    assert interval(first, [first, stub]) == (first.starts, None)


def test_one_superseded_from_another_key_stays_superseded() -> None:
    foreign = memory("a", 1, status="superseded", superseded_by=memory("elsewhere", 2).id)
    assert arrange([foreign]) == {}
    assert arranged([memory("0", 0), foreign])["0"] == ("superseded", "a")


def test_an_explicit_end_is_kept_and_leaves_a_gap() -> None:
    first, last = memory("a", 1, valid_to=START + timedelta(days=2)), memory("b", 4)
    assert interval(first, [last, first]) == (first.starts, first.valid_to)
    answers = [holds_at([first, last], START + timedelta(days=day)) for day in range(6)]
    assert [answer and answer.title for answer in answers] == [None, "a", None, None, "b", "b"]
    ended = memory("c", 5, valid_to=START + timedelta(days=6))
    assert arrange([ended]) == {}


statuses = st.sampled_from(["active", "superseded", "retired", "withdrawn"])
rows = st.lists(st.tuples(st.integers(0, 6), statuses, st.integers(-2, 8), st.none() | st.integers(0, 6)), max_size=7)


def timeline_of(rows: list[tuple[int, str, int, int | None]]) -> list[Memory]:
    """Memories with any status, successors inside (0…) and outside the key (8), starts before and after creation."""
    ids = [derived_ulid(START + timedelta(days=row[0]), str(number)) for number, row in enumerate(rows)]
    outside = [derived_ulid(START, "outside")]
    memories = []
    for number, (day, status, successor, valid_from) in enumerate(rows):
        starts = None if valid_from is None else START + timedelta(days=valid_from)
        target = None if successor < 0 else [*ids, *outside][min(successor, len(ids))]
        one = memory(str(number), day, status=status, superseded_by=target, valid_from=starts)
        memories.append(replace(one, id=ids[number]))
    return memories


@given(rows, st.randoms(use_true_random=False))
def test_arranging_is_a_fixed_point_and_blind_to_order(drawn: list[Any], chance: random.Random) -> None:
    memories = timeline_of(drawn)
    changes = arrange(memories)
    assert arrange(applied(memories, changes)) == {}
    shuffled = list(memories)
    chance.shuffle(shuffled)
    assert arrange(shuffled) == changes


@given(rows)
def test_at_most_the_last_is_active(drawn: list[Any]) -> None:
    after = applied(memories := timeline_of(drawn), arrange(memories))
    line = sorted((each for each in after if each.status != "withdrawn"), key=lambda each: (each.starts, each.id))
    assert all(each.status != "active" for each in line[:-1])
    assert {each.id for each in after if each.status in ("retired", "withdrawn")} == {
        each.id for each in memories if each.status in ("retired", "withdrawn")
    }


@given(rows, st.integers(-1, 8))
def test_what_holds_is_inside_its_interval(drawn: list[Any], day: int) -> None:
    memories, at = timeline_of(drawn), START + timedelta(days=day)
    holding = [each for each in memories if each.status in ("active", "superseded") and _inside(each, memories, at)]
    found = holds_at(memories, at)
    assert found == max(holding, key=lambda each: (each.starts, each.id), default=None)


def _inside(each: Memory, memories: list[Memory], at: datetime) -> bool:
    start, end = interval(each, memories)
    return start <= at and (end is None or at < end)


@needs_corpora
@pytest.mark.parametrize("name", ["asof_eol", "asof_kep", "asof_pep"])
@pytest.mark.parametrize("order", ["forward", "reverse", "random"])
@pytest.mark.parametrize("ends", ["explicit", "implied"])
def test_real_timelines_answer_as_of_questions(name: str, order: str, ends: str) -> None:
    folder = SHARED / "data" / name
    facts = [json.loads(line) for line in (folder / "facts.jsonl").read_text(encoding="utf-8").splitlines()]
    questions = [json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    keys = _by_key(_in_order(facts, order), explicit=ends == "explicit")
    for members in keys.values():
        after = applied(members, arrange(members))
        assert sum(each.status == "active" for each in after) == 1
        for earlier, later in zip(line := sorted(after, key=lambda each: each.starts), line[1:], strict=False):
            assert (earlier.status, earlier.superseded_by) == ("superseded", later.id)
    assert questions
    for question in questions:
        at = parse_instant(question["as_of"] or "2100-01-01")
        members = keys[question["relevant"][0].rpartition("@")[0]]
        held = holds_at(members, at)
        assert held and held.title == question["relevant"][0], question["qid"]


def _in_order(facts: list[Any], order: str) -> list[Any]:
    if order == "random":
        return random.Random(7).sample(facts, len(facts))
    return facts[::-1] if order == "reverse" else facts


def _by_key(facts: list[Any], explicit: bool) -> dict[str, list[Memory]]:
    """The facts as memories that were all created in the order of loading, long after they began to hold."""
    keys: dict[str, list[Memory]] = {}
    for number, fact in enumerate(facts):
        ends = parse_instant(fact["valid_to"]) if explicit and fact["valid_to"] else None
        loaded = memory(fact["id"], 9000 + number, valid_from=parse_instant(fact["valid_from"]), valid_to=ends)
        keys.setdefault(fact["key"], []).append(loaded)
    return keys
