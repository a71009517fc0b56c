"""Whether an installed hook reaches `mem`: its command is run with an event that does nothing."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from memcli.errors import MemError
from memcli.system.external_command import CommandOutput, run_external

PATIENCE = 10.0
"""Seconds for one probe."""
DESKTOP_PATH = "/usr/local/bin:/usr/bin:/bin"
"""The PATH of programs that a desktop starts."""


@dataclass(frozen=True)
class Probe:
    """Runs probes in a directory. `environment` is that of this call without its session and repository."""

    directory: Path
    environment: Mapping[str, str]
    home: Path

    def harness_failure(self, command: str, scope: str) -> str:
        """Why a command did not answer `{}`; empty if it did. Hooks in a home run as a desktop runs them."""
        said = self._run(command, as_desktop=scope == "user")
        if said.failure or said.output.strip() == b"{}":
            return said.failure and f"{command}: {said.failure}"
        return f"{command}: it answered {said.output[:60]!r}"

    def git_failure(self, launcher: str) -> str:
        """Why a git hook did not reach `mem`; empty if it did."""
        command = f"{launcher} hook git probe"
        try:
            said = self._run(f"{command} && echo reached")
        except MemError as error:
            return error.message
        return said.failure and f"{command}: {said.failure}"

    def _run(self, command: str, as_desktop: bool = False) -> CommandOutput:
        environment = {"HOME": str(self.home), "PATH": DESKTOP_PATH} if as_desktop else self.environment
        shell = shlex.join(["sh", "-c", command])
        said = run_external(shell, b"{}", self.directory, environment, PATIENCE)
        return replace(said, failure=said.failure.replace("'sh' ended with exit code 127", "the program was not found"))


def path_warning(commands: list[str]) -> str:
    """A warning for commands that find `mem` by name, where a desktop's programs do not; empty for others."""
    by_name = any(command.startswith("mem ") for command in commands)
    if by_name and shutil.which("mem", path=DESKTOP_PATH) is None:
        return "'mem' is called by name: programs started by a desktop may not find it"
    return ""
