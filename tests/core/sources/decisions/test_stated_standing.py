"""The standing of records by the many ways in which they state it, as real folders have them."""

from __future__ import annotations

import pytest

from memcli.core.sources.decisions.decision_directories import READER
from memcli.core.sources.source_tree import SourceTree

REST = "\n\n## Context\n\nWords.\n\n## Decision\n\nWe use X.\n"
SECTION = "# Use X\n\n## Status\n\n{}" + REST
HEAD = "# Use X\n\n{}" + REST
NEW = {"docs/adr/0002-new.md": "# 2. New one\n\n## Status\n\nAccepted" + REST}


def standing(text: str) -> str:
    """`proposed` or `unclear`, else the status of the memory of a record beside an accepted number 2."""
    files = {"docs/adr/0001-use-x.md": text, **NEW}
    tree = SourceTree(dict.fromkeys(files, ""), lambda path: files[path].encode())
    [reading] = [READER.read(tree, unit) for unit in READER.units(tree, ())]
    [memory] = [extract.memory for extract in reading.extracts if extract.path == "docs/adr/0001-use-x.md"]
    return next((tag for tag in memory.tags if tag in ("proposed", "unclear")), memory.status)


@pytest.mark.parametrize(
    "line, expected",
    [
        ("Fecha: 2026-01-01 · Estado: propuesto", "proposed"),
        ("**Date:** 2026-01-01 | **Status:** Rejected | **Owner:** Bob", "retired"),
        ("Data: 2026-10-10. Stato: proposta dal fondatore.", "proposed"),
        ("作成: 2026-07-08 / ステータス: 提案中", "proposed"),
        ("Date: 2026-01-01 — Status: Draft", "proposed"),
        ("**Status**\n\n- Rejected", "retired"),
        ("Status\n: Proposed", "proposed"),
        ("<table><tr><th>Status</th><td>Rejected</td></tr></table>", "retired"),
        ("<table>\n<tr>\n<th>Status</th>\n<td>Proposed</td>\n</tr>\n</table>", "proposed"),
        ("> This ADR has been rejected.", "retired"),
        ("> This decision is used by the team.", "active"),
        (
            "> **Note:** This decision has been superseded by [ADR 2](0002-new.md).\n\n## Status\n\nAccepted",
            "superseded",
        ),
        ("- [Status](#status)\n- [Context](#context)\n\n## Status\n\nAccepted", "active"),
    ],
)
def test_a_status_is_found_beside_other_labels_in_html_and_in_sentences(line: str, expected: str) -> None:
    assert standing(HEAD.format(line)) == expected


@pytest.mark.parametrize(
    "status, expected",
    [
        ("- 2020-01-01: Accepted\n- 2021-01-01: Proposed", "proposed"),
        ("- 2020-01-01: Proposed\n- 2020-02-01: Rejected\n- 2021-03-01: Accepted", "active"),
        ("- 2021-03-01: Accepted\n- 2020-02-01: Rejected", "active"),
        ("| Date | Status |\n|---|---|\n| 2020-01-01 | Accepted |\n| 2020-02-01 | Deprecated |", "retired"),
        ("| Date | Status |\n|---|---|\n| 2020-01-01 | Proposed |\n| 2020-02-01 | Accepted |", "active"),
        ("Proposed (2020-01-01), accepted (2020-02-01)", "active"),
        ("Accepted on 2020-01-01, deprecated on 2021-01-01", "retired"),
        ("Accepted, pending implementation", "active"),
        ("Accettata, poi superata", "retired"),
        ("Proposed -> Accepted -> Deprecated", "retired"),
        ("No longer proposed; accepted on 2020-01-01", "active"),
        ("Rejected (previously accepted)", "retired"),
    ],
)
def test_the_latest_status_of_a_history_counts(status: str, expected: str) -> None:
    assert standing(SECTION.format(status)) == expected


@pytest.mark.parametrize(
    "status, expected",
    [
        ("To be accepted", "proposed"),
        ("Noch nicht angenommen", "proposed"),
        ("Pas encore accepté", "proposed"),
        ("Todavía no aceptada", "proposed"),
        ("Ainda não aceito", "proposed"),
        ("Non ancora accettato", "proposed"),
        ("Nog niet geaccepteerd", "proposed"),
        ("Jeszcze nie zaakceptowano", "proposed"),
        ("Ещё не принято", "proposed"),
        ("승인되지 않음", "proposed"),
        ("No longer accepted", "retired"),
        ("Nie zaakceptowano", "retired"),
        ("未通过", "retired"),
        ("不承認", "retired"),
        ("Depreciated.", "retired"),
        ("Discontinued", "retired"),
        ("<del>Proposed</del> Accepted", "active"),
        ("<s>Accepted</s> Rejected", "retired"),
        ("- Proposed\n- Accepted\n- Rejected\n- Superseded", "unclear"),
        ("Proposed, Accepted, Rejected", "unclear"),
        ("❌", "unclear"),
        ("Принято; пункт 3 заменён [ADR-0002](0002-new.md)", "active"),
    ],
)
def test_negated_emphasised_and_partial_statuses(status: str, expected: str) -> None:
    assert standing(SECTION.format(status)) == expected


@pytest.mark.parametrize(
    "front, expected",
    [
        ("state: discussion", "proposed"),
        ("state: ideation", "proposed"),
        ("state: published", "active"),
        ("state: abandoned", "retired"),
        ("stage: discontinued # is this right?", "retired"),
        ("stage: recommended", "active"),
        ("stage: exploring", "proposed"),
    ],
)
def test_the_state_or_stage_of_the_front_matter_is_the_status(front: str, expected: str) -> None:
    assert standing(f"---\n{front}\n---\n{HEAD.format('')}") == expected


@pytest.mark.parametrize(
    "title, expected",
    [("Draft: Use X", "proposed"), ("DEPRECATED - Use X", "retired"), ("Active: Use X", "active")],
)
def test_a_title_may_begin_with_the_status(title: str, expected: str) -> None:
    assert standing(f"# {title}{REST}") == expected


@pytest.mark.parametrize(
    "prose, expected",
    [
        ("That helper, which could be\nreplaced by [ADR-2](0002-new.md), is fine.\n", "active"),
        ("### `foo.bar`\n\nReplaced by [ADR-2](0002-new.md).\n", "active"),
        ("## Links\n\n* Superseded by [ADR-2](0002-new.md)\n", "superseded"),
    ],
)
def test_what_replaces_a_part_is_not_the_successor_of_a_record(prose: str, expected: str) -> None:
    assert standing(SECTION.format("Accepted") + "\n" + prose) == expected
