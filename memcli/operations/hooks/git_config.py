"""Hooks in the repository's own configuration, as git 2.54 and later run them: written and removed by git itself.

git works on a copy, and the result takes the place of the file the way git does it; so it can be shown before, and be
the very bytes again that were there.
"""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from memcli.core.text.hooks_json import Unfit
from memcli.errors import Failure
from memcli.git.command import git
from memcli.operations.hooks.edits import Added, Origins

PREFIX = "memcli-"


@dataclass(frozen=True)
class Configured:
    """`hook.memcli-<event>` for each event; `commands`: event → command line."""

    commands: Mapping[str, str]

    @property
    def snippet(self) -> str:
        return "".join(
            f"git config --local hook.{PREFIX}{event}.{key} {shlex.quote(value)}\n"
            for event, command in self.commands.items()
            for key, value in (("event", event), ("command", command))
        )

    def holds(self, data: bytes) -> bool:
        return any(name.startswith(f"hook.{PREFIX}") for name, _ in _settings(data))

    def is_current(self, data: bytes) -> bool:
        found = {(name, value) for name, value in _settings(data) if name.startswith(f"hook.{PREFIX}")}
        wanted = {(f"hook.{PREFIX}{event}.{key}", value) for event, command in self.commands.items()
                  for key, value in (("event", event), ("command", command))}  # fmt: skip
        return found == wanted

    def added(self, before: bytes | None) -> Added:
        with _copy(before or b"") as file:
            for event, command in self.commands.items():
                for key, value in (("event", event), ("command", command)):
                    _git(file, f"hook.{PREFIX}{event}.{key}", value)
            unended = before and not before.endswith(b"\n")  # git ends the last line
            return Added(file.read_bytes(), {"last line end": None} if unended else {})

    def taken(self, data: bytes, origins: Origins) -> bytes | None:
        names = {name.rpartition(".")[0] for name, _ in _settings(data) if name.startswith(f"hook.{PREFIX}")}
        with _copy(data) as file:
            for name in sorted(names):
                _git(file, "--remove-section", name)
            left = file.read_bytes()
        return left.removesuffix(b"\n") if "last line end" in origins else left


def command_line(script: str) -> str:
    """A script as one command to which git can append its arguments."""
    return shlex.join(["sh", "-c", script, "mem"])


@contextmanager
def _copy(data: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mem-") as place:
        file = Path(place) / "config"
        file.write_bytes(data)
        yield file


def _settings(data: bytes) -> list[tuple[str, str]]:
    with _copy(data) as file:
        said = _git(file, "--null", "--list")
    pairs = (entry.partition("\n") for entry in said.split("\0") if entry)
    return [(name, value) for name, _, value in pairs]


def _git(file: Path, *words: str) -> str:
    try:
        return git(file.parent, "config", "--file", str(file), *words)
    except Failure as error:
        raise Unfit(error.message) from error
