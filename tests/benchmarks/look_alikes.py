"""How the time of `mem review` and `mem promote` grows with look-alike candidates.

`python -m tests.benchmarks.look_alikes [--counts 125,250,500,1000,2000] [--shapes form,names]`: one session with so
many candidates of one shape; whole processes. Each line has the processor seconds, how many times those of the count
before, and the number of findings. The budget is 10 s for 2,000, and 2.2 times for twice as many.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.timing import Program

Draft = dict[str, Any]
_PARTS = ["ka", "lo", "mi", "ru", "ta", "ve", "zo", "ni", "pe", "su"]


def _name(number: int) -> str:
    """An invented word, another one for each number below 100,000."""
    return "".join(_PARTS[int(digit)] for digit in f"{number:05}")


def _form(number: int) -> Draft:
    return {"body": f"Fact number {number} about the retry queue of subsystem {number * 17}."}


def _day(number: int) -> str:
    return f"{2000 + number // 336}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"


SHAPES: dict[str, Callable[[int], Draft]] = {
    "form": _form,
    "one topic": lambda number: {**_form(number), "topic": "queues"},
    "one title": lambda number: {**_form(number), "title": "The retry queue"},
    "keys": lambda number: {**_form(number), "key": f"queue.{number}"},
    "one key": lambda number: {**_form(number), "key": "queue"},
    "one key dated": lambda number: {**_form(number), "key": "queue", "valid_from": _day(number)},
    "names": lambda number: {"body": f"The service {_name(number)} retries {number % 9} times before it gives up."},
    "pools": lambda number: {
        "body": f"The service {_name(number % 50)} keeps {_name(number // 50)} for {number} days."
    },
    "copies": lambda number: {"body": "The retry queue owns webhook failures.", "title": f"Copy {number}"},
    "marked": lambda number: {"body": f"The retry queue owns webhook failures{' *' * number}"},
    "pairs": lambda number: {
        "body": f"The {_name(number // 2)} of {_name(number // 2 + 7)} is kept {number % 2} days."
    },
    "paragraphs": lambda number: {
        "body": " ".join(f"{_name(number * 7 + each)} calls {_name(each)} of the ledger." for each in range(12))
    },
}


def rows(program: Program, scratch: Path, shapes: Sequence[str], counts: Sequence[int]) -> Iterator[str]:
    """A line of the table for each shape and count."""
    for shape in shapes:
        before: tuple[float, ...] = ()
        for count in counts:
            place = scratch / f"{shape}-{count}".replace(" ", "-")
            findings, times = _measured(program, place, [SHAPES[shape](number) for number in range(1, count + 1)])
            growth = [f"{now / then:.2f}" for now, then in zip(times, before, strict=False)] or ["", ""]
            cells = (
                shape,
                f"{count:,}",
                f"{times[0]:.2f} s",
                growth[0],
                f"{times[1]:.2f} s",
                growth[1],
                f"{findings:,}",
            )
            yield f"| {' | '.join(cells)} |"
            before = times


def _measured(program: Program, place: Path, drafts: Sequence[Draft]) -> tuple[int, tuple[float, float]]:
    """(number of findings, seconds of a review and of a promotion) of a session with these candidates."""
    place.mkdir()
    for words in (["git", "init", "-q"], ["git", "commit", "-q", "--allow-empty", "-m", "start"]):
        program.run(words, place)
    program.run([*program.mem, "init"], place)
    lines = "\n".join(map(json.dumps, drafts))
    _output(program, place, "add", "--batch", "-", "--json", input=lines)
    review = _seconds(program, place, "review --json >review.json")
    findings = json.loads((place / "review.json").read_text())["data"]["findings"]
    return len(findings), (review, _seconds(program, place, "promote --yes"))


def _seconds(program: Program, place: Path, words: str) -> float:
    """Processor seconds of a command, whatever its exit code: what is blocked is reviewed as well."""
    before = os.times()
    program.run(["sh", "-c", f"{' '.join(program.mem)} {words} || true"], place)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def _output(program: Program, place: Path, *words: str, input: str) -> str:
    done = subprocess.run(
        [*program.mem, *words], cwd=place, env=program.environment, input=input, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def main(words: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.look_alikes", description=__doc__)
    parser.add_argument("--counts", default="125,250,500,1000,2000")
    parser.add_argument("--shapes", default=",".join(SHAPES))
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as scratch:
        program = Program(Path(scratch) / "home")
        os.environ.clear()
        os.environ.update(program.environment)
        print("| shape | candidates | review | growth | promote | growth | findings |")
        print("|---|--:|--:|--:|--:|--:|--:|")
        for row in rows(program, Path(scratch), options.shapes.split(","), list(map(int, options.counts.split(",")))):
            print(row, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
