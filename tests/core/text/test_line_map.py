"""Lines of a changed text are found in the committed one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.text.line_map import map_line_back

TEXT = st.lists(st.sampled_from([b"a", b"b", b"c", b""]), max_size=12)


@given(TEXT, TEXT)
def test_a_mapped_line_has_the_same_text_and_keeps_its_order(old: list[bytes], new: list[bytes]) -> None:
    indices = [map_line_back(old, new, index) for index in range(len(new))]
    assert all(old[before] == new[index] for index, before in enumerate(indices) if before is not None)
    mapped = [before for before in indices if before is not None]
    assert mapped == sorted(set(mapped))


@given(TEXT, TEXT, TEXT)
def test_lines_around_a_change_are_mapped(before: list[bytes], added: list[bytes], after: list[bytes]) -> None:
    old, new = [b"x", *before, *after, b"z"], [b"x", *before, b"new", *added, *after, b"z"]
    assert map_line_back(old, new, 0) == 0
    assert map_line_back(old, new, len(new) - 1) == len(old) - 1
    assert map_line_back(old, new, 1 + len(before)) is None
