"""The table of front matter keys: what is derived agrees with it, and a memory survives its own front matter."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.memory import keys
from memcli.core.memory.anchors import Anchor
from memcli.core.memory.document import new_document
from memcli.core.memory.identity import MemoryId
from memcli.core.memory.key_types import EVIDENCE, KINDS, STATUSES, Source, Verified
from memcli.core.memory.memory import Memory, front_matter
from memcli.core.memory.schema import read_memory
from memcli.core.memory.summary import MemorySummary

instants = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))
lines = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30)
slugs = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True)
shares = st.sampled_from([0.0, 0.25, 0.5, 1.0])
texts = st.lists(lines, max_size=3).map(tuple)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "id": st.just(MemoryId("01K9Z3V5C4M8Q2T7R6W1XABCDE")),
    "title": lines,
    "outcome": lines,
    "kind": st.sampled_from(KINDS),
    "type": slugs,
    "topic": slugs,
    "key": st.from_regex(r"[A-Za-z0-9._/-]{1,20}", fullmatch=True),
    "tags": st.lists(slugs, max_size=3).map(tuple),
    "paths": st.lists(lines.map(Anchor.parse), max_size=3).map(tuple),
    "status": st.sampled_from(STATUSES),
    **dict.fromkeys(("created", "modified", "valid_from", "expires"), instants),
    "valid_to": st.none(),
    "verified": st.builds(Verified, instants, st.none() | lines),
    **dict.fromkeys(("holds_if", "based_on", "supersedes", "merged_from", "attention", "resolved"), texts),
    **dict.fromkeys(("superseded_by", "title_other"), lines),
    "conflict_other": st.just(()),
    "retired": st.just(""),
    **dict.fromkeys(("pin", "read_only", "conflict"), st.booleans()),
    **dict.fromkeys(("confidence", "importance"), shares),
    "evidence": st.sampled_from(EVIDENCE),
    "source": st.builds(Source, *[st.none() | lines] * 4),
}


@given(st.fixed_dictionaries(VALUES))
def test_a_memory_is_read_back_from_its_front_matter(values: dict[str, Any]) -> None:
    memory = Memory(**values, body="The retry queue owns failed webhooks.\n")
    read, findings = read_memory(new_document(front_matter(memory), memory.body))
    assert read == memory
    assert {finding.severity for finding in findings} <= {"info"}


def test_every_typed_key_is_a_field_of_a_memory() -> None:
    assert {key.name for key in keys.FIELDS} | {"body"} == {field.name for field in fields(Memory)}
    assert {key.name for key in keys.FIELDS} == VALUES.keys()


def test_no_two_rows_share_a_name_or_a_column() -> None:
    for names in ([key.name for key in keys.KEYS], [key.column_name for key in keys.COLUMNS]):
        assert len(set(names)) == len(names)


def test_every_field_of_a_record_is_a_place_in_the_tree_or_a_column() -> None:
    assert set(MemorySummary._fields) <= {
        "ref",
        "path",
        "blob",
        "questions",
        *(key.column_name for key in keys.COLUMNS),
    }


def test_every_row_is_documented() -> None:
    assert all(key.value and key.meaning for key in keys.KEYS)
