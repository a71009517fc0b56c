"""The budgets of the main road, measured: `python -m tests.benchmarks.road [--sizes 1000,10000] [--json FILE]`."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from memcli.config import Flags, load
from memcli.operations.memories.add import add_memories
from memcli.operations.recall.index import sync_index
from memcli.workspace import Workspace
from tests.benchmarks import corpus
from tests.benchmarks.timing import Figure, Program, figure, interleaved, percentile
from tests.benchmarks.writers import race

CANDIDATES = 10


class Road:
    """One store of `size` memories and the commands that are timed on it, each in a fresh process."""

    def __init__(self, program: Program, place: Path, size: int, runs: int) -> None:
        self.program, self.place, self.size, self.runs = program, place, size, runs
        self._next = size

    @property
    def journal(self) -> Path:
        return self.place / ".git" / "mem" / "journal"

    def workspace(self, session: str | None = None) -> Workspace:
        return Workspace(replace(load(Flags(directory=str(self.place))), agent=None, session=session))

    def mem(self, *words: str) -> float:
        return self.program.run([*self.program.mem, *words], self.place)

    def measure(self, work: Callable[[int], Sequence[float]]) -> list[list[float]]:
        os.sync()  # what was written before is not for the measured command's fsync to wait for
        return interleaved(self.runs, lambda: self.program.bare(self.place), work)

    def figures(self) -> Iterator[Figure]:
        """All figures of this size, in the order of the table."""
        corpus.build(self.place, self.size)
        yield self.rebuild()
        yield from self.recall()
        yield self.memory()
        yield self.show()
        yield self.complete()
        yield self.hydrate()
        yield self.promote()
        yield self.catch_up()
        yield from self.add()
        yield self.recall_beside_candidates()
        yield self.inbox()

    def rebuild(self) -> Figure:
        """From the tree to a complete index."""
        times = [self.mem("index", "rebuild") for _ in range(2)]
        return Figure("index rebuild (static)", self.size, min(times), max(times), "s", "20 s (10,000)", 2)

    def recall(self) -> Iterator[Figure]:
        """A fresh process at a current index, without a session: by words and meaning, and by words alone."""
        self.mem("recall", corpus.query(0))
        yield figure("recall, hybrid", self.size, self._asked(), "16 B (10,000); 30 B (100,000)")
        self.program.run(["git", "config", "mem.embedder", "none"], self.place)
        yield figure("recall, lexical", self.size, self._asked(), "10 B (10,000)")
        self.program.run(["git", "config", "--unset", "mem.embedder"], self.place)

    def _asked(self) -> list[float]:
        (times,) = self.measure(lambda number: [self.mem("recall", corpus.query(number * 61 % self.size))])
        return times

    def memory(self) -> Figure:
        """The largest resident size of a hybrid recall."""
        command = [*self.program.mem, "recall", corpus.query(61)]
        sizes = [self.program.largest(command, self.place) for _ in range(3)]
        return Figure("recall, hybrid: peak memory", self.size, sizes[0], max(sizes), "MB", "150 MB (10,000)", 3)

    def show(self) -> Figure:
        ids = [corpus.memory(number * 67 % self.size).id for number in range(self.runs)]
        (times,) = self.measure(lambda number: [self.mem("show", ids[number])])
        return figure("show", self.size, times, "–")

    def complete(self) -> Figure:
        """What a TAB behind the first two characters of an id's end costs."""
        ends = [corpus.memory(number * 67 % self.size).id[-6:-4] for number in range(self.runs)]
        (times,) = self.measure(lambda number: [self.mem("complete", "--", "show", ends[number])])
        return figure("complete an id", self.size, times, "25 B")

    def hydrate(self) -> Figure:
        """A pack about a task and a path, without a session."""

        def work(number: int) -> tuple[float]:
            about = corpus.memory(number * 71 % self.size // 2 * 2)
            task = corpus.query(number * 61 % self.size)
            return (self.mem("hydrate", "--task", task, "--path", about.paths[0].path),)

        (times,) = self.measure(work)
        return figure("hydrate, with a task and a path", self.size, times, "20 B")

    def promote(self) -> Figure:
        """Ten candidates of a session, at a current index."""

        def work(number: int) -> tuple[float]:
            name = f"promoted-{number}"
            self._propose(name)
            return (self.mem("promote", name, "--yes"),)

        (times,) = self.measure(work)
        budget = "40 B (10,000); twice that (100,000)"
        return figure(f"promote {CANDIDATES} candidates", self.size, times, budget)

    def catch_up(self) -> Figure:
        """Ten memories that came in behind the index's back, as a fetch brings them."""

        def work(_: int) -> tuple[float]:
            numbers = range(self._next + 1, self._next + 1 + CANDIDATES)
            self._next = numbers[-1]
            corpus.commit(self.workspace(), numbers)
            return (self.mem("index", "sync"),)

        (times,) = self.measure(work)
        return figure(f"index catch-up of {CANDIDATES} changes", self.size, times, "30 B (10,000)")

    def add(self) -> Iterator[Figure]:
        """One memory into an open session."""

        def work(_: int) -> tuple[float, float]:
            command = [*self.program.mem, "add", self._draft()["body"]]
            return self.program.acknowledged(command, self.place, self.journal)

        self.mem("session", "start", "adding")
        acknowledged, exited = self.measure(work)
        yield figure("add: acknowledged", self.size, acknowledged, "9 B")
        yield figure("add: exit", self.size, exited, "20 B")

    def recall_beside_candidates(self) -> Figure:
        """With a session open that proposes ten memories; each answer is recorded in it."""
        self._propose("asking")
        self.mem("session", "resume", "asking")
        self.mem("recall", corpus.query(0))
        (times,) = self.measure(lambda number: [self.mem("recall", corpus.query(number * 61 % self.size))])
        return figure(f"recall, {CANDIDATES} candidates in session", self.size, times, "–")

    def inbox(self) -> Figure:
        """`mem` alone, with 40 candidates of four sessions that it has seen before."""
        for session in ("asking", "one", "two", "three"):
            self._propose(session)
        self.mem()
        (times,) = self.measure(lambda _: [self.mem()])
        return figure("mem alone, 40 candidates", self.size, times, "16 B (10,000)")

    def _draft(self) -> dict[str, str]:
        self._next += 1
        return corpus.draft(self._next)

    def _propose(self, session: str) -> None:
        """Ten candidates in one operation; the index is brought to the store's tip."""
        workspace = self.workspace(session)
        add_memories(workspace, [self._draft() for _ in range(CANDIDATES)])
        sync_index(workspace)
        workspace.index.close()


def importing(program: Program, place: Path, runs: int) -> Figure:
    """What every command pays before it begins."""
    command = [sys.executable, "-c", "import memcli.cli.app"]
    (times,) = interleaved(runs, lambda: program.bare(place), lambda _: [program.run(command, place)])
    return figure("import memcli.cli.app", 0, times, "–")


def helping(program: Program, place: Path, runs: int) -> Figure:
    """The list of commands."""
    command = [*program.mem, "--help"]
    (times,) = interleaved(runs, lambda: program.bare(place), lambda _: [program.run(command, place)])
    return figure("mem --help", 0, times, "12 B")


def writers(place: Path, count: int, each: int) -> list[Figure]:
    """The race of all writers into one small store."""
    corpus.build(place, 1000)
    seconds, acknowledged, answered, lost = race(place, count, each)
    size, name = count * each, f"{count} writers x {each}"
    return [
        Figure(f"{name}: acknowledged, p50 and p99", 1000, statistics.median(acknowledged) * 1000,
               percentile(acknowledged, 0.99) * 1000, "ms", "p99 150 ms (64 x 200)", size),
        Figure(f"{name}: answered, p50 and p99", 1000, statistics.median(answered) * 1000,
               percentile(answered, 0.99) * 1000, "ms", "–", size),
        Figure(f"{name}: all, {size / seconds:,.0f} a second; lost", 1000, float(lost), float(lost), "", "0", size),
    ]  # fmt: skip


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.road", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000", help="stores to measure on (100000 takes some minutes)")
    parser.add_argument("--runs", type=int, default=21, help="rounds of each figure")
    parser.add_argument("--writers", default="16x50", help="writers x memories each; 64x200 is the budget's; 0: none")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args(words)


def _figures(said: argparse.Namespace, scratch: Path) -> Iterator[Figure]:
    program = Program(scratch / "home")
    os.environ.clear()
    os.environ.update(program.environment)  # what runs in this process is sealed like what it starts
    yield importing(program, scratch, said.runs)
    yield helping(program, scratch, said.runs)
    for size in map(int, said.sizes.split(",")):
        place = scratch / f"store-{size}"
        yield from Road(program, place, size, said.runs).figures()
        shutil.rmtree(place)
    if said.writers != "0":
        count, _, each = said.writers.partition("x")
        yield from writers(scratch / "writers", int(count), int(each))


def main(words: Sequence[str] | None = None) -> None:
    """Print the table, line by line as the figures come."""
    said = _arguments(words)
    print("| work | memories | median | p95 | budget |\n|---|--:|--:|--:|---|", flush=True)
    found = []
    with tempfile.TemporaryDirectory(prefix="mem-bench-") as scratch:
        for one in _figures(said, Path(scratch)):
            print(one.row(), flush=True)
            found.append(asdict(one))
    if said.json:
        said.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
