"""`mem demo`: the road on real input, in a scratch clone that touches nothing of the user's.

Every step is a real command run as its own process; its words and what it printed are shown as they are.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import typer

from memcli.cli.options import Call
from memcli.config import persons_environment
from memcli.errors import Failure

MAX_LINES = 14
_NOTE = "Releases are cut from tags: the tag starts the build, nobody builds a release by hand.\n"


@dataclass
class _Walk:
    """The scratch clone and the commands run in it."""

    place: Path

    def say(self, words: str) -> None:
        typer.echo("\n" + typer.style(f"# {words}", bold=True))

    def mem(self, *arguments: str, agent: bool = False, expect: int = 0, lines: int = MAX_LINES) -> str:
        """Run one command, show it and what it printed, and return its stdout. Raises Failure for a wrong exit code."""
        who = ["mem", "--agent", "claude-code", "--session", "release-notes"] if agent else ["mem"]
        shown = " ".join([*who, *map(shlex.quote, arguments)])
        typer.echo(typer.style(f"$ {shown}", fg="cyan"))
        done = self._run(arguments, agent)
        for line in _shortened((done.stdout + done.stderr).rstrip("\n").splitlines(), lines):
            typer.echo(f"  {line}")
        if done.returncode != expect:
            raise Failure(
                f"the demo's 'mem {arguments[0]}' ended with {done.returncode}, not {expect}",
                "'mem doctor' looks closer",
            )
        if expect:
            typer.echo(f"  (exit {done.returncode})")
        return done.stdout

    def data(self, *arguments: str) -> dict[str, object]:
        """A command's JSON, not shown."""
        found: dict[str, object] = json.loads(self._run((*arguments, "--json"), agent=False).stdout)["data"]
        return found

    def _run(self, arguments: tuple[str, ...], agent: bool) -> subprocess.CompletedProcess[str]:
        identity = ("--agent", "claude-code", "--session", "release-notes") if agent else ()
        command = [sys.executable, "-m", "memcli", *identity, *arguments]
        return subprocess.run(
            command,
            cwd=self.place,
            env=persons_environment(),
            text=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )


def _shortened(lines: list[str], most: int) -> list[str]:
    return lines if len(lines) <= most else [*lines[:most], f"… {len(lines) - most} more lines"]


def walk(call: Call, keep: bool) -> None:
    """Clone the repository we are in to a scratch directory and walk the road there."""
    layout = call.workspace.layout
    scratch = Path(tempfile.mkdtemp(prefix="mem-demo-"))
    try:
        place = scratch / "repository"
        _git(Path.cwd(), "clone", "--quiet", "--no-hardlinks", str(layout.worktree or layout.common_dir), str(place))
        walked = _Walk(place)
        for part in (_bootstrap, _agent_session, _recall, _history):
            part(walked)
        walked.say("The user's own branch, index and files are as they were")
        typer.echo(f"  git status --short: {_git(place, 'status', '--short') or '(clean)'}")
    finally:
        if keep:
            typer.echo(f"\nThe scratch repository is {scratch / 'repository'}")
        else:
            shutil.rmtree(scratch, ignore_errors=True)


def _git(directory: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=directory, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise Failure(
            f"git {arguments[0]}: {done.stderr.strip()}", "the demo needs a repository with a commit: run it in one"
        )
    return done.stdout.strip()


def _bootstrap(walked: _Walk) -> None:
    walked.say("A memory in the repository itself, begun from what it already knows")
    walked.mem("init")
    walked.mem("bootstrap")
    if walked.data("session", "list")["sessions"]:  # a repository without documents has nothing to begin with
        walked.mem("review", "bootstrap")
        walked.mem("promote", "bootstrap", "--yes")


def _agent_session(walked: _Walk) -> None:
    walked.say("An agent's session: a line of its own, and a directory for its text editor")
    walked.mem("session", "start", "release-notes", "--task", "how releases are made", "--worktree", agent=True)
    walked.mem("add", "The tag check compares pyproject.toml with the tag: a mismatch stops the release.", agent=True)
    note = walked.place / ".mem" / "release-notes" / "procedural" / "release" / "tags.md"
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(_NOTE, encoding="utf-8")
    typer.echo(typer.style(f"$ echo '{_NOTE.strip()}' > {note.relative_to(walked.place)}", fg="cyan"))
    walked.mem("session", "save", agent=True)
    walked.say("It cannot approve itself; a person reads the page and promotes")
    walked.mem("promote", "release-notes", "--yes", agent=True, expect=6)
    walked.mem("review", "release-notes", lines=24)
    walked.mem("promote", "release-notes", "--yes")


def _recall(walked: _Walk) -> None:
    walked.say("Recall, for whoever comes next")
    walked.mem("recall", "who builds a release?", "-n", "3")
    walked.mem("recall", "tag mismatch", "-n", "1", "--explain")


def _history(walked: _Walk) -> None:
    walked.say("Where does it come from, and how is it taken back?")
    found = walked.data("recall", "tag mismatch", "-n", "1")
    hits = found["hits"]
    memory_id = hits[0]["id"] if isinstance(hits, list) and hits else ""
    walked.mem("why", memory_id[-6:])
    walked.mem("undo")
    walked.mem("log", "-n", "1", lines=4)
    walked.mem("status")
