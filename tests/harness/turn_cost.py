"""What hooks cost a whole turn: `python -m tests.harness.turn_cost [codex] [--runs 9]`, with and without in turns."""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.harness.network import stub_network
from tests.harness.programs import chosen, install
from tests.harness.room import Room
from tests.harness.script_steps import DONE, KNOWN, PATH


def seconds(room: Room) -> float:
    """The time of one turn that reads a file."""
    start = time.perf_counter()
    turn = room.play([{"read": PATH}, DONE])
    assert turn.code == 0, turn.err
    return time.perf_counter() - start


def compare(bare: Room, hooked: Room, runs: int) -> tuple[list[float], list[float]]:
    """(times without hooks, times with them), the first pair left out."""
    for room in (bare, hooked):
        room.prepare()
        room.call_directly()
        room.run("mem", "init")
        room.run("mem", "add", KNOWN, "--promote")
    hooked.run("mem", "hooks", "install", "--git", "--agent", hooked.program.adapter)
    pairs = [(seconds(bare), seconds(hooked)) for _ in range(runs + 1)][1:]
    return [without for without, _ in pairs], [with_hooks for _, with_hooks in pairs]


def main(name: str, runs: int) -> None:
    """Print the medians, their ratio and the load of the machine."""
    (program,) = chosen(name)
    if problem := install(program):
        sys.exit(problem)
    with tempfile.TemporaryDirectory(prefix="turns-") as place, stub_network(Path(place) / "stub") as network:
        bare, hooked = (Room(Path(place) / part, network, program) for part in ("bare", "hooked"))
        without, with_hooks = compare(bare, hooked, runs)
    ratio = statistics.median(after / before for before, after in zip(without, with_hooks, strict=True))
    print(
        f"{program.name}: {statistics.median(without):.2f} s without hooks, {statistics.median(with_hooks):.2f} s with"
    )
    print(
        f"{ratio:.2f} times; {runs} runs of each by turns, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    )


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("program", nargs="?", default="codex")
    options.add_argument("--runs", type=int, default=9)
    parsed = options.parse_args()
    main(parsed.program, parsed.runs)
