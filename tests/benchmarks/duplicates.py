"""What a dream recognises: `python -m tests.benchmarks.duplicates [--sets dup_memrev,dup_pepedit] [--each]`.

Every pair of a public set is loaded as two memories of a real store, a text that several pairs have once; then one
dream runs. A pair is recognised where a change or a question of the dream names both. `--each`: a store for each pair.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from memcli.config import Flags
from memcli.config import load as load_config
from memcli.operations.dream.dream import run_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.benchmarks.timing import Program
from tests.needs import SHARED
from tests.operations.dream.loading import load

SETS = ("dup_memrev", "dup_pepedit")


class LabelledPair(NamedTuple):
    a: str
    b: str
    label: str


class Recognition(NamedTuple):
    """`pairs` and `recognised`: how many pairs by label; `questions`, `about_labelled`: of one dream over all."""

    pairs: Counter[str]
    recognised: Counter[str]
    questions: int = 0
    about_labelled: int = 0

    def share(self, label: str) -> float:
        return self.recognised[label] / self.pairs[label] if self.pairs[label] else 0.0


def labelled_pairs(name: str) -> list[LabelledPair]:
    """The pairs of a public set."""
    lines = (SHARED / "data" / name / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    return [LabelledPair(row["a"], row["b"], row["label"]) for row in map(json.loads, lines)]


def recognition(pairs: Sequence[LabelledPair], place: Path) -> Recognition:
    """What one dream over all pairs, in a new repository at `place`, recognises of them."""
    texts = list(dict.fromkeys(text for pair in pairs for text in (pair.a, pair.b)))
    with _store(place) as workspace:
        ids = dict(zip(texts, map(str, load(workspace, texts)), strict=True))
        steps = run_dream(workspace, DreamRequest(force=True)).steps
    together = {frozenset(both) for step in steps for both in combinations((step.id, *step.others), 2)}
    labelled = {frozenset((ids[pair.a], ids[pair.b])): pair.label for pair in pairs}
    questions = [step for step in steps if step.asks and step.others]
    about = sum(any(frozenset((step.id, other)) in labelled for other in step.others) for step in questions)
    counts = Counter(labelled.values())
    return Recognition(counts, Counter(labelled[both] for both in together & labelled.keys()), len(questions), about)


def recognition_each(pairs: Sequence[LabelledPair], place: Path) -> Recognition:
    """The same with a store, and a dream, for each pair."""
    counts, recognised = Counter[str](), Counter[str]()
    for number, pair in enumerate(pairs):
        found = recognition([pair], place / str(number))
        counts.update(found.pairs)
        recognised.update(found.recognised)
    return Recognition(counts, recognised)


@contextlib.contextmanager
def _store(place: Path) -> Iterator[Workspace]:
    place.mkdir(parents=True)
    for words in (["init", "-q", "-b", "trunk"], ["commit", "-q", "--allow-empty", "-m", "code"]):
        subprocess.run(["git", *words], cwd=place, check=True)
    workspace = Workspace(replace(load_config(Flags(directory=str(place))), agent=None, session=None))
    init(workspace)
    yield workspace
    workspace.index.close()


def main(words: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.duplicates", description=__doc__)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--each", action="store_true")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as scratch:
        environment = Program(Path(scratch) / "home").environment
        os.environ.clear()
        os.environ.update(environment)
        print("| set | duplicates recognised | distinct pairs recognised | questions | about a labelled pair |")
        print("|---|--:|--:|--:|--:|")
        for name in options.sets.split(","):
            measure = recognition_each if options.each else recognition
            print(_row(name, measure(labelled_pairs(name), Path(scratch) / name)), flush=True)


def _row(name: str, found: Recognition) -> str:
    cells = [f"{found.recognised[label]} of {found.pairs[label]}" for label in ("dup", "distinct")]
    about = f"{found.about_labelled / found.questions:.0%}" if found.questions else ""
    return f"| {' | '.join((name, *cells, str(found.questions or ''), about))} |"


if __name__ == "__main__":
    main(sys.argv[1:])
