"""docs/curators.md matches the code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from memcli.core.curator.answer import parse_answer
from memcli.core.curator.curator_edit import FIELDS, MAX_REASON, MOST_IDS
from memcli.core.curator.job import FORMS, Job, JobCandidate, JobFinding, Limits
from memcli.core.curator.rules import VERDICTS
from memcli.core.memory.memory import MAX_TITLE
from tests.core.curator.examples import dream_job

PAGE = (Path(__file__).parents[3] / "docs" / "curators.md").read_text(encoding="utf-8")
JOB, ANSWER = re.findall(r"```json\n(.*?)```", PAGE, re.S)


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its header row."""
    lines = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0].split("\n")
    table = [line for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_the_example_job_has_the_fields_of_a_job() -> None:
    shown, made = json.loads(JOB), dream_job().document()
    assert list(shown) == list(made) and list(shown["limits"]) == list(made["limits"])
    for index in (0, -1):
        assert set(shown["memories"][index]) == set(made["memories"][index])
    assert shown["forms"] == made["forms"] and shown["schema"] == made["schema"]
    assert {**shown["limits"], "retire": 1} == vars(Limits())


def test_the_fields_of_candidates_and_findings_are_named() -> None:
    job: dict[str, Any] = Job(
        "review",
        candidates=(JobCandidate("i", "added", "t", "p", "x", "d"),),
        findings=(JobFinding("c", "warn", "i", "m"),),
    ).document()
    for name, fields in (("candidates", job["candidates"][0]), ("findings", job["findings"][0])):
        (line,) = (line for line in PAGE.split("\n") if line.startswith(f"| `{name}` |"))
        assert re.findall(r"`(\w+)`", line)[1:] == list(fields)


def test_the_example_answer_can_be_read() -> None:
    answer = parse_answer(ANSWER, 10)
    assert [edit.form for edit in answer.edits] == ["merge", "attention"] and not answer.refused
    assert answer.job == json.loads(JOB)["id"]


def test_the_table_of_edits_matches_the_code() -> None:
    documented = {}
    for cells in rows("The answer")[2:]:
        form, fields, jobs, _ = cells
        names = re.findall(r"`(\w+)(\??)`", re.sub(r"\([^)]*\)|\(`\[.*?\]`[^)]*\)", "", fields))
        documented[form.strip("`")] = (
            sorted(name for name, mark in names if not mark),
            sorted(name for name, mark in names if mark),
            sorted(jobs.split(", ")),
        )
    for form, (required, optional) in FIELDS.items():
        takers = sorted(job for job, forms in FORMS.items() if form in forms)
        assert documented[form] == (sorted(required), sorted(optional), takers)


def test_verdicts_and_limits_are_named() -> None:
    assert f"`verdict` ({', '.join(f'`{word}`' for word in VERDICTS)})" in PAGE
    assert f"| {MAX_TITLE} characters; truncated to {MAX_REASON} |" in PAGE
    assert f"| ids or tags in one edit | {MOST_IDS} |" in PAGE
    assert (Limits().edits, Limits().body, Limits().total) == (200, 16 << 10, 1 << 20)
    assert "| edits in an answer | 200;" in PAGE and "| one body, all bodies | 16 KiB, 1 MiB |" in PAGE
