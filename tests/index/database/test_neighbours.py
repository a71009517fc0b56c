"""Neighbours: a hit lifts what stands beside it in time, and, more weakly, what it is linked with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from memcli.core.memory.summary import Filters
from memcli.index.database.index import Index
from memcli.index.database.neighbours import BESIDE
from memcli.index.database.view import View
from memcli.index.search.ranking import SearchRequest, SearchResult, search
from memcli.index.storage.manifest import FileChange
from tests.index.memories import MAIN, change, manifest, memory_id

TALK = [
    "Morning, all well here.",
    "Did the painting class go as you hoped, Melanie?",
    "Yes, sunsets on a lake this time.",
    "Lovely. Any plans for June?",
    "Camping with the kids.",
]


def turn(name: str, body: str, minute: int, **front: str) -> FileChange:
    said = {"kind": "episodic", "created": f"2026-05-08T10:{minute:02}:00Z", "topic": "talk", **front}
    return change(name, body, title=f"turn {name}", **said)


FILLER = [turn(f"filler{number}", f"Nothing said, number {number}.", 30 + number) for number in range(25)]


@contextmanager
def store(*files: FileChange) -> Iterator[View]:
    with Index.open(None) as index:
        index.update(manifest(), files)
        with index.view(MAIN) as view:
            yield view


def found(answer: SearchResult) -> list[str]:
    return [hit.record.id for hit in answer.hits]


def test_the_turn_after_the_question_is_found_with_it() -> None:
    with store(*(turn(str(minute), body, minute) for minute, body in enumerate(TALK)), *FILLER) as view:
        answer = search(view, SearchRequest("painting class Melanie"))
        assert found(answer)[0] == memory_id("1") and {memory_id(name) for name in "023"} <= {*found(answer)[1:5]}
        lifts = {hit.record.id: hit.channels["neighbours"].score for hit in answer.hits if "neighbours" in hit.channels}
        assert lifts[memory_id("2")] == lifts[memory_id("0")] > lifts[memory_id("3")] > 0
        assert abs(lifts[memory_id("3")] / lifts[memory_id("2")] - BESIDE[1] / BESIDE[0]) < 1e-9


def lifted(*files: FileChange, query: str = "painting class Melanie", filters: Filters | None = None) -> set[str]:
    with store(*files, *FILLER) as view:
        hits = search(view, SearchRequest(query, filters or Filters())).hits
        return {hit.record.id for hit in hits if "neighbours" in hit.channels}


def test_only_what_happened_has_neighbours_in_time() -> None:
    hit, beside = turn("1", TALK[1], 1), turn("2", TALK[2], 2)
    assert memory_id("2") in lifted(hit, beside)
    assert memory_id("2") not in lifted(hit, turn("2", TALK[2], 2, kind="semantic"))
    assert memory_id("2") not in lifted(turn("1", TALK[1], 1, kind="semantic"), beside)


def test_another_topic_another_day_and_a_long_text_are_no_neighbours() -> None:
    hit = turn("1", TALK[1], 1)
    assert memory_id("2") not in lifted(hit, turn("2", TALK[2], 2, topic="other"))
    assert memory_id("2") not in lifted(hit, turn("2", TALK[2], 2, created="2026-05-01T10:00:00Z"))
    assert memory_id("2") not in lifted(hit, turn("2", TALK[2] * 30, 2))


def test_the_time_it_happened_counts_before_the_time_it_was_written() -> None:
    hit = turn("1", TALK[1], 1, valid_from="2025-01-01T00:00:00Z")
    late = turn("2", TALK[2], 59, created="2026-08-01T00:00:00Z", valid_from="2025-01-01T00:01:00Z")
    assert memory_id("2") in lifted(hit, late)


def test_the_same_instant_is_ordered_by_id() -> None:
    names = sorted(("a", "b", "c"), key=memory_id)
    bodies = {names[0]: TALK[1], names[1]: TALK[2], names[2]: TALK[3]}
    with store(*(turn(name, body, 1) for name, body in bodies.items()), *FILLER) as view:
        hits = {hit.record.id: hit.channels for hit in search(view, SearchRequest("painting class Melanie")).hits}
        first, second = (hits[memory_id(name)]["neighbours"].score for name in names[1:])
        assert first > second > 0


def test_links_lift_both_ways_and_filters_hold() -> None:
    hub = change("hub", f"The painting class of Melanie, see [[{memory_id('to')[-8:]}|that]].")
    to, back = change("to", "A lake at dusk."), change("back", f"Brushes: [[{memory_id('hub')}]]", topic="tools")
    assert {memory_id("to"), memory_id("back")} <= lifted(hub, to, back)
    narrowed = lifted(hub, to, back, filters=Filters(topics=("general",)))
    assert memory_id("to") in narrowed and memory_id("back") not in narrowed
