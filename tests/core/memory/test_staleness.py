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
    AnchorState,
    Claim,
    Sighting,
    claims,
    judge,
    overall,
)

ONE, TWO = "1" * 40, "2" * 40
IDS = st.sampled_from([ONE, TWO, "/"])
KNOWN = st.lists(st.sampled_from([ONE, ONE[:8], TWO[:8], TWO, "/"]), max_size=2).map(tuple)
THERE = st.tuples(KNOWN, st.none() | IDS, st.none(), st.none())
MOVED = st.tuples(KNOWN, st.none(), st.just("new.py"), IDS)
SIGHTINGS = (THERE | MOVED).map(lambda values: Sighting(*values))
STATES = st.sampled_from([FRESH, SUSPECT, STALE])
ANCHORS = st.lists(st.builds(AnchorState, st.just("a.py"), STATES, st.none(), st.just("is so")), max_size=5)


@pytest.mark.parametrize(
    ("seen", "state", "moved_to"),
    [
        (Sighting((ONE,), ONE), FRESH, None),
        (Sighting((ONE[:8],), ONE), FRESH, None),
        (Sighting((TWO, ONE[:8]), ONE), FRESH, None),
        (Sighting((ONE,), TWO), SUSPECT, None),
        (Sighting((), TWO), FRESH, None),
        (Sighting((), None), STALE, None),
        (Sighting((ONE,), None), STALE, None),
        (Sighting((ONE,), None, "new.py", ONE), FRESH, "new.py"),
        (Sighting((ONE,), None, "new.py", TWO), SUSPECT, "new.py"),
        (Sighting(("/",), "/"), FRESH, None),
        (Sighting((ONE,), "/"), SUSPECT, None),
    ],
)
def test_an_anchor(seen: Sighting, state: str, moved_to: str | None) -> None:
    found = judge("old.py", seen)
    assert (found.path, found.state, found.moved_to) == ("old.py", state, moved_to)
    assert moved_to is None or moved_to in found.reason


@given(SIGHTINGS)
def test_the_laws_of_an_anchor(seen: Sighting) -> None:
    found = judge("old.py", seen)
    somewhere = seen.present or seen.moved
    assert (found.state == STALE) is (somewhere is None)
    same = somewhere is not None and any(somewhere.startswith(one) for one in seen.earlier)
    assert not same or found.state == FRESH
    assert found.state != FRESH or same or not seen.earlier
    assert found.moved_to is None or (seen.present is None and found.moved_to == seen.moved_to)
    assert judge("old.py", seen._replace(earlier=(*seen.earlier, somewhere or ONE))).state in (FRESH, STALE)


@given(ANCHORS)
def test_the_laws_of_a_memory(anchors: list[AnchorState]) -> None:
    found, states = overall(anchors), [one.state for one in anchors]
    assert (found.state == UNANCHORED) is (not anchors)
    assert (found.state == FRESH) is (bool(anchors) and set(states) == {FRESH})
    assert (found.state == STALE) is (bool(anchors) and set(states) == {STALE})
    assert bool(found.because) is (found.state in WEIGHTS)
    assert overall(anchors[::-1]).state == found.state
    order = [FRESH, SUSPECT, STALE]
    for number, one in enumerate(anchors):
        worse = [*anchors[:number], AnchorState(one.path, STALE, None, "is gone"), *anchors[number + 1 :]]
        assert order.index(overall(worse).state) >= order.index(found.state)


def test_what_is_worst_is_said_first() -> None:
    anchors = [judge("a.py", Sighting((ONE,), TWO)), judge("b.py", Sighting((ONE,), None))]
    assert overall(anchors).because == "b.py is gone (and 1 more)"
    assert overall(anchors[:1]).because == "a.py has changed"
    assert 0 < WEIGHTS[STALE] < WEIGHTS[SUSPECT] < 1


def test_claims_of_any_front_matter() -> None:
    front: dict[str, Value]
    front = {"paths": ("a.py@" + ONE[:8], "b.py"), "verified": {"at": "x", "commit": TWO}, "source": {"commit": ONE}}
    assert claims(front) == (Claim("a.py", ONE[:8], TWO, ONE), Claim("b.py", None, TWO, ONE))
    assert claims({"paths": "a.py"}) == (Claim("a.py"),)
    odd: list[dict[str, Value]]
    odd = [{}, {"paths": None}, {"paths": {"a": "b"}}, {"paths": (("a",), "")}, {"paths": ("", None)}]
    assert [claims(new_document(one, "x\n").front()) for one in odd] == [()] * 5
    assert claims({"paths": ("a",), "verified": "yes", "source": ("x",)}) == (Claim("a"),)
    assert len(claims({"paths": tuple(f"f{number}" for number in range(500))})) == MAX_ANCHORS
