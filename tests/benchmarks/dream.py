"""How long a dream takes: `python -m tests.benchmarks.dream [--sizes 1000,10000] [--changes 20,200,2000] [--runs 3]`.

A store of so many memories, so many of them new since the watermark, a current index; a fresh process each time, from
start to exit, the report included. The dream is rejected after each run, and `--force` proposes what was rejected:
every run finds the same.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from memcli.branch import open_sessions, store_to_write
from memcli.config import Flags, load
from memcli.operations.recall.recall import RecallRequest, recall
from memcli.workspace import Workspace
from tests.benchmarks import corpus
from tests.benchmarks.timing import Program

READS = 30
"""Recorded questions of a session, which the report asks again."""


def rows(program: Program, scratch: Path, sizes: Sequence[int], changes: Sequence[int], runs: int) -> Iterator[str]:
    """A line of the table for each size."""
    for size in sizes:
        place = scratch / f"store-{size}"
        corpus.build(place, size)
        cells = [f"{_seconds(program, place, size, count, runs):.2f} s" for count in changes]
        yield f"| {size:,} | {' | '.join(cells)} |"
        shutil.rmtree(place)


def _seconds(program: Program, place: Path, size: int, count: int, runs: int) -> float:
    """The median over the runs."""
    tip = store_to_write(_opened(place).layout)[1]
    corpus.commit(_opened(place), range(10 * size + count, 10 * size + 2 * count))
    program.run([*program.mem, "index", "sync"], place)
    _ask(program, place, size)
    times = []
    for _ in range(runs):
        times.append(program.run([*program.mem, "dream", "--since", tip, "--force"], place))
        program.run([*program.mem, "reject", "dream"], place) if _is_open(place) else None
    return statistics.median(times)


def _ask(program: Program, place: Path, size: int) -> None:
    program.run([*program.mem, "session", "start", f"asking-{size}-{os.urandom(3).hex()}"], place)
    for number in range(READS):
        workspace = _opened(place)
        recall(workspace, RecallRequest(corpus.query(number * 61 % size)))
        workspace.index.close()
    program.run([*program.mem, "session", "close"], place)


def _opened(place: Path) -> Workspace:
    return Workspace(replace(load(Flags(directory=str(place))), agent=None))


def _is_open(place: Path) -> bool:
    return any(name.startswith("dream-") for name in open_sessions(_opened(place).layout))


def main(words: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.dream", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--changes", default="20,200,2000")
    parser.add_argument("--runs", type=int, default=3)
    said = parser.parse_args(words)
    sizes, changes = ([int(one) for one in text.split(",")] for text in (said.sizes, said.changes))
    with tempfile.TemporaryDirectory() as scratch:
        program = Program(Path(scratch) / "home")
        os.environ.clear()
        os.environ.update(program.environment)
        print(f"| memories | {' | '.join(f'{count:,} new' for count in changes)} |")
        print(f"|--:|{'--:|' * len(changes)}")
        for row in rows(program, Path(scratch), sizes, changes, said.runs):
            print(row, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
