"""Many pairs of agents at once: `python -m tests.harness.soak 50 claude codex` prints what went wrong, if anything."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.harness.network import stub_network
from tests.harness.pairs import PairOutcome, play_pair, prepare_pairs
from tests.harness.programs import HarnessProgram, chosen, install
from tests.harness.room import Room

PAIRS_PER_ROOM = 5
"""Pairs in one repository, so that sessions of earlier ones are there too."""


def soak(room: Room, pairs: range) -> list[PairOutcome]:
    """The outcome of each pair, in one checkout and in two worktrees by turns."""
    room.prepare()
    room.run("mem", "init")
    prepare_pairs(room)
    return [play_pair(room, f"p{number}", two_worktrees=number % 2 == 1) for number in pairs]


def main(pairs: int, programs: list[HarnessProgram]) -> int:
    """Run that many pairs of each program; 1 if one of them went wrong."""
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="soak-") as name, stub_network(Path(name) / "stub") as network:
        for program in programs:
            assert not install(program), program.problem
            for first in range(0, pairs, PAIRS_PER_ROOM):
                room = Room(Path(name) / f"{program.name}-{first}", network, program)
                outcomes = soak(room, range(first, min(pairs, first + PAIRS_PER_ROOM)))
                bad = [outcome for outcome in outcomes if not outcome.is_right]
                wrong += len(bad)
                print(f"{program.name}: {first + len(outcomes)} pairs, {len(bad)} wrong", *bad, flush=True)
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), chosen(" ".join(sys.argv[2:]) or "claude codex")))
