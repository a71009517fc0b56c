"""Lines found again in what was committed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.text.line_map import line_before

TEXT = st.lists(st.sampled_from([b"a", b"b", b"c", b""]), max_size=12)


@given(TEXT, TEXT)
def test_a_line_that_is_found_is_the_same_and_the_order_stays(old: list[bytes], new: list[bytes]) -> None:
    found = [line_before(old, new, place) for place in range(len(new))]
    assert all(old[there] == new[place] for place, there in enumerate(found) if there is not None)
    known = [there for there in found if there is not None]
    assert known == sorted(set(known))


@given(TEXT, TEXT, TEXT)
def test_lines_around_a_change_are_found(before: list[bytes], between: list[bytes], after: list[bytes]) -> None:
    old, new = [b"x", *before, *after, b"z"], [b"x", *before, b"new", *between, *after, b"z"]
    assert line_before(old, new, 0) == 0
    assert line_before(old, new, len(new) - 1) == len(old) - 1
    assert line_before(old, new, 1 + len(before)) is None
