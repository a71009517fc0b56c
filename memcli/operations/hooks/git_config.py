"""Hooks in the repository's own configuration, as git 2.54 and later run them.

git writes and removes them in a copy, which then replaces the file as git itself replaces it. So a change can be shown
before it is made, and uninstalling gives back the very bytes.
"""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from memcli.core.text.hooks_json import CannotEdit
from memcli.errors import Failure
from memcli.git.command import run_git
from memcli.operations.hooks.edits import Inserted, Origins

PREFIX = "memcli-"
NO_LINE_END = "last line end"
"""The origin of a file whose last line had no end: git adds one."""


@dataclass(frozen=True)
class ConfigHooks:
    """`hook.memcli-<event>` for each event; `commands`: event → command line."""

    commands: Mapping[str, str]

    @property
    def snippet(self) -> str:
        return "".join(f"git config --local {name} {shlex.quote(value)}\n" for name, value in self._wanted())

    def _wanted(self) -> Iterator[tuple[str, str]]:
        for event, command in self.commands.items():
            yield f"hook.{PREFIX}{event}.event", event
            yield f"hook.{PREFIX}{event}.command", command

    def is_present(self, data: bytes) -> bool:
        return bool(_own_settings(data))

    def is_current(self, data: bytes) -> bool:
        return _own_settings(data) == set(self._wanted())

    def insert(self, before: bytes | None) -> Inserted:
        with _copy(before or b"") as file:
            for name, value in self._wanted():
                _git_config(file, name, value)
            is_unended = before and not before.endswith(b"\n")
            return Inserted(file.read_bytes(), {NO_LINE_END: None} if is_unended else {})

    def remove(self, data: bytes, origins: Origins) -> bytes | None:
        sections = {name.rpartition(".")[0] for name, _ in _own_settings(data)}
        with _copy(data) as file:
            for section in sorted(sections):
                _git_config(file, "--remove-section", section)
            left = file.read_bytes()
        return left.removesuffix(b"\n") if NO_LINE_END in origins else left


def config_command(script: str) -> str:
    """A script as one command line to which git can append its arguments."""
    return shlex.join(["sh", "-c", script, "mem"])


@contextmanager
def _copy(data: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mem-") as directory:
        file = Path(directory) / "config"
        file.write_bytes(data)
        yield file


def _own_settings(data: bytes) -> set[tuple[str, str]]:
    with _copy(data) as file:
        output = _git_config(file, "--null", "--list")
    settings = (entry.partition("\n") for entry in output.split("\0") if entry)
    return {(name, value) for name, _, value in settings if name.startswith(f"hook.{PREFIX}")}


def _git_config(file: Path, *arguments: str) -> str:
    try:
        return run_git(None, "config", "--file", str(file), *arguments)
    except Failure as error:
        raise CannotEdit(error.message) from error
