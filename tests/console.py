"""Console blocks of markdown, run: every `$ …` line in a sealed scratch repository, with what it prints below it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TIME_AGO = re.compile(r"(?:(?<=  ) +)?\b(?:just now|\d+ (?:min|h|d) ago)\b(?: +(?=  ))?")
"""A relative time, with the spaces that fill its column."""
_BLOCK = re.compile(r"(?s)```console\n(.*?)```")


_FILES = {
    "src/payments.py": "RETRIES = 7\n",
    "docs/adr/0001-ledger.md": """# 1. The ledger lives in Postgres

## Status

Accepted

## Decision

The ledger lives in Postgres, because a payment and its bookings must be one transaction.
""",
    "docs/adr/0002-invoices.md": """# 2. Invoices are rendered by a worker

## Status

Proposed

## Decision

Invoices are rendered by a worker of their own, because a PDF takes up to 8 s and must not block a request.
""",
    "CONTRIBUTING.md": """# Contributing

## Before you push

Run `make check`: it must pass, because the release job starts from `main` at once.
Never edit `src/payments.py` without a test in `tests/payments`.
""",
}
"""What the repository holds: what `mem bootstrap` finds, and what it does not read."""


class Console:
    """A scratch repository `shop` with a file of code, two decision records and a guide, and a person called Ada who
    types there."""

    def __init__(self, place: Path) -> None:
        self._home, self._repository = place, place / "shop"
        for path, text in _FILES.items():
            (self._repository / path).parent.mkdir(parents=True, exist_ok=True)
            (self._repository / path).write_text(text, encoding="utf-8")
        for command in ("git init -q -b main .", "git add -A", "git commit -q -m begin"):
            self.run(command)

    def run(self, line: str) -> str:
        """What a command prints, on both streams."""
        return self.execute(line)[0]

    def execute(self, line: str) -> tuple[str, int]:
        """What a command prints, on both streams, and its exit code."""
        words = shlex.split(line)
        program = [sys.executable, "-m", "memcli"] if words[0] == "mem" else words[:1]
        done = subprocess.run(
            [*program, *words[1:]],
            cwd=self._repository, env=self._environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        return done.stdout, done.returncode

    def _environment(self) -> dict[str, str]:
        identity = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
                    for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"))}  # fmt: skip
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONPATH": str(ROOT),
            "USER": "ada",
            "TZ": "UTC",
            **identity,
        }

    def play(self, text: str) -> str:
        """The markdown with the output of every console command as it is when run from top to bottom."""

        def block(match: re.Match[str]) -> str:
            commands = [line for line in match[1].splitlines() if line.startswith("$ ")]
            return "```console\n" + "".join(f"{line}\n{self.run(line[2:])}" for line in commands) + "```"

        return _BLOCK.sub(block, text)
