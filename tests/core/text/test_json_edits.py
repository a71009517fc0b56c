"""Edits of JSON texts: what is put in comes out again to the byte, and nothing else is touched."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from memcli.agents.ownership import calls_mem, personal_command, probe_of, shared_command, without_guard
from memcli.agents.registry import adapters
from memcli.core.text.hooks_json import Unfit, handlers, ours, with_entries, without
from memcli.core.text.json_edits import NotJson, append, read, remove
from tests.core.text.json_texts import foreign, settings, written

PATIENT = runs(max_examples=50)
ENTRIES = adapters()["claude"].entries(lambda event: personal_command("'/opt/a b/mem'", "claude", event), True)[:4]
FLAT = adapters()["cursor"].entries(lambda event: shared_command("mem", "cursor", event), False)[:3]


@PATIENT
@given(written())
def test_a_text_is_read_as_json_reads_it(text: str) -> None:
    assert repr(read(text).value) == repr(json.loads(text))


WRONG = ["[1,]", "{,}", "NaN", "-Infinity", "01", "'a'", "[1 2]", '{"a" 1}', '"\t"', "", "{} {}", '{"a":1,"a":2}', "+1",
         "// c\n1", "[1 /* c */]", "[" * 300 + "]" * 300, ".5", '"\\x"', "{1:2}"]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_strict_json_is_told(wrong: str) -> None:
    with pytest.raises(NotJson):
        read(wrong)


def test_a_comment_is_named_with_its_line() -> None:
    with pytest.raises(NotJson, match="line 3: a comment"):
        read('{\n  "a": 1,\n  // why\n  "b": 2\n}')


@PATIENT
@given(written())
def test_an_item_that_is_put_in_comes_out_again(text: str) -> None:
    root = read(text)
    if not isinstance(root.value, (list, dict)):
        return
    key = "new" if isinstance(root.value, dict) else None
    more = append(text, root, {"b": [1]}, key)
    changed = read(more)
    wanted = {**root.value, "new": {"b": [1]}} if isinstance(root.value, dict) else [*root.value, {"b": [1]}]
    assert repr(changed.value) == repr(wanted)
    left = remove(more, changed, len(changed.children) - 1)
    assert left == text if root.children else repr(read(left).value) == repr(root.value)


@PATIENT
@given(settings())
def test_entries_come_out_again_to_the_byte(text: str) -> None:
    for entries, members in ((ENTRIES, {}), (FLAT, {"version": 1})):
        placed = with_entries(text, entries, members)
        assert sorted(map(repr, ours(placed.text, calls_mem))) == sorted(map(repr, handlers(entries)))
        assert without(placed.text, calls_mem, placed.origins) == text


@PATIENT
@given(settings())
def test_without_a_record_everything_foreign_stays(text: str) -> None:
    placed = with_entries(text, ENTRIES, {})
    left = without(placed.text, calls_mem, {})
    assert repr(foreign(read(left).value)) == repr(foreign(read(text).value))
    assert not ours(left, calls_mem)


@PATIENT
@given(settings(), st.booleans())
def test_what_others_add_afterwards_stays(text: str, before: bool) -> None:
    placed = with_entries(text, ENTRIES, {})
    group = '{"hooks": [{"type": "command", "command": "theirs"}]}'
    table = read(placed.text).at("hooks")
    stop = table and table.at("PreToolUse")
    assert stop
    if before:
        changed = f"{placed.text[: stop.start + 1]}{group},{placed.text[stop.start + 1 :]}"
    else:
        changed = append(placed.text, stop, json.loads(group))
    left = without(changed, calls_mem, placed.origins)
    assert not ours(left, calls_mem)
    assert json.loads(group) in read(left).value["hooks"]["PreToolUse"]
    assert left.count('"theirs"') == 1


def test_a_handler_in_somebody_elses_group_is_taken_alone() -> None:
    group = '{"hooks":{"Stop":[{"hooks":[{"command":"a"}%s,{"command":"b"}]}]}}'
    assert without(group % ', {"command":"mem hook claude stop"}', calls_mem, {}) == group % ""


@pytest.mark.parametrize(
    "text", ["[]", '{"hooks": []}', '{"hooks": {"SessionStart": {}}}', '{"hooks": {"SessionStart": 1}}', "1"]
)
def test_a_form_that_entries_do_not_fit_into_is_refused(text: str) -> None:
    with pytest.raises(Unfit):
        with_entries(text, ENTRIES, {})


@pytest.mark.parametrize(
    ("command", "mine"),
    [
        ("mem hook claude stop", True), ("/a/mem hook git post-commit", True), ("'/a b/mem' hook codex stop", True),
        ("C:\\x\\mem.exe hook cursor stop", True), ('"mem" hook gemini stop --now', True), ("mem hooks install", False),
        ("memo hook claude stop", False), ("mem hook other stop", False), ("mem add 'hook claude stop'", False),
    ],
)  # fmt: skip
def test_ownership_is_the_tail_of_the_command(command: str, mine: bool) -> None:
    assert calls_mem(command) is mine


def test_a_probe_calls_the_same_launcher() -> None:
    assert probe_of(personal_command("'/a b/mem'", "claude", "stop")) == "'/a b/mem' hook claude probe"
    assert probe_of(without_guard(shared_command("mem", "codex", "session-end"))) == "mem hook codex probe"
