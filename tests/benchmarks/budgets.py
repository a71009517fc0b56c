"""The budgets in bare starts, and whether they are kept: `python -m tests.benchmarks.budgets [--size N] [--runs N]`.

The figures are those of `road` and `hooks`, the latter beside four writers; for a quiet machine.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks import corpus
from tests.benchmarks.hooks import WRITERS, Hooks
from tests.benchmarks.road import Road, helping
from tests.benchmarks.timing import Figure, Program


def figures(scratch: Path, size: int, runs: int, writers: int) -> Iterator[Figure]:
    """One figure for each budget, as it is measured."""
    program = Program(scratch / "home")
    os.environ.clear()
    os.environ.update(program.environment)  # what runs in this process is sealed like what it starts
    yield helping(program, scratch, runs)
    road = Road(program, scratch / "road", size, runs)
    corpus.build(road.place, size)
    yield from road.recall()
    yield road.hydrate()
    yield from road.add()
    yield road.inbox()
    yield from Hooks(program, scratch / "hooks", size, runs).events(writers)


def is_kept(figure: Figure) -> bool:
    """Whether a figure is within the budget of its size; so is one that has none."""
    budgets = re.findall(r"([\d.]+) B(?: \(([\d,]+)\))?", figure.budget)
    limits = [float(limit) for limit, size in budgets if size in ("", f"{figure.size:,}")]
    measured = figure.p95 if figure.budget.startswith("p95") else figure.median
    return not limits or measured <= limits[0]


def main(words: Sequence[str] | None = None) -> None:
    """Print the table, line by line as the figures come."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.budgets", description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="memories in the store")
    parser.add_argument("--runs", type=int, default=21, help="rounds of each figure")
    parser.add_argument("--writers", type=int, default=WRITERS, help="processes that write beside the hooks")
    options = parser.parse_args(words)
    print("| work | memories | median | p95 | budget | |\n|---|--:|--:|--:|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="mem-bench-") as scratch:
        for figure in figures(Path(scratch), options.size, options.runs, options.writers):
            print(figure.row(), "kept |" if is_kept(figure) else "over |", flush=True)
    print(f"load: {', '.join(f'{load:.1f}' for load in os.getloadavg())}")


if __name__ == "__main__":
    main()
