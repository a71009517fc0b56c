"""Questions about the past on real timelines: the share answered right by the first hit.

`python -m tests.benchmarks.as_of` runs the whole public sets; `views.test_as_of_corpora` tests parts of them.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memcli.config import Flags, load
from memcli.core.memory.summary import Filters
from memcli.operations.memories.add import add_memories
from memcli.operations.recall.recall import RecallRequest, recall
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.init import init
from memcli.operations.views.snapshot import parse_valid_at
from memcli.workspace import Workspace
from tests.needs import SHARED

DATA = SHARED / "data"
SETS = ("asof_eol", "asof_kep", "asof_pep")
ORDERS = ("forward", "reverse", "random")
Fact = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """How many questions were asked, those whose first hit was wrong, and each one's seconds."""

    asked: int
    wrong: tuple[str, ...]
    seconds: tuple[float, ...]

    @property
    def share(self) -> float:
        return 1 - len(self.wrong) / self.asked


def corpus(name: str, every: int = 1) -> tuple[list[Fact], list[Fact]]:
    """(facts, questions) of every n-th key of a set."""
    facts, questions = (_lines(DATA / name / f"{part}.jsonl") for part in ("facts", "queries"))
    keys = set(list(dict.fromkeys(fact["key"] for fact in facts))[::every])
    facts = [fact for fact in facts if fact["key"] in keys]
    known = {fact["id"] for fact in facts}
    return facts, [question for question in questions if known.issuperset(question["relevant"])]


def _lines(file: Path) -> list[Fact]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def in_order(facts: Sequence[Fact], order: str) -> list[Fact]:
    """The facts as they stand, backwards, or shuffled."""
    if order == "random":
        return random.Random(7).sample(facts, len(facts))
    return list(facts[::-1] if order == "reverse" else facts)


def draft(fact: Fact, *keys: str) -> Fact:
    """A fact as an author writes it down, with these of its dates."""
    return {"body": fact["text"], "key": fact["key"], **{key: fact[key] for key in keys if fact[key]}}


def load_at_once(directory: Path, facts: Sequence[Fact]) -> dict[str, str]:
    """All facts with their validity, in one promotion; {fact: memory id}."""
    added = add_memories(opened(directory), [draft(fact, "valid_from", "valid_to") for fact in facts])
    promote(opened(directory), PromoteRequest(added[0].session, consent=True))
    return {fact["id"]: one.id for fact, one in zip(facts, added, strict=True)}


def load_as_they_came(directory: Path, facts: Sequence[Fact]) -> dict[str, str]:
    """Each day's facts in a promotion of that day, without any validity of their own."""
    ids: dict[str, str] = {}
    for day, group in itertools.groupby(sorted(facts, key=_began), key=_began):
        known, at = list(group), f"{day}T12:00:00Z"
        added = add_memories(opened(directory, at), [draft(fact) for fact in known])
        promote(opened(directory, at), PromoteRequest(added[0].session, consent=True))
        ids |= {fact["id"]: one.id for fact, one in zip(known, added, strict=True)}
    return ids


def _began(fact: Fact) -> str:
    return str(fact["valid_from"])


def ask(directory: Path, questions: Sequence[Fact], ids: dict[str, str], option: str) -> Outcome:
    """Ask by `--valid-at` or `--as-of`, each as a call of its own."""
    wrong, seconds = list[str](), list[float]()
    for question in questions:
        began = time.perf_counter()
        day, workspace = question["as_of"], opened(directory)
        held = parse_valid_at(day) if day and option == "valid_at" else None
        found = recall(
            workspace,
            RecallRequest(question["query"], filters=Filters(valid_at=held), as_of=day if option == "as_of" else None),
        )
        seconds.append(time.perf_counter() - began)
        if not found.hits or found.hits[0].record.id not in [ids[fact] for fact in question["relevant"]]:
            wrong.append(question["qid"])
    return Outcome(len(questions), tuple(wrong), tuple(seconds))


def opened(directory: Path, at: str | None = None) -> Workspace:
    """A workspace as a call of its own has it, its clock standing at an instant."""
    before = os.environ.pop("GIT_COMMITTER_DATE", None)
    try:
        if at is not None:
            os.environ["GIT_COMMITTER_DATE"] = at
        return Workspace(load(Flags(directory=str(directory))))
    finally:
        os.environ.pop("GIT_COMMITTER_DATE", None)
        if before is not None:
            os.environ["GIT_COMMITTER_DATE"] = before


def _measured(name: str, order: str, option: str, every: int = 1) -> None:
    facts, questions = corpus(name, every)
    loads: Callable[[Path, Sequence[Fact]], dict[str, str]]
    loads = load_as_they_came if option == "as_of" else load_at_once
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(["git", "init", "-q", place], check=True)
        init(opened(Path(place)))
        ids = loads(Path(place), in_order(facts, order))
        found = ask(Path(place), questions, ids, option)
    median = 1000 * statistics.median(found.seconds)
    print(f"{name}  {option:8}  {order:8}  {len(facts):4} facts  top-1 {found.share:.3f} of {found.asked}"
          f"  median {median:.0f} ms  {' '.join(found.wrong[:3])}", flush=True)  # fmt: skip


if __name__ == "__main__":
    for name in SETS:
        for order in ORDERS:
            _measured(name, order, "valid_at")
        _measured(name, "forward", "as_of")
