"""Decision records as memories."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from memcli.core.memory.memory import Memory
from memcli.core.sources.decisions.decision_records import decision_topic
from memcli.core.sources.passages import SourceFile
from tests.core.sources.extracted import extract_memories

DAY = datetime(2024, 5, 1, tzinfo=UTC)


def adr(number: int, status: str, name: str = "x", body: str = "We do it.") -> SourceFile:
    head = f"# {number}. Decision {number}\n\nDate: 2020-01-{number:02}"
    text = f"{head}\n\n## Status\n\n{status}\n\n## Decision\n\n{body}\n"
    return SourceFile(f"docs/adr/{number:04}-{name}.md", text, DAY)


def read(*files: SourceFile) -> dict[str, Memory]:
    return {(memory.source.ref or "").split("/")[-1][:4]: memory for memory in extract_memories(files)}


def single(text: str, path: str = "docs/adr/0007-name-of-file.md") -> Memory:
    [memory] = extract_memories([SourceFile(path, text, DAY)])
    return memory


def test_a_record_is_one_decision_with_its_date_and_complete_text() -> None:
    memory = read(adr(8, "Accepted"))["0008"]
    assert (memory.title, memory.kind, memory.type, memory.status) == ("Decision 8", "semantic", "decision", "active")
    assert memory.created == datetime(2020, 1, 8, tzinfo=UTC)
    assert memory.key is None
    assert memory.body.startswith("Date: 2020-01-08\n\n## Status\n\nAccepted\n")
    assert memory.source.ref == "docs/adr/0008-x.md"


@pytest.mark.parametrize(
    "status, expected, tags",
    [
        ("Accepted", "active", ()),
        ("Approved", "active", ()),
        ("✅ **Accepted** on 2020-01-01", "active", ()),
        ("ACCEPTED Implemented", "active", ()),
        ("Proposed\n\nAccepted", "active", ()),
        ("Accepted\n\nDraft code is in the branch", "active", ()),
        ("Accepted. Deprecated APIs go away with it.", "active", ()),
        ("Pending", "active", ("proposed",)),
        ("- Draft", "active", ("proposed",)),
        ("PROPOSED Not Implemented", "active", ("proposed",)),
        ("On hold", "active", ("proposed",)),
        ("Rejected", "retired", ("rejected",)),
        ("~~Accepted~~ Deprecated", "retired", ("deprecated",)),
        ("Accepted\n\nDeprecated since 2021", "retired", ("deprecated",)),
        ("This ADR has been abandoned", "retired", ("abandoned",)),
        ("Partly superseded", "active", ("partly-superseded",)),
        ("Partially superseded by [2](0002-x.md)", "active", ("partly-superseded",)),
        ("Superseded in part by ADR 2", "active", ("partly-superseded",)),
        ("Superseded", "superseded", ()),
        ("Accepted\n\nAmended by [2. Other](0002-x.md)", "active", ("amended",)),
        ("{proposed | rejected | accepted | superseded by [ADR-5](0005-x.md)}", "active", ("unclear",)),
        ("[proposed | accepted | deprecated]", "active", ("unclear",)),
        ("", "active", ()),
    ],
)
def test_the_status_is_that_of_a_memory(status: str, expected: str, tags: tuple[str, ...]) -> None:
    memory = read(adr(1, status))["0001"]
    assert (memory.status, memory.tags) == (expected, tags)
    assert all(line in memory.body for line in status.split("\n"))


@pytest.mark.parametrize(
    "status",
    [
        "Superseded by [Other](0002-x.md)",
        "Superceded by [2. Decision 2](0002-x.md)",
        "Accepted\n\nSuperseded by [ADR-0002](./0002-x.md#status)",
        "superseded by ADR-0002",
        "Superseded by 0002",
        "Superseded by #2",
        "Superseded by\n\n* [Other](0002-x.md)",
        "Superseded by Decision 2",
        "Superseded by [[0002-x]]",
        "Replaced by [2](0002-x.md)",
        "Deprecated in favour of [2](0002-x.md)",
    ],
)
def test_superseded_records_refer_to_each_other(status: str) -> None:
    memories = read(adr(1, status), adr(2, "Accepted"), adr(3, "Accepted", body="Another."))
    old, new = memories["0001"], memories["0002"]
    assert (old.status, old.superseded_by) == ("superseded", new.id)
    assert new.supersedes == (old.id,)
    assert new.status == memories["0003"].status == "active"
    assert old.valid_to == new.created


@pytest.mark.parametrize(
    "status, body",
    [
        ("Accepted\n\nSupersedes [1. Decision 1](0001-x.md)", "It."),
        ("Accepted\n\nSupercedes [1. Decision 1](0001-x.md)", "It."),
        ("Accepted, supersedes ADR 1", "It."),
        ("Accepted", "This ADR supersedes [0001](0001-x.md)."),
    ],
)
def test_a_new_record_supersedes_the_old_single(status: str, body: str) -> None:
    memories = read(adr(1, "Accepted"), adr(2, status, body=body))
    assert (memories["0001"].status, memories["0001"].superseded_by) == ("superseded", memories["0002"].id)
    assert memories["0002"].supersedes == (memories["0001"].id,)


@pytest.mark.parametrize(
    "status, body",
    [
        ("Proposed\n\nSupersedes [1](0001-x.md)", "It."),
        ("Rejected\n\nSupersedes [1](0001-x.md)", "It."),
        ("Accepted", "This ADR in part supersedes [0001](0001-x.md)."),
        ("Accepted", "We heard that ADR 7 supersedes ADR 1 elsewhere."),
        ("Accepted", "```\nSupersedes [1](0001-x.md)\n```"),
        ("Accepted\n\nSupersedes [9](0009-gone.md)", "It."),
        ("Accepted\n\nSupersedes [2](0002-x.md)", "It."),
    ],
)
def test_records_that_supersede_nothing(status: str, body: str) -> None:
    memories = read(adr(1, "Accepted"), adr(2, status, body=body))
    assert (memories["0001"].status, memories["0001"].superseded_by) == ("active", None)
    assert memories["0002"].supersedes == ()


def test_records_that_supersede_each_other_make_no_cycle() -> None:
    memories = read(adr(1, "Superseded by ADR 2"), adr(2, "Superseded by ADR 3"), adr(3, "Superseded by ADR 1"))
    assert sum(memory.superseded_by is not None for memory in memories.values()) == 2


def test_an_unknown_successor_still_means_superseded() -> None:
    memory = read(adr(1, "Superseded by [the new wiki](https://wiki.example.org/x)"))["0001"]
    assert (memory.status, memory.superseded_by, memory.valid_to) == ("superseded", None, None)


def test_a_number_refers_to_a_record_of_the_same_directory() -> None:
    here, other = adr(2, "Accepted"), adr(2, "Accepted", body="Elsewhere.")
    files = [adr(1, "Superseded by ADR 2"), here, SourceFile("api/docs/adr/0002-y.md", other.text, DAY)]
    memories = {memory.source.ref: memory for memory in extract_memories(files)}
    assert memories["docs/adr/0001-x.md"].superseded_by == memories["docs/adr/0002-x.md"].id


def test_madr_front_matter() -> None:
    memory = single(
        "---\nstatus: rejected\ndate: 2022-03-04\ndeciders: Ada, Bob\nnav_order: 3\n---\n"
        "# Use X\n\n## Context\n\nWords.\n"
    )
    assert (memory.title, memory.status, memory.created.year) == ("Use X", "retired", 2022)
    assert memory.body == "status: rejected\ndate: 2022-03-04\ndeciders: Ada, Bob\n\n## Context\n\nWords.\n"


def test_madr_bullets_and_tables() -> None:
    bullets = single("# Use X\n\n* Status: proposed\n* Date: 2021-02-03\n\n## Context\n\nWords.\n")
    assert (bullets.tags, bullets.created) == (("proposed",), datetime(2021, 2, 3, tzinfo=UTC))
    table = single("# Use X\n\n| Status | Deprecated |\n|---|---|\n| **Date** | 2021-02-03 |\n\nWords.\n")
    assert (table.status, table.created) == ("retired", datetime(2021, 2, 3, tzinfo=UTC))


def test_an_example_in_a_fence_is_not_a_status() -> None:
    memory = single("# Add a status\n\n## Context\n\n```\n* Status: rejected\n```\n\nWords.\n")
    assert (memory.status, memory.tags) == ("active", ())


@pytest.mark.parametrize(
    "heading, title",
    [
        ("# 7. Use X", "Use X"),
        ("# ADR 007: Use X", "Use X"),
        ("# ADR-0007 - Use X", "Use X"),
        ("# [ADR-7] use X", "Use X"),
        ("# 0007 Use X", "Use X"),
        ("# Architecture Decision Record: Use X", "Use X"),
        ("# 12 factor apps", "12 factor apps"),
        ("# Summary", "Name of file"),
        ("", "Name of file"),
    ],
)
def test_titles_have_no_number(heading: str, title: str) -> None:
    assert single(f"{heading}\n\n## Status\n\nAccepted\n").title == title


def test_the_date_is_stated_or_in_the_file_name_or_of_the_first_commit() -> None:
    text = "# Use X\n\n## Decision\n\nWe use it.\n"
    assert single(text).created == DAY
    assert single(text, "docs/adr/20201016-use-x.md").created == datetime(2020, 10, 16, tzinfo=UTC)
    [memory] = extract_memories([SourceFile("docs/adr/use-x.md", text, None)])
    assert memory.created.year == 1970


def test_prose_among_decisions_is_a_page() -> None:
    text = "# How we work\n\nWe write a record for every choice that is hard to take back, and keep it short.\n"
    assert single(text, "docs/adr/how-we-work.md").type == "fact"


@pytest.mark.parametrize(
    "path, expected",
    [
        ("docs/architecture/decisions/0001-x.md", "architecture"),
        ("docs/adr/0001-x.md", "decisions"),
        ("packages/web/docs/adr/0001-x.md", "web"),
        ("rfcs/0001-x.md", "decisions"),
    ],
)
def test_the_topic_is_the_first_specific_directory(path: str, expected: str) -> None:
    assert decision_topic(path) == expected


def test_dates_are_read_as_the_other_records_write_them() -> None:
    def record(number: int, date: str) -> SourceFile:
        text = f"# {number}. Use {number}\n\nDate: {date}\n\n## Status\n\nAccepted\n\n## Decision\n\nWe use it.\n"
        return SourceFile(f"docs/adr/{number:04}-use.md", text, DAY)

    doubtful, certain = record(1, "05/02/2018"), record(2, "26/03/2018")
    assert [memory.created for memory in extract_memories([doubtful])] == [DAY]
    first, _ = extract_memories([doubtful, certain])
    assert first.created == datetime(2018, 2, 5, tzinfo=UTC)
    first, *_ = extract_memories([doubtful, certain, record(3, "03/26/2018")])
    assert first.created == DAY
