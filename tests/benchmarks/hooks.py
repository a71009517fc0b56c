"""What hooks cost: `python -m tests.benchmarks.hooks [--size 10000] [--runs 41] [--quiet]`.

Whole processes as ratios to bare Python starts of the same rounds, beside four processes that write memories into other
sessions of the same store all the time; and what `git commit` costs more with our hooks in place.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from memcli.state import hook_log
from tests.benchmarks import corpus
from tests.benchmarks.timing import Figure, Program, figure, interleaved, percentile

WRITERS, PAUSE = 4, 0.25
RECORDING = ("stop", "subagent-stop", "pre-compact", "post-compact", "session-end")
GIT = (("post-commit",), ("post-merge", "0"), ("post-checkout", "a", "b", "1"))
_WRITE = """
import subprocess, sys, time
number = 0
while True:
    subprocess.run([*sys.argv[3:], "add", "--session", sys.argv[1], f"writer {sys.argv[1]} notes matter {number}"],
                   capture_output=True)
    number += 1
    time.sleep(float(sys.argv[2]))
"""


class Hooks:
    """One store and a harness that calls its hooks."""

    def __init__(self, program: Program, place: Path, size: int, runs: int) -> None:
        self.program, self.place, self.size, self.runs = program, place, size, runs
        self.calls = 0

    def figures(self, writers: int) -> Iterator[Figure]:
        """All figures."""
        yield from self.events(writers)
        yield from self._commits()

    def events(self, writers: int) -> Iterator[Figure]:
        """The figures of harness and git events, before the noise of so many writers."""
        corpus.build(self.place, self.size)
        self.program.run([*self.program.mem, "recall", corpus.query(0)], self.place)
        self._event("session-start", "one", source="startup")
        with self._writing(writers):
            yield from self._recording()
            yield from self._answering()

    def _recording(self) -> Iterator[Figure]:
        for event in RECORDING:
            yield self._timed(f"`{event}`", "p95 4 B", lambda _, event=event: [self._event(event, "one")])
        for words in GIT:
            command = [*self.program.mem, "hook", "git", *words]
            yield self._timed(f"`git {words[0]}`", "p95 4 B",
                              lambda _, command=command: [self.program.run(command, self.place)])  # fmt: skip

    def _answering(self) -> Iterator[Figure]:
        paths = [corpus.memory(number * 67 % self.size // 2 * 2).paths[0].path for number in range(self.runs)]
        yield self._timed("`pre-edit`", "8 B", lambda number: [
            self._event("pre-edit", "one", tool_input={"file_path": str(self.place / paths[number])})])  # fmt: skip
        yield self._timed("`prompt`, hybrid", "20 B", lambda number: [
            self._event("prompt", "one", prompt=corpus.query(number * 61 % self.size))])  # fmt: skip
        self.program.run(["git", "config", "mem.embedder", "none"], self.place)
        yield self._timed("`prompt`, lexical", "12 B", lambda number: [
            self._event("prompt", "one", prompt=corpus.query(number * 61 % self.size))])  # fmt: skip
        self.program.run(["git", "config", "--unset", "mem.embedder"], self.place)
        yield self._timed("`session-start`, a new session", "30 B", lambda number: [
            self._event("session-start", f"new-{number}", source="startup")])  # fmt: skip
        yield self._timed("`session-start`, after compaction", "30 B", lambda number: [
            self._event("session-start", f"new-{number}", source="compact")])  # fmt: skip

    def _timed(self, name: str, budget: str, work: object) -> Figure:
        (times,) = interleaved(self.runs, lambda: self.program.bare(self.place), work)  # type: ignore[arg-type]
        return figure(name, self.size, times, budget)

    def _event(self, event: str, session: str, **payload: object) -> float:
        """Seconds of one hook, answered and left."""
        said = json.dumps({"session_id": session, "cwd": str(self.place), **payload}).encode()
        began = time.perf_counter()
        done = subprocess.run(
            [*self.program.mem, "hook", "claude", event],
            cwd=self.place, env=self.program.environment, input=said, capture_output=True, check=True,
        )  # fmt: skip
        seconds = time.perf_counter() - began
        failures = [line for _, lines in hook_log.read(str(self.place / ".git" / "mem")).values() for line in lines]
        if done.stderr or failures:  # a hook that fails is silent, and quick
            raise RuntimeError(done.stderr.decode(errors="replace") or failures[-1])
        return seconds

    @contextmanager
    def _writing(self, count: int) -> Iterator[None]:
        """That many processes which add memories, one after the other, each in its own session."""
        command = [sys.executable, "-c", _WRITE]
        started = [
            subprocess.Popen([*command, f"writer-{number}", str(PAUSE), *self.program.mem], cwd=self.place,
                             env=self.program.environment, start_new_session=True)
            for number in range(count)
        ]  # fmt: skip
        try:
            yield
        finally:
            for one in started:
                os.killpg(one.pid, signal.SIGKILL)
                one.wait()

    def _commits(self) -> Iterator[Figure]:
        """`git commit` with and without our hooks, in turns."""
        bare = [self._commit(number) for number in range(3)][1:]
        plain, hooked, told = list[float](), list[float](), list[float]()
        for number in range(self.runs):
            self._hooks("uninstall")
            plain.append(self._commit(number))
            self._hooks("install")
            hooked.append(self._commit(number))
            self._hooks("install", "--trailer")
            told.append(self._commit(number))
            self._hooks("install", "--no-trailer")
        base = statistics.median([*bare, *plain])
        for name, times, budget in (
            ("`git commit`, without", plain, "–"),
            ("`git commit`, default hooks: overhead", hooked, "15 ms"),
            ("`git commit`, with the trailer too: overhead", told, "–"),
        ):
            less = 0 if times is plain else base
            more = sorted((one - less) * 1000 for one in times)
            yield Figure(name, self.size, statistics.median(more), percentile(more, 0.95), "ms", budget, self.runs)

    def _hooks(self, verb: str, *more: str) -> None:
        self.program.run([*self.program.mem, "hooks", verb, "--git", *more, "-q"], self.place)

    def _commit(self, number: int) -> float:
        time.sleep(0.3)  # what the last one left running in the background is not this one's cost
        command = ["git", "commit", "-q", "--allow-empty", "-m", f"commit {number}"]
        return self.program.run(command, self.place)


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.hooks", description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=41, help="rounds of each figure")
    parser.add_argument("--quiet", action="store_true", help="without the four writers")
    said = parser.parse_args(words)
    print("| work | memories | median | p95 | budget |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        program = Program(Path(scratch) / "home")
        os.environ.clear()
        os.environ.update(program.environment)
        hooks = Hooks(program, Path(scratch) / "store", said.size, said.runs)
        for one in hooks.figures(0 if said.quiet else WRITERS):
            print(one.row(), flush=True)


if __name__ == "__main__":
    main()
