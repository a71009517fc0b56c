"""Ids, names and paths are checked once, when they are made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.memory.identity import (
    DEVICE_NAMES,
    MemoryId,
    Ulids,
    derived_ulid,
    new_memory_path,
    only_match,
    short,
    slug,
    ulid,
)
from memcli.core.session.names import SessionName
from memcli.errors import NotFound, Usage

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def test_a_ulid_is_the_time_and_the_entropy() -> None:
    assert ulid(datetime(2016, 7, 30, 23, 54, 10, 259000, tzinfo=UTC), b"\0" * 10) == "01ARZ3NDEK0000000000000000"


@given(st.binary(min_size=10, max_size=10), st.integers(1, 10**9))
def test_later_ids_sort_later(entropy: bytes, seconds: int) -> None:
    assert ulid(AT, entropy) < ulid(AT + timedelta(seconds=seconds), entropy)


steps = st.lists(st.tuples(st.integers(-3, 3), st.binary(min_size=16, max_size=16)), min_size=2, max_size=20)


@given(steps)
def test_ids_of_one_source_sort_as_made_also_where_the_clock_goes_back(
    drawn: list[tuple[int, bytes]],
) -> None:
    source, at, made = Ulids(), AT, list[MemoryId]()
    for step, entropy in drawn:
        at += timedelta(milliseconds=step)
        made.append(source.next(at, entropy))
    assert made == sorted(set(made))


def test_a_new_millisecond_begins_with_its_own_entropy() -> None:
    source, entropy = Ulids(), bytes(range(16))
    assert source.next(AT, entropy) == ulid(AT, entropy)
    later = AT + timedelta(milliseconds=1)
    assert source.next(AT, entropy)[:10] == ulid(AT, entropy)[:10]
    assert source.next(later, entropy) == ulid(later, entropy)


def test_derived_ids_agree_and_differ_with_their_parts() -> None:
    assert derived_ulid(AT, "docs/a.md", "text") == derived_ulid(AT, "docs/a.md", "text")
    assert derived_ulid(AT, "docs/a.md", "text") != derived_ulid(AT, "docs/a.mdt", "ext")


@pytest.mark.parametrize(
    "text", ["", "01K9Z3V5C4M8Q2T7R6W1XABCD", "81K9Z3V5C4M8Q2T7R6W1XABCDE", "01k9z3v5c4m8q2t7r6w1xabcde"]
)
def test_what_is_no_id(text: str) -> None:
    with pytest.raises(ValueError, match="not a ULID"):
        MemoryId(text)


@pytest.mark.parametrize("text", ["", "-a", "A", "a/b", "a b", "none", "spool", "x" * 65, "a\n", "../x"])
def test_what_is_no_session(text: str) -> None:
    with pytest.raises(ValueError, match="session"):
        SessionName(text)


@given(st.text())
def test_a_slug_is_always_a_safe_file_name(text: str) -> None:
    made = slug(text)
    assert made and made not in DEVICE_NAMES
    assert all(letter in "abcdefghijklmnopqrstuvwxyz0123456789-" for letter in made)
    assert len(made) <= 48 and not made.startswith("-") and not made.endswith("-")


def test_hostile_titles_and_topics_stay_inside_the_store() -> None:
    path = new_memory_path("semantic", "../../.git", "../../../etc/passwd", "01K9Z3V5C4M8Q2T7R6W1XABCDE")
    assert path == "semantic/git/etc-passwd-XABCDE.md"
    assert new_memory_path("semantic", "CON", "nul", "01K9Z3V5C4M8Q2T7R6W1XABCDE") == "semantic/general/note-XABCDE.md"


def test_a_short_id_is_its_end() -> None:
    assert short("01K9Z3V5C4M8Q2T7R6W1XABCDE") == "XABCDE"


IDS = ["01ARZ3NDEK0000000000000000", "01ARZ3NDEK00000000000000A1", "01BRZ3NDEK00000000000000B1"]


@pytest.mark.parametrize("text", [IDS[1], "a1", "00000000A1", IDS[1][:25]])
def test_part_of_an_id_means_the_only_id_that_has_it(text: str) -> None:
    assert only_match(text, IDS, "memory", "") == IDS[1]


def test_an_id_that_several_changes_share_is_one_id() -> None:
    assert only_match("B1", [IDS[2], IDS[2]], "memory", "") == IDS[2]


def test_an_unknown_id_is_not_found_with_the_way_to_find_it() -> None:
    with pytest.raises(NotFound, match="no candidate with the id 'ZZ'") as caught:
        only_match("ZZ", IDS, "candidate", "'mem review' lists them")
    assert caught.value.hint == "'mem review' lists them"


def test_part_of_several_ids_is_a_usage_error_that_names_them() -> None:
    with pytest.raises(Usage, match=f"{IDS[0]}, {IDS[1]}"):
        only_match("01A", IDS, "memory", "")
