"""The names of sessions: harnesses' ids of any kind give allowed ones, and successors are found again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.session.names import SessionName, harness_session, is_successor, is_well_formed, successor_name

NAMES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,63}", fullmatch=True)


@given(st.text(max_size=80), st.text(max_size=80))
def test_every_harness_session_is_a_name_and_the_same_again(agent: str, harness_id: str) -> None:
    name = harness_session(agent, harness_id)
    assert SessionName(name) == harness_session(agent, harness_id)
    assert name != harness_session(agent, harness_id + "x")


@given(NAMES, st.integers(2, 999))
def test_who_goes_on_under_a_name_is_found(name: str, number: int) -> None:
    later = successor_name(name, number)
    assert is_well_formed(later) and is_successor(later, name)


def test_who_only_begins_alike_is_somebody_else() -> None:
    assert not any(is_successor(name, "fix") for name in ("fix", "fix-", "fix-it", "fix-2-it", "prefix-2"))
    assert not any(map(is_well_formed, ("", "-fix", "Fix", "fix\n", "../fix", "x" * 65)))
