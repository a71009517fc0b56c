"""What the last run of `make harness` found, kept in `results/` for docs/hooks.md, one file for each program."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.harness.conversation import Conversation
from tests.harness.facts import FACTS, NONE, TRAITS
from tests.harness.limits import LIMITS
from tests.harness.programs import PROGRAMS, HarnessProgram

RESULTS = Path(__file__).with_name("results")
WRITES = "MEM_HARNESS_WRITE" in os.environ
"""Whether a run renews the results; otherwise it has to find the same."""


def cells(conversation: Conversation) -> dict[str, str]:
    """Title of a row → what holds of a program."""
    return {fact.title: fact.tells(conversation) for fact in (*TRAITS, *FACTS)}


def results_file(program: HarnessProgram) -> Path:
    return RESULTS / f"{program.name}.json"


def write_results(program: HarnessProgram, found: dict[str, str]) -> None:
    RESULTS.mkdir(exist_ok=True)
    results_file(program).write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")


def read_results(program: HarnessProgram) -> dict[str, str]:
    """The last results of a program; empty where it was never run."""
    file = results_file(program)
    found: dict[str, str] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return found


def results_table() -> str:
    """The block of docs/hooks.md: a row for each fact, a column for each program, and the limits below."""
    head = ["", *(f"{program.title} {program.version}" for program in PROGRAMS)]
    rows = [[fact.title, *(_cell(program, fact.title) for program in PROGRAMS)] for fact in (*TRAITS, *FACTS)]
    lines = [head, ["---"] * len(head), *rows]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    notes = [f"{number}. {reason}" for number, reason in enumerate(_reasons(), 1)]
    return table + "\n" + "\n".join(notes) + "\n"


def _cell(program: HarnessProgram, title: str) -> str:
    cell = read_results(program).get(title, "not run")
    reason = LIMITS.get((program.name, title))
    if reason is None:
        return "–" if cell == NONE else cell
    return f"{'–' if cell == NONE else cell.partition(':')[0]} ({_reasons().index(reason) + 1})"


def _reasons() -> list[str]:
    """The limits in the order in which they are numbered."""
    return list(dict.fromkeys(LIMITS.values()))
