"""Beads: memories of `bd remember`, closed issues with a reason, and why the others are left."""

from __future__ import annotations

import json
from typing import Any

import pytest

from memcli.core.sources.source_reader import Reading
from memcli.core.sources.stores.beads import READER
from tests.core.sources.stores.read_stores import only, read_store


def issue(**fields: Any) -> dict[str, Any]:
    standard = {"id": "bd-1", "title": "Cache the graph", "status": "closed", "issue_type": "task"}
    return {
        **standard,
        "created_at": "2025-12-01T08:00:00Z",
        "closed_at": "2025-12-16T10:00:00.123456789-08:00",
    } | fields


def read(*lines: object, path: str = ".beads/issues.jsonl") -> Reading:
    return read_store(READER, {path: "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)})


def test_a_declined_issue_is_a_decision_with_the_day_it_was_closed() -> None:
    extract = only(read(issue(close_reason="Not worth the complexity: the maps are small and copied rarely.")))
    memory = extract.memory
    assert (memory.type, memory.kind, memory.evidence) == ("decision", "semantic", "inference")
    assert memory.title == "Not worth the complexity: the maps are small and copied rarely"
    assert memory.body == (
        "Cache the graph (bd-1)\n\nNot worth the complexity: the maps are small and copied rarely.\n"
    )
    assert (extract.dated, memory.created.isoformat()) == (True, "2025-12-16T18:00:00+00:00")
    assert memory.source.ref == ".beads/issues.jsonl#L1"


def test_the_cause_of_a_bug_is_an_attempt() -> None:
    reason = "Root cause: the lock was taken before the fork, so that the child waited for itself."
    memory = only(read(issue(issue_type="bug", close_reason=reason))).memory
    assert (memory.type, memory.kind) == ("attempt", "episodic")


@pytest.mark.parametrize(
    "reason",
    [
        "Closed",
        "done",
        "fixed",
        "",
        None,
        7,
        "Implemented --graph with JSON and DOT; all 13 tests pass.",
        "All core P1 work complete, remaining items are optional.",
        "Superseded - recreating with comprehensive descriptions",
    ],
)
def test_what_only_reports_is_no_reason(reason: object) -> None:
    [skipped] = read(issue(close_reason=reason)).skipped
    assert skipped.reason.startswith("1 closed issues ")


def test_remembered_texts_are_memories() -> None:
    reading = read(
        {"_type": "memory", "key": "auth-jwt", "value": "Auth uses JWT, never sessions."},
        {"key": "learned-x", "type": "learned", "content": "TaskGroup requires Sendable closures.", "ts": 1706360000},
    )
    auth, learned = (extract.memory for extract in reading.extracts)
    assert (auth.title, auth.body) == ("Auth uses JWT, never sessions", "Auth uses JWT, never sessions.\n")
    assert learned.created.year == 2024


def test_issues_that_are_decisions_are_kept_open_or_closed() -> None:
    fields = issue(
        issue_type="decision", title="Dolt is the only store", description="SQLite cannot merge two branches."
    )
    closed, opened = (only(read({**fields, "status": status})).memory for status in ("closed", "open"))
    assert (closed.type, closed.tags, opened.tags) == ("decision", (), ("proposed",))


def test_the_rest_is_counted_by_reason() -> None:
    reason = "Out of scope: coordination is handled by the mail service."
    reading = read(
        issue(close_reason=reason),
        issue(id="bd-2", close_reason=reason),
        issue(status="open"),
        issue(status="open"),
        issue(status="tombstone"),
        "{broken",
        "[1, 2]",
    )
    assert len(reading.extracts) == 1
    assert [(skipped.line, skipped.reason) for skipped in reading.skipped] == [
        (2, "1 issues with the reason of an earlier one"),
        (3, "2 open issues: plans"),
        (5, "1 templates, deleted issues and events of the tracker"),
        (6, "not a JSON object"),
        (7, "not a JSON object"),
    ]


def test_other_files_of_the_tracker_are_listed() -> None:
    reading = read_store(
        READER, {".beads/issues.jsonl": "", ".beads/config.yaml": "a: 1", ".beads/deletions.jsonl": "{}"}
    )
    assert {skipped.path: skipped.reason for skipped in reading.skipped} == {
        ".beads/issues.jsonl": "empty",
        ".beads/config.yaml": "a file of the tracker, without issues or memories",
        ".beads/deletions.jsonl": "a file of the tracker, without issues or memories",
    }
