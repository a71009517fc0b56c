"""policy.yaml is read strictly and totally, and edited without losing a comment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.review.policy import Policy, examine_policy, read_policy
from memcli.core.review.policy_keys import POLICY_KEYS
from memcli.core.review.policy_text import DEFAULT_POLICY_TEXT, set_policy_value


def test_the_text_that_init_writes_says_the_defaults() -> None:
    assert read_policy(DEFAULT_POLICY_TEXT) == (Policy(), [])
    assert read_policy("") == (Policy(), [])


def test_the_text_that_init_writes_names_every_key() -> None:
    for key in POLICY_KEYS:
        assert f"{key.rpartition('.')[2]}:" in DEFAULT_POLICY_TEXT


def test_every_key_is_read() -> None:
    text = (
        "---\npromote: auto\nchecks: {near-duplicate: info}\nrequire_signed: true\n"
        "dream:\n  every: 90m\n  sessions: 3\n  max_retire_percent: 50\npack: {tokens: 900}\n"
        "session:\n  max_candidates: 10\nowners:\n  payments: ada@example.org\n  infra: [bob, eve]\n"
        "retention:\n  superseded: 2w\nagents:\n  deprecated: [old-bot]\n"
    )
    wanted = Policy(
        promote="auto",
        checks={"near-duplicate": "info"},
        require_signed=True,
        dream_every=timedelta(minutes=90),
        dream_sessions=3,
        dream_max_retire_percent=50,
        pack_tokens=900,
        session_max_candidates=10,
        owners={"payments": ("ada@example.org",), "infra": ("bob", "eve")},
        retention_superseded=timedelta(weeks=2),
        agents_deprecated=("old-bot",),
    )
    assert read_policy(text) == (wanted, [])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("promote: everybody\n", 1),
        ("promote: [auto]\n", 1),
        ("pack:\n  tokens: many\n", 1),
        ("\n# a comment\ndream: 5\n", 3),
        ("dream:\n  every: 24\n", 1),
        ("dream:\n  max_retire_percent: 101\n", 1),
        ("checks:\n  near-duplicate: off\n", 1),
        ("checks: block\n", 1),
        ("require_signed: yes\n", 1),
        ("owners:\n  a: {b: c}\n", 1),
        ("promote: auto\npromote: auto\n", 2),
        ("promote: auto\nx: &a 1\n", 2),
        ("- promote\n", 1),
    ],
)
def test_an_invalid_policy_means_the_defaults_and_says_where(text: str, line: int) -> None:
    policy, problems = read_policy(text)
    assert policy == Policy(promote="person")
    assert [problem for problem in problems if problem.startswith(f"line {line}:")]


def test_an_unknown_key_is_remarked_and_leaves_the_policy_valid() -> None:
    reading = examine_policy("promote: reviewer\ncurator: run-me\npack:\n  lines: 3\n")
    assert reading.policy.promote == "reviewer"
    assert reading.errors == ()
    assert [note.partition("'")[2].partition("'")[0] for note in reading.notes] == ["curator", "pack.lines"]


@pytest.mark.parametrize("check", ["schema", "secret", "terminal-escape", "path-safety"])
def test_some_checks_always_block(check: str) -> None:
    policy, problems = read_policy(f"checks:\n  {check}: info\n  stale-read: info\n")
    assert policy.checks == {"stale-read": "info"}
    assert len(problems) == 1
    assert read_policy(f"checks:\n  {check}: block\n") == (Policy(), [])


@given(st.text(max_size=200))
def test_reading_never_raises(text: str) -> None:
    policy, problems = read_policy(text)
    assert problems or policy.promote in ("person", "reviewer", "auto")


VALUES = {
    "promote": "auto",
    "checks.near-duplicate": "info",
    "require_signed": "true",
    "dream.every": "36h",
    "dream.sessions": "7",
    "dream.max_retire_percent": "5",
    "pack.tokens": "1500",
    "session.max_candidates": "20",
    "owners.payments": "[ada@example.org]",
    "retention.superseded": "90d",
    "agents.deprecated": "[old-bot]",
}


@pytest.mark.parametrize("key", VALUES)
def test_setting_a_value_keeps_every_comment_and_other_line(key: str) -> None:
    edited = set_policy_value(DEFAULT_POLICY_TEXT, key, VALUES[key])
    kept = [line for line in DEFAULT_POLICY_TEXT.splitlines() if line in edited.splitlines()]
    assert len(kept) >= len(DEFAULT_POLICY_TEXT.splitlines()) - 1
    assert [line for line in edited.splitlines() if line.startswith("#")] == [line for line in kept if line[:1] == "#"]
    policy, problems = read_policy(edited)
    assert problems == []
    assert policy != Policy()


@settings(max_examples=10)
@given(st.permutations(list(VALUES)))
def test_the_order_of_setting_values_does_not_matter(keys: list[str]) -> None:
    text = DEFAULT_POLICY_TEXT
    for key in keys[:4]:
        text = set_policy_value(text, key, VALUES[key])
    again = DEFAULT_POLICY_TEXT
    for key in reversed(keys[:4]):
        again = set_policy_value(again, key, VALUES[key])
    assert read_policy(text) == read_policy(again)


def test_setting_a_value_twice_changes_nothing() -> None:
    once = set_policy_value(DEFAULT_POLICY_TEXT, "owners.payments", "[ada]")
    assert set_policy_value(once, "owners.payments", "[ada]") == once


def test_sections_are_made_where_they_are_missing_or_wrong() -> None:
    assert set_policy_value("", "dream.sessions", "3") == "dream:\n  sessions: 3\n"
    assert read_policy(set_policy_value("dream: 5\n", "dream.sessions", "3"))[0].dream_sessions == 3


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("promote", "everybody"),
        ("promote", "["),
        ("promote", "!!python/object:os.system x"),
        ("curator", "run-me"),
        ("dream", "5"),
        ("dream.nightly", "5"),
        ("checks.secret", "info"),
        ("owners.a", "*x"),
    ],
)
def test_what_is_no_policy_is_not_set(key: str, value: str) -> None:
    with pytest.raises(ValueError):
        set_policy_value(DEFAULT_POLICY_TEXT, key, value)


def test_a_text_that_is_no_policy_is_not_composed() -> None:
    with pytest.raises(ValueError):
        set_policy_value("a: &a [1]\nb: *a\n", "promote", "auto")
