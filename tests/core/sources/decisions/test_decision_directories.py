"""Directories of decision records: formats, templates, indexes, KEPs, PEPs; nothing in them is unaccounted for."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.sources.decisions.decision_directories import READER
from memcli.core.sources.source_reader import Reading
from memcli.core.sources.source_tree import SourceTree

NOT_HERE = "its successor “99” is not a record here"
RECORD = "# Use X\n\n## Status\n\n{}\n\n## Context\n\nWords.\n\n## Decision\n\nWe use X.\n"


def read(files: Mapping[str, str]) -> Reading:
    tree = SourceTree(dict.fromkeys(files, ""), lambda path: files[path].encode())
    readings = [READER.read(tree, unit) for unit in READER.units(tree, ())]
    return readings[0] if readings else Reading()


def standings(files: Mapping[str, str]) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {extract.path: (extract.memory.status, extract.memory.tags) for extract in read(files).extracts}


@pytest.mark.parametrize(
    "path, text",
    [
        ("docs/adr/0001-x.rst", "Use X\n=====\n\n:Status: Rejected\n\nDecision\n--------\n\nWe use X.\n"),
        (
            "docs/adr/0001-x.rst",
            "1. Use X\n########\n\nStatus\n******\n\nRejected\n\nDecision\n********\n\nWe use X.\n",
        ),
        ("docs/adr/0001-x.adoc", "= Use X\n:status: rejected\n\n== Decision\n\nWe use X.\n"),
        ("docs/adr/0001-x.adoc", "= 1. Use X\n\n== Status\n\nRejected\n\n== Decision\n\nWe use X.\n"),
        ("docs/adr/0001-x.adoc", "= Use X\n\n|===\n| Status | Rejected\n|===\n\n== Decision\n\nWe use X.\n"),
        ("docs/adr/0001-x.txt", "Use X\n\nStatus: Rejected\n\nWe use X.\n"),
        ("docs/adr/0001-x.markdown", RECORD.format("Rejected")),
        ("docs/entscheidungen/x.md", "# Use X\n\n## Status\n\nAbgelehnt\n\n## Entscheidung\n\nX.\n"),
        ("docs/решения/0001-x.md", "# Use X\n\n## Статус\n\nОтклонено\n\n## Решение\n\nX.\n"),
        ("docs/决策/0001-x.md", "# Use X\n\n## 状态\n\n已拒绝\n\n## 决策\n\nX.\n"),
        (
            "peps/pep-0001.rst",
            "PEP: 1\nTitle: Use X\nStatus: Rejected\nType: Process\n\nAbstract\n========\n\nWords.\n",
        ),
        ("architecture/ADR-12-x.md", RECORD.format("Rejected")),
        ("docs/adr/0001-x/README.md", RECORD.format("Rejected")),
    ],
)
def test_a_record_is_read_in_any_markup(path: str, text: str) -> None:
    [extract] = read({path: text}).extracts
    assert (extract.memory.title, extract.memory.status, extract.memory.tags) == ("Use X", "retired", ("rejected",))
    assert extract.memory.type == "decision"


@pytest.mark.parametrize(
    "path, text, reason",
    [
        ("docs/adr/template.md", RECORD.format("Accepted"), "a template"),
        ("docs/adr/templates/x.md", RECORD.format("Accepted"), "a template"),
        ("docs/adr/_template.md", RECORD.format("Accepted"), "a template"),
        ("docs/adr/PLANTILLA.md", RECORD.format("Aceptado"), "a template"),
        ("docs/adr/gabarit.md", RECORD.format("Accepté"), "a template"),
        ("docs/adr/ADR-模板.md", RECORD.format("x"), "a template"),
        ("docs/adr/0000-x.md", "# Template for records\n\n## Status\n\nx\n", "a template"),
        (
            "docs/adr/x.md",
            "# {short title}\n\n## Status\n\n{proposed | accepted}\n",
            "a template: its title is a placeholder",
        ),
        (
            "docs/adr/0000-y.md",
            "# ADR-0000: [Titre]\n\n## Statut\n\nProposé | Accepté\n",
            "a template: its title is a placeholder",
        ),
        (
            "docs/adr/y.md",
            "# <title>\n\n* Date: YYYY-MM-DD\n\n## Decision\n\n<what>\n",
            "a template: its title is a placeholder",
        ),
        ("docs/adr/README.md", "# Records\n\n- [1](0001-x.md)\n", "an index of records"),
        ("docs/adr/ADR-000-索引.md", "# 索引\n\n- [1](0001-x.md)\n", "an index of records"),
        ("docs/adr/INDICE.md", "# Índice\n\n- [1](0001-x.md)\n", "an index of records"),
        (
            "docs/adr/notes.md",
            "# Notes\n\nHow we write records.\n",
            "no number, status or section of a decision record",
        ),
    ],
)
def test_what_is_no_record_is_skipped_with_its_reason(path: str, text: str, reason: str) -> None:
    reading = read({"docs/adr/0001-x.md": RECORD.format("Accepted"), path: text})
    assert [extract.path for extract in reading.extracts] == ["docs/adr/0001-x.md"]
    assert [(skipped.path, skipped.reason) for skipped in reading.skipped] == [(path, reason)]


def test_real_records_that_look_like_templates() -> None:
    generics = (
        "# Use Map<K, V>\n\n## Status\n\nAccepted\n\n## Decision\n\n" + "The [key] is a {name} of <some thing>.\n" * 9
    )
    reading = read(
        {
            "docs/adr/0000-use-markdown-architectural-decision-records.md": RECORD.format("Accepted"),
            "docs/adr/0001-template-engine.md": RECORD.format("Accepted"),
            "docs/adr/0002-map.md": generics,
        }
    )
    assert len(reading.extracts) == 3


def test_a_kep_has_the_status_of_its_yaml() -> None:
    kep = "title: Use X\nkep-number: 12\nstatus: {}\nstage: alpha\nreplaces:\n{}"
    reading = read(
        {
            "keps/sig-a/12-x/README.md": "# KEP-12: Use X\n\n## Summary\n\nWe use X.\n",
            "keps/sig-a/12-x/kep.yaml": kep.format("implementable", '  - "/keps/sig-a/9-old"\n'),
            "keps/sig-a/9-old/README.md": "# KEP-9: Use Y\n\n## Summary\n\nWe use Y.\n",
            "keps/sig-a/9-old/kep.yaml": kep.format("implemented", ""),
            "keps/sig-a/13-z/README.md": "# KEP-13: Use Z\n\n## Summary\n\nWe use Z.\n",
            "keps/sig-a/13-z/kep.yaml": kep.format("provisional", ""),
            "keps/NNNN-kep-template/README.md": "# KEP-NNNN: Your short title\n",
            "keps/NNNN-kep-template/kep.yaml": kep.format("provisional|implementable", ""),
        }
    )
    memories = {extract.path.split("/")[2]: extract.memory for extract in reading.extracts}
    assert {name: (memory.status, memory.tags) for name, memory in memories.items()} == {
        "12-x": ("active", ()),
        "9-old": ("superseded", ()),
        "13-z": ("active", ("proposed",)),
    }
    assert memories["9-old"].superseded_by == memories["12-x"].id
    assert len(reading.skipped) == 5


def test_a_pep_is_superseded_by_its_header() -> None:
    header = "PEP: {}\nTitle: {}\nStatus: {}\n{}Created: 01-Feb-2020\n\nAbstract\n========\n\nWords.\n"
    files = {
        "peps/pep-0001.rst": header.format(1, "Old", "Superseded", "Superseded-By: 2\n"),
        "peps/pep-0002.rst": header.format(2, "New", "Final", "Replaces: 1\n"),
        "peps/pep-0003.rst": header.format(3, "Later", "Deferred", ""),
    }
    old, new, later = (extract.memory for extract in read(files).extracts)
    assert (old.status, old.superseded_by, new.supersedes) == ("superseded", new.id, (old.id,))
    assert (later.status, later.tags, old.created.year) == ("active", ("proposed",), 2020)


def test_a_proposed_successor_does_not_retire_what_says_it_is_accepted() -> None:
    files = {
        "docs/adr/0001-x.md": "# X\n\n* Status: accepted\n* Superseded by: [2](0002-y.md)\n\n## Decision\n\nX.\n",
        "docs/adr/0002-y.md": "# Y\n\n* Status: proposed\n\n## Decision\n\nY.\n",
    }
    assert standings(files)["docs/adr/0001-x.md"] == ("active", ())
    assert [notice.reason for notice in read(files).notices] == ["its successor “2” is not decided yet"]


@pytest.mark.parametrize(
    "text, status, notice",
    [
        (
            "# X\n\n## Status\n\nSuperseded by ADR-99\n\n## Decision\n\nX.\n",
            "superseded",
            NOT_HERE,
        ),
        (
            "---\nstatus: accepted\nsuperseded_by: ADR-99\n---\n# X\n\n## Decision\n\nX.\n",
            "active",
            NOT_HERE,
        ),
        ("# X\n\n## Status\n\nSuperseded\n\n## Decision\n\nX.\n", "superseded", "superseded by no record that is here"),
        (
            "# X\n\n## Status\n\nOdd\n\n## Decision\n\nX.\n",
            "active",
            "unknown status “Odd”, so it is not shown as decided",
        ),
    ],
)
def test_what_is_doubtful_is_noticed(text: str, status: str, notice: str) -> None:
    reading = read({"docs/adr/0001-x.md": text})
    assert [extract.memory.status for extract in reading.extracts] == [status]
    assert [notice.reason for notice in reading.notices] == [notice]


@pytest.mark.parametrize(
    "sentence",
    [
        "This section supersedes [RFC 1](0001-x.md) with respect to defaults.",
        "This updates and supersedes the behavior specified in [RFC 1](0001-x.md).",
        "A later ADR may be superseded by ADR 1.",
    ],
)
def test_prose_about_a_part_retires_nothing(sentence: str) -> None:
    other = RECORD.format("Accepted") + f"\n## Notes\n\n{sentence}\n"
    found = standings({"docs/adr/0001-x.md": RECORD.format("Accepted"), "docs/adr/0002-y.md": other})
    assert set(found.values()) == {("active", ())}


@pytest.mark.parametrize(
    "text, title",
    [
        ("# ADR 12\n\n## Decision\n\nAll queues live in Redis. More.\n", "All queues live in Redis"),
        ("# Decision record\n\n## Decision\n\nAll queues live in Redis.\n", "All queues live in Redis"),
        ("# 2024-01-02: Use Redis for queues\n\n## Decision\n\nx\n", "Use Redis for queues"),
        ("# ADR-0012 – 2024-01-02 – Use Redis\n\n## Decision\n\nx\n", "Use Redis"),
        ("# 决策 12：使用 Redis\n\n## 决策\n\nx\n", "使用 Redis"),
        ("In the context of the shop, facing slow pages, we decided for a cache in Redis and against Memcached, "
         "to achieve speed, accepting cost.\n", "A cache in Redis"),
    ],
)  # fmt: skip
def test_the_title_says_what_was_decided(text: str, title: str) -> None:
    [extract] = read({"docs/adr/0012-x.md": text}).extracts
    assert extract.memory.title == title


HOSTILE = st.lists(
    st.sampled_from(
        ["Status:", "## Status", "|", "---", "superseded by", "ADR-0001", "[1](0001-x.md)", "被", "取代", "```",
         "<!--", "-->", "~~", "**", "[", "](", "{", "}", "\t", "\x00", "\x1b", "é", "accepted", "#" * 50, "=" * 9,
         "- [ ]", ":status:", "1." * 40]
    )
    | st.text(max_size=12),
    max_size=60,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(HOSTILE, st.sampled_from([" ", "\n"])), min_size=1, max_size=4),
    st.sampled_from(["md", "rst", "adoc"]),
)
def test_every_file_of_a_directory_is_an_extract_or_skipped(texts: list[tuple[list[str], str]], suffix: str) -> None:
    files = {
        f"docs/adr/{n:04}-x.{suffix}": joint.join(words).replace("\0", "") for n, (words, joint) in enumerate(texts)
    }
    reading = read(files | {"docs/adr/9999-y.md": RECORD.format("Accepted")})
    named = {extract.path for extract in reading.extracts} | {skipped.path for skipped in reading.skipped}
    assert named == {*files, "docs/adr/9999-y.md"}


@pytest.mark.parametrize(
    "piece", ["superseded by ", "被 ", "| ", "[", "{a ", "this adr ", "status: ", "~~ ", "<!--", "1. ", "=\n-\n"]
)
def test_hostile_lines_take_no_time(piece: str) -> None:
    reading = read({"docs/adr/0001-x.md": f"# X\n\n## Status\n\n{piece * 20_000}\n\n{piece * 20_000}"})
    assert len(reading.extracts) + len(reading.skipped) >= 1
