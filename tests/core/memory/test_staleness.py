"""Staleness as pure decisions: over every sighting, and over every mixture of anchors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.memory.document import Value, new_document
from memcli.core.memory.staleness import (
    FRESH,
    MAX_ANCHORS,
    STALE,
    SUSPECT,
    UNANCHORED,
    WEIGHTS,
    AnchorStaleness,
    AnchorStatus,
    RecordedAnchor,
    anchor_staleness,
    memory_staleness,
    recorded_anchors,
)

ONE, TWO = "1" * 40, "2" * 40
IDS = st.sampled_from([ONE, TWO, "/"])
KNOWN = st.lists(st.sampled_from([ONE, ONE[:8], TWO[:8], TWO, "/"]), max_size=2).map(tuple)
THERE = st.tuples(KNOWN, st.none() | IDS, st.none(), st.none())
MOVED = st.tuples(KNOWN, st.none(), st.just("new.py"), IDS)
SIGHTINGS = (THERE | MOVED).map(lambda values: AnchorStatus(*values))
STATES = st.sampled_from([FRESH, SUSPECT, STALE])
ANCHORS = st.lists(st.builds(AnchorStaleness, st.just("a.py"), STATES, st.none(), st.just("is so")), max_size=5)


@pytest.mark.parametrize(
    ("seen", "state", "moved_to"),
    [
        (AnchorStatus((ONE,), ONE), FRESH, None),
        (AnchorStatus((ONE[:8],), ONE), FRESH, None),
        (AnchorStatus((TWO, ONE[:8]), ONE), FRESH, None),
        (AnchorStatus((ONE,), TWO), SUSPECT, None),
        (AnchorStatus((), TWO), FRESH, None),
        (AnchorStatus((), None), STALE, None),
        (AnchorStatus((ONE,), None), STALE, None),
        (AnchorStatus((ONE,), None, "new.py", ONE), FRESH, "new.py"),
        (AnchorStatus((ONE,), None, "new.py", TWO), SUSPECT, "new.py"),
        (AnchorStatus(("/",), "/"), FRESH, None),
        (AnchorStatus((ONE,), "/"), SUSPECT, None),
    ],
)
def test_an_anchor(seen: AnchorStatus, state: str, moved_to: str | None) -> None:
    found = anchor_staleness("old.py", seen)
    assert (found.path, found.state, found.moved_to) == ("old.py", state, moved_to)
    assert moved_to is None or moved_to in found.reason


@given(SIGHTINGS)
def test_the_laws_of_an_anchor(seen: AnchorStatus) -> None:
    found = anchor_staleness("old.py", seen)
    somewhere = seen.present or seen.moved
    assert (found.state == STALE) is (somewhere is None)
    same = somewhere is not None and any(somewhere.startswith(one) for one in seen.earlier)
    assert not same or found.state == FRESH
    assert found.state != FRESH or same or not seen.earlier
    assert found.moved_to is None or (seen.present is None and found.moved_to == seen.moved_to)
    assert anchor_staleness("old.py", seen._replace(earlier=(*seen.earlier, somewhere or ONE))).state in (FRESH, STALE)


@given(ANCHORS)
def test_the_laws_of_a_memory(anchors: list[AnchorStaleness]) -> None:
    found, states = memory_staleness(anchors), [one.state for one in anchors]
    assert (found.state == UNANCHORED) is (not anchors)
    assert (found.state == FRESH) is (bool(anchors) and set(states) == {FRESH})
    assert (found.state == STALE) is (bool(anchors) and set(states) == {STALE})
    assert bool(found.reason) is (found.state in WEIGHTS)
    assert memory_staleness(anchors[::-1]).state == found.state
    order = [FRESH, SUSPECT, STALE]
    for number, one in enumerate(anchors):
        worse = [*anchors[:number], AnchorStaleness(one.path, STALE, None, "is gone"), *anchors[number + 1 :]]
        assert order.index(memory_staleness(worse).state) >= order.index(found.state)


def test_what_is_worst_is_said_first() -> None:
    anchors = [
        anchor_staleness("a.py", AnchorStatus((ONE,), TWO)),
        anchor_staleness("b.py", AnchorStatus((ONE,), None)),
    ]
    assert memory_staleness(anchors).reason == "b.py is gone (and 1 more)"
    assert memory_staleness(anchors[:1]).reason == "a.py has changed"
    assert 0 < WEIGHTS[STALE] < WEIGHTS[SUSPECT] < 1


def test_claims_of_any_front_matter() -> None:
    front: dict[str, Value]
    front = {"paths": ("a.py@" + ONE[:8], "b.py"), "verified": {"at": "x", "commit": TWO}, "source": {"commit": ONE}}
    assert recorded_anchors(front) == (
        RecordedAnchor("a.py", ONE[:8], TWO, ONE),
        RecordedAnchor("b.py", None, TWO, ONE),
    )
    assert recorded_anchors({"paths": "a.py"}) == (RecordedAnchor("a.py"),)
    odd: list[dict[str, Value]]
    odd = [{}, {"paths": None}, {"paths": {"a": "b"}}, {"paths": (("a",), "")}, {"paths": ("", None)}]
    assert [recorded_anchors(new_document(one, "x\n").front()) for one in odd] == [()] * 5
    assert recorded_anchors({"paths": ("a",), "verified": "yes", "source": ("x",)}) == (RecordedAnchor("a"),)
    assert len(recorded_anchors({"paths": tuple(f"f{number}" for number in range(500))})) == MAX_ANCHORS
