"""Where files of harnesses lie, and how `mem` is called from them."""

from __future__ import annotations

import shlex
import shutil
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from memcli.agents.adapter import Adapter
from memcli.agents.registry import adapters
from memcli.errors import NoStore, Usage
from memcli.git.discovery import discover
from memcli.git.layout import Layout
from memcli.workspace import Homes


@dataclass(frozen=True)
class HarnessPaths:
    """Files in a worktree and in a person's home; `layout` is None outside of repositories."""

    layout: Layout | None
    homes: Homes

    @property
    def tree(self) -> Path | None:
        """The worktree; None where there is none."""
        return Path(self.layout.worktree) if self.layout and self.layout.worktree else None

    @cached_property
    def launcher(self) -> str:
        """The path of `mem`, as a shell word, for files of one person: desktop programs have a short PATH."""
        program = shutil.which("mem") or shutil.which("mem", path=str(Path(sys.executable).parent))
        return shlex.quote(str(Path(program).absolute())) if program else "mem"

    def has(self, pattern: str) -> bool:
        """Whether there is a place for a path of an adapter here."""
        return self.tree is not None or "{tree}" not in pattern

    def path(self, pattern: str, adapter: Adapter) -> Path:
        """A path of an adapter. Raises Usage where it needs a worktree and there is none."""
        if not self.has(pattern):
            raise Usage("a bare repository has no files for a harness", "run it in a worktree, or with '--scope user'")
        homes = self.homes
        own = homes.harnesses.get(adapter.name, homes.home / adapter.directory)
        return Path(pattern.format(tree=self.tree, home=homes.home, config=homes.config, own=own))

    def harnesses_in_use(self) -> list[Adapter]:
        """Harnesses whose program is installed, or that have a directory in the project or the home."""
        roots = [root for root in (self.tree, self.homes.home) if root]
        return [
            adapter
            for adapter in adapters().values()
            if shutil.which(adapter.program) or any((root / adapter.directory).is_dir() for root in roots)
        ]


def find_layout(directory: Path, git_dir: str | None, required: bool) -> Layout | None:
    """The repository around a directory; None if there is none. Raises NoStore if it is required."""
    try:
        return discover(directory, git_dir)
    except NoStore:
        if required:
            raise
        return None
