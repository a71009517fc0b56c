"""The tour of `mem demo`: real commands, each in its own process, in a scratch clone of the repository."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memcli.cli.views.tour import show_command, show_heading, show_output
from memcli.config import personal_environment
from memcli.errors import Failure

AGENT = ("--agent", "claude-code", "--session", "release-notes")
MAX_LINES = 14
_MEMORY = "Releases are cut from tags: the tag starts the build, nobody builds a release by hand.\n"


@dataclass
class _Tour:
    """The scratch clone, and the commands run in it."""

    clone: Path

    def mem(self, *arguments: str, agent: bool = False, expect: int = 0, lines: int = MAX_LINES) -> None:
        """Run a command and show it with its output. Raises Failure where it exits with another code."""
        words = [*(AGENT if agent else ()), *arguments]
        command = shlex.join(["mem", *words])
        show_command(command)
        process = self._run(words)
        output = (process.stdout + process.stderr).rstrip("\n").splitlines()
        show_output([*_shortened(output, lines), *([f"(exit {expect})"] if expect else [])])
        if process.returncode != expect:
            raise Failure(f"'{command}' exited with {process.returncode} instead of {expect}", "run 'mem doctor'")

    def data(self, *arguments: str) -> dict[str, Any]:
        """The JSON data of a command that is not shown."""
        data: dict[str, Any] = json.loads(self._run([*arguments, "--json"]).stdout)["data"]
        return data

    def _run(self, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "memcli", *arguments],
            cwd=self.clone,
            env=personal_environment(),
            text=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )


def _shortened(lines: list[str], limit: int) -> list[str]:
    return lines if len(lines) <= limit else [*lines[:limit], f"… {len(lines) - limit} more lines"]


def run_tour(repository: str, keep: bool) -> None:
    """Clone the repository into a scratch directory and run the tour there; `keep` leaves the clone."""
    scratch = Path(tempfile.mkdtemp(prefix="mem-demo-"))
    clone = scratch / "repository"
    try:
        _git(Path.cwd(), "clone", "--quiet", "--no-hardlinks", repository, str(clone))
        tour = _Tour(clone)
        for part in (_set_up, _work_as_agent, _recall, _trace_and_undo):
            part(tour)
        show_heading("Your own branch, index and files are unchanged")
        show_output([f"git status --short: {_git(clone, 'status', '--short') or '(clean)'}"])
    finally:
        if keep:
            show_heading(f"The scratch clone is {clone}")
        else:
            shutil.rmtree(scratch, ignore_errors=True)


def _git(directory: Path, *arguments: str) -> str:
    process = subprocess.run(["git", *arguments], cwd=directory, text=True, capture_output=True, check=False)
    if process.returncode != 0:
        raise Failure(f"git {arguments[0]}: {process.stderr.strip()}", "run the demo in a repository that has a commit")
    return process.stdout.strip()


def _set_up(tour: _Tour) -> None:
    show_heading("Set up memory, and propose memories from what the repository already documents")
    tour.mem("init")
    tour.mem("bootstrap")
    if tour.data("session", "list")["sessions"]:  # a repository without documents yields no proposals
        tour.mem("review", "bootstrap")
        tour.mem("promote", "bootstrap", "--yes")


def _work_as_agent(tour: _Tour) -> None:
    show_heading("An agent works in a session of its own, with commands or in a directory of files")
    tour.mem("session", "start", "release-notes", "--task", "how releases are made", "--worktree", agent=True)
    tour.mem("add", "The tag check compares pyproject.toml with the tag: a mismatch stops the release.", agent=True)
    file = tour.clone / ".mem" / "release-notes" / "procedural" / "release" / "tags.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_MEMORY, encoding="utf-8")
    show_command(f"echo '{_MEMORY.strip()}' > {file.relative_to(tour.clone)}")
    tour.mem("session", "save", agent=True)
    show_heading("The agent cannot approve its own session; a person reviews and promotes it")
    tour.mem("promote", "release-notes", "--yes", agent=True, expect=6)
    tour.mem("review", "release-notes", lines=24)
    tour.mem("promote", "release-notes", "--yes")


def _recall(tour: _Tour) -> None:
    show_heading("Recall it")
    tour.mem("recall", "who builds a release?", "-n", "3")
    tour.mem("recall", "tag mismatch", "-n", "1", "--explain")


def _trace_and_undo(tour: _Tour) -> None:
    show_heading("See where it comes from, and undo the promotion")
    hits = tour.data("recall", "tag mismatch", "-n", "1")["hits"]
    tour.mem("why", hits[0]["id"][-6:] if hits else "")
    tour.mem("undo")
    tour.mem("log", "-n", "1", lines=4)
    show_heading("See what waits for you, and what became of each author's proposals")
    tour.mem()
    tour.mem("stats", "--by", "agent", lines=20)
