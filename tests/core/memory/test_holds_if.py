"""`holds_if`: what is a rule, what comes of one, and what is remarked of a false one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.finding import INFO
from memcli.core.memory.document import Value, new_document
from memcli.core.memory.holds_if import (
    FALSE_RULE,
    PathContent,
    Rule,
    RuleOutcome,
    check_rule,
    parse_rule,
    with_false_rules,
)
from memcli.core.memory.schema import read_memory

DAY = "2026-11-30"

NOTHING, DIRECTORY = PathContent("nothing"), PathContent("other", why="is a directory")
WORDS = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Zs", "Zl", "Zp"), blacklist_characters="\"'"), min_size=1
)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("src/app.py contains RETRIES = 7", Rule("src/app.py", "contains", "RETRIES = 7")),
        ("src/app.py  lacks   print( ", Rule("src/app.py", "lacks", "print(")),
        ('src/app.py contains "  two blanks"', Rule("src/app.py", "contains", "  two blanks")),
        ("src/app.py contains 'it\"s'", Rule("src/app.py", "contains", 'it"s')),
        ("src/app.py contains \"a\" and 'b'", Rule("src/app.py", "contains", "\"a\" and 'b'")),
        ('"my file.py" exists', Rule("my file.py", "exists")),
        ("docs/ exists", Rule("docs/", "exists")),
        ("old.py absent", Rule("old.py", "absent")),
        ("a contains b exists", Rule("a", "contains", "b exists")),
        ("a contains .*", Rule("a", "contains", ".*")),
    ],
)
def test_rules(text: str, rule: Rule) -> None:
    assert parse_rule(text) == rule


@pytest.mark.parametrize(
    "text",
    ["", "src/app.py", "src/app.py contains", "contains x", "src/app.py has x", "a exists now", "a b contains x",
     "a CONTAINS b", "a contains b\nc", '"a exists', "a matches ^b$"],
)  # fmt: skip
def test_no_rules(text: str) -> None:
    assert parse_rule(text) is None


@given(WORDS, st.sampled_from(["contains", "lacks"]), WORDS)
def test_a_rule_keeps_its_text(path: str, verb: str, text: str) -> None:
    assert parse_rule(f"{path} {verb} {text}") == Rule(path, verb, text)
    assert parse_rule(f'"{path} {path}" {verb} "{text}"') == Rule(f"{path} {path}", verb, text)


@given(st.text())
def test_anything_is_a_rule_or_none(text: str) -> None:
    rule = parse_rule(text)
    assert rule is None or (rule.path and (rule.text or rule.verb in ("exists", "absent")))


@pytest.mark.parametrize(
    ("rule", "found", "holds"),
    [
        ("a contains x", PathContent("file", b"axb"), True),
        ("a contains x", PathContent("file", b"ab"), False),
        ("a contains é", PathContent("file", "é".encode()), True),
        ("a contains x", NOTHING, False),
        ("a contains x", DIRECTORY, None),
        ("a contains x", PathContent("file", None, "is larger than 1 MiB"), None),
        ("a lacks x", PathContent("file", b"ab"), True),
        ("a lacks x", PathContent("file", b"x"), False),
        ("a lacks x", NOTHING, False),
        ("a lacks x", DIRECTORY, None),
        ("a exists", PathContent("file", b""), True),
        ("a exists", DIRECTORY, True),
        ("a exists", NOTHING, False),
        ("a absent", NOTHING, True),
        ("a absent", DIRECTORY, False),
    ],
)
def test_outcomes(rule: str, found: PathContent, holds: bool | None) -> None:
    parsed = parse_rule(rule)
    assert parsed
    outcome = check_rule(rule, parsed, found)
    assert outcome.holds is holds and bool(outcome.why) is (holds is not True)


def test_false_rules_are_one_doubt_among_others() -> None:
    false = RuleOutcome("a contains x; y", False, "a lacks it")
    listed = with_false_rules("ask Ann", (false, RuleOutcome("b exists", True)), DAY)
    assert listed == ("ask Ann", f"doubt: {FALSE_RULE}: a contains x; y (a lacks it) (since {DAY})")
    assert with_false_rules(listed, (false,), DAY) == listed
    assert with_false_rules(listed, (), DAY) == ("ask Ann",)
    assert with_false_rules(listed[1:], (), DAY) is None and with_false_rules(None, (), DAY) is None


def test_an_unknown_rule_is_kept_with_a_note() -> None:
    front: dict[str, Value] = {
        "id": "01K9Z3V5C4M8Q2T7R6W1XABCDE",
        "title": "t",
        "created": "2026-01-01",
        "holds_if": ("a exists", "a ~ b"),
    }
    memory, findings = read_memory(new_document(front, "x\n"))
    assert memory and memory.holds_if == ("a exists", "a ~ b")
    assert [(one.severity, "'a ~ b'" in one.message) for one in findings] == [(INFO, True)]


def test_verified_is_read_or_ignored_with_a_note() -> None:
    front: dict[str, Value]
    front = {"id": "01K9Z3V5C4M8Q2T7R6W1XABCDE", "title": "t", "created": "2026-01-01"}
    good, none = read_memory(
        new_document({**front, "verified": {"at": "2026-11-20T09:30:00Z", "commit": "9d24d0c4"}}, "x\n")
    )
    assert good and good.verified and not none
    assert good.verified.front() == {"at": "2026-11-20T09:30:00Z", "commit": "9d24d0c4"}
    wrong: tuple[Value, ...]
    wrong = ("yesterday", {"commit": "9d24d0c4"}, {"at": ("x",)})
    for odd in wrong:
        memory, findings = read_memory(new_document({**front, "verified": odd}, "x\n"))
        assert memory and memory.verified is None and [one.severity for one in findings] == [INFO]
