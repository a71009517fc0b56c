"""Edits of JSON texts: what is inserted can be removed to the byte, and nothing else changes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from memcli.agents.hook_commands import calls_mem, personal_command, shared_command
from memcli.agents.registry import adapters
from memcli.core.text.hooks_json import CannotEdit, handlers_of, insert_entries, own_handlers, remove_entries
from memcli.core.text.json_edits import InvalidJson, append_json, parse_json, remove_json
from tests.core.text.json_texts import foreign, settings, written

PATIENT = runs(max_examples=50)
ENTRIES = adapters()["claude"].entries(lambda event: personal_command("'/opt/a b/mem'", "claude", event), True)[:4]
FLAT = adapters()["cursor"].entries(lambda event: shared_command("mem", "cursor", event), False)[:3]


@PATIENT
@given(written())
def test_parses_what_the_json_module_parses(text: str) -> None:
    assert repr(parse_json(text).value) == repr(json.loads(text))


WRONG = ["[1,]", "{,}", "NaN", "-Infinity", "01", "'a'", "[1 2]", '{"a" 1}', '"\t"', "", "{} {}", '{"a":1,"a":2}', "+1",
         "// c\n1", "[1 /* c */]", "[" * 300 + "]" * 300, ".5", '"\\x"', "{1:2}"]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_text_that_is_not_strict_json_is_rejected(wrong: str) -> None:
    with pytest.raises(InvalidJson):
        parse_json(wrong)


def test_a_comment_is_reported_with_its_line() -> None:
    with pytest.raises(InvalidJson, match="line 3: comments are not supported"):
        parse_json('{\n  "a": 1,\n  // why\n  "b": 2\n}')


@PATIENT
@given(written())
def test_an_appended_item_can_be_removed(text: str) -> None:
    root = parse_json(text)
    if not isinstance(root.value, (list, dict)):
        return
    key = "new" if isinstance(root.value, dict) else None
    more = append_json(text, root, {"b": [1]}, key)
    changed = parse_json(more)
    wanted = {**root.value, "new": {"b": [1]}} if isinstance(root.value, dict) else [*root.value, {"b": [1]}]
    assert repr(changed.value) == repr(wanted)
    left = remove_json(more, changed, len(changed.children) - 1)
    assert left == text if root.children else repr(parse_json(left).value) == repr(root.value)


@PATIENT
@given(settings())
def test_entries_can_be_removed_to_the_byte(text: str) -> None:
    for entries, members in ((ENTRIES, {}), (FLAT, {"version": 1})):
        edited = insert_entries(text, entries, members)
        assert sorted(map(repr, own_handlers(edited.text, calls_mem))) == sorted(map(repr, handlers_of(entries)))
        assert remove_entries(edited.text, calls_mem, edited.origins) == text


@PATIENT
@given(settings())
def test_without_origins_all_other_entries_stay(text: str) -> None:
    edited = insert_entries(text, ENTRIES, {})
    left = remove_entries(edited.text, calls_mem, {})
    assert repr(foreign(parse_json(left).value)) == repr(foreign(parse_json(text).value))
    assert not own_handlers(left, calls_mem)


@PATIENT
@given(settings(), st.booleans())
def test_entries_that_others_add_later_stay(text: str, before: bool) -> None:
    edited = insert_entries(text, ENTRIES, {})
    group = '{"hooks": [{"type": "command", "command": "theirs"}]}'
    table = parse_json(edited.text).member("hooks")
    event = table and table.member("PreToolUse")
    assert event
    if before:
        changed = f"{edited.text[: event.start + 1]}{group},{edited.text[event.start + 1 :]}"
    else:
        changed = append_json(edited.text, event, json.loads(group))
    left = remove_entries(changed, calls_mem, edited.origins)
    assert not own_handlers(left, calls_mem)
    assert json.loads(group) in parse_json(left).value["hooks"]["PreToolUse"]
    assert left.count('"theirs"') == 1


def test_a_handler_in_another_group_is_removed_alone() -> None:
    group = '{"hooks":{"Stop":[{"hooks":[{"command":"a"}%s,{"command":"b"}]}]}}'
    assert remove_entries(group % ', {"command":"mem hook claude stop"}', calls_mem, {}) == group % ""


@pytest.mark.parametrize(
    "text", ["[]", '{"hooks": []}', '{"hooks": {"SessionStart": {}}}', '{"hooks": {"SessionStart": 1}}', "1"]
)
def test_a_table_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(CannotEdit):
        insert_entries(text, ENTRIES, {})
