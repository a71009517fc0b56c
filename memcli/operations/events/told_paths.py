"""The code paths whose constraints an agent has been told, so that it is told each once, whatever the door: a prompt, a
read, an edit. A sub-agent has a context of its own, and is told again.

Each list is a file beside the session's mark, one path a line; where it cannot be written, the same is told again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from memcli.state.liveness import marks_dir
from memcli.system.file_modes import make_directory

MOST_DELEGATED = 20
"""Paths that a sub-agent is told about at its start, the last that were named."""


@dataclass(frozen=True)
class PathList:
    """Paths, in the order in which they were added."""

    file: Path

    def read(self) -> list[str]:
        try:
            return self.file.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return []

    def add(self, paths: Iterable[str]) -> None:
        lines = "".join(f"{path}\n" for path in paths)
        with suppress(OSError):
            make_directory(self.file.parent)
            with self.file.open("a", encoding="utf-8") as stream:
                stream.write(lines)

    def clear(self) -> None:
        with suppress(OSError):
            self.file.unlink(missing_ok=True)


def told_paths(mem_dir: str, session: str, subagent: str = "") -> PathList:
    """The paths that the agent of a session has been told about, or one of its sub-agents."""
    name = re.sub(r"[^A-Za-z0-9_-]", "", subagent)[:64]
    return PathList(Path(marks_dir(mem_dir), f"{session}.told" + (f".{name}" if name else "")))


def delegated_paths(mem_dir: str, session: str) -> PathList:
    """The paths that the tasks of a session's sub-agents name."""
    return PathList(Path(marks_dir(mem_dir), f"{session}.delegated"))
