"""Memory banks, read by section."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from memcli.core.sources.stores.memory_bank import READER
from tests.core.sources.stores.read_stores import by_ref, only, read_store

CORE = ("projectbrief", "productContext", "systemPatterns", "techContext", "activeContext", "progress")
SENTENCE = "Orders are kept for ninety days and never deleted earlier."


@pytest.mark.parametrize(
    "place",
    ["memory-bank", ".memory-bank", "cline_docs", ".kilocode/rules/memory-bank", ".cursor/memory-bank", "docs/context"],
)
def test_the_six_files_of_a_bank_are_read_wherever_it_is(place: str) -> None:
    reading = read_store(READER, {f"{place}/{name}.md": f"# {name}\n\n{SENTENCE}\n" for name in CORE})
    assert {extract.path: extract.diary for extract in reading.extracts} == {
        f"{place}/{name}.md": name in ("activeContext", "progress") for name in CORE
    }
    assert {extract.memory.evidence for extract in reading.extracts} == {"inference"}


def test_what_is_under_way_is_an_event_of_its_day() -> None:
    text = (
        "# Progress\n\n## 2026-03-04 Checkout\n\nThe checkout sends mails now.\n\n## Later\n\nNothing is left to do.\n"
    )
    reading = read_store(READER, {"memory-bank/progress.md": text})
    first, second = reading.extracts
    assert (first.memory.type, first.memory.kind, first.diary, first.dated) == ("event", "episodic", True, True)
    assert (first.memory.created, first.memory.title) == (datetime(2026, 3, 4, tzinfo=UTC), "Progress: Checkout")
    assert (second.diary, second.dated) == (True, False)


@pytest.mark.parametrize(
    "name, heading, expected",
    [
        ("systemPatterns", "Key Technical Decisions", "decision"),
        ("techContext", "Technical Constraints", "constraint"),
        ("techContext", "Messages", "fact"),
        ("techContext", "The decision engine", "fact"),
        ("decisionLog", "Storage", "decision"),
    ],
)
def test_sections_of_a_bank_have_the_type_of_their_heading(name: str, heading: str, expected: str) -> None:
    text = f"# X\n\n## {heading}\n\nThe queue between the services is RabbitMQ.\n"
    assert only(read_store(READER, {f"memory-bank/{name}.md": text})).memory.type == expected


def test_a_decision_with_its_rationale_is_one_memory() -> None:
    entry = "## Decision\n\n[2025-04-01 17:54:50] - Keep {0} in Redis\n\n## Rationale\n\n{0} expire by themselves.\n\n"
    text = "# Decision Log\n\n" + entry.format("sessions") + entry.format("locks")
    first, second = read_store(READER, {"memory-bank/decisionLog.md": text}).extracts
    assert (first.memory.title, second.memory.title) == ("Keep sessions in Redis", "Keep locks in Redis")
    assert first.memory.body.endswith("\n\n**Rationale**\n\nsessions expire by themselves.\n")
    assert first.memory.created == datetime(2025, 4, 1, tzinfo=UTC)


def test_recurring_tasks_of_kilo_are_no_diary() -> None:
    text = "# Tasks\n\n## Add a model\n\n1. Copy `model.py`.\n2. Run `make`.\n"
    extract = only(read_store(READER, {".kilocode/rules/memory-bank/tasks.md": text}))
    assert (extract.diary, extract.memory.type) == (False, "procedure")


@pytest.mark.parametrize(
    "path, text",
    [
        ("memory-bank/testPlan.md", f"# Tests\n\n## Unit tests\n\n{SENTENCE}\n"),
        ("memory-bank/other.md", f"# Implementation Plan\n\n## Phase 1\n\n{SENTENCE}\n"),
        ("memory-bank/sessions/monday.md", f"# Monday\n\n{SENTENCE}\n"),
        ("memory-bank/techContext.md", f"# Tech\n\n## Next Steps\n\n{SENTENCE}\n"),
    ],
)
def test_plans_and_reports_are_diaries(path: str, text: str) -> None:
    assert only(read_store(READER, {path: text})).diary


@pytest.mark.parametrize(
    "text, reason",
    [
        ("# Product\n\n## Purpose\n\n[Describe the purpose of the project here]\n", "a template: it has placeholders"),
        ("# Product\n\nThis document describes the product context.\n", "an introduction that claims nothing"),
        ("# Product\n", "empty"),
        (
            "# Product\n\n## Memory Bank Structure\n\nThe bank has six files, one for each subject.\n",
            "about the memory",
        ),
        (
            "## Summary of Major Changes\n\n- Wrote the schema down for all modules\n\n"
            "## Cross-References\n\n- See the brief for the scope of the project\n",
            "about the memory",
        ),
        ("# Product\n\n## Change History\n\n- The rules of May were archived in June\n", "about the memory"),
        ("# Product\n\n## Stack\n\nPython\n", "says less than a sentence"),
    ],
)
def test_what_says_nothing_is_skipped_with_its_reason(text: str, reason: str) -> None:
    reading = read_store(READER, {"memory-bank/productContext.md": text})
    assert not reading.extracts
    assert reading.skipped[0].reason.startswith(reason)


def test_files_that_are_not_markdown_are_listed() -> None:
    reading = read_store(READER, {"memory-bank/progress.md": SENTENCE, "memory-bank/flow.svg": "<svg/>"})
    assert [(skipped.path, skipped.reason) for skipped in reading.skipped] == [("memory-bank/flow.svg", "not markdown")]


def test_the_root_of_a_repository_is_a_bank_only_of_its_core_files() -> None:
    files = {f"{name}.md": SENTENCE for name in CORE} | {"CONTRIBUTING.md": SENTENCE}
    assert "CONTRIBUTING.md" not in {extract.path for extract in read_store(READER, files).extracts}
    assert len(by_ref(read_store(READER, files))) == 6


def test_the_source_of_a_tool_for_banks_is_not_a_bank() -> None:
    files = {"src/memory-bank/README.md": SENTENCE} | {f"src/memory-bank/{n}.ts": "x" for n in range(3)}
    assert not read_store(READER, files).extracts
