"""Where a repository's git hooks are, and which tool manages them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from memcli.git.command import ask_git
from memcli.git.layout import Layout

EVENTS = ("post-commit", "post-merge", "post-checkout", "post-rewrite")
TRAILER = "prepare-commit-msg"
ALL_EVENTS = (*EVENTS, TRAILER)
CONFIG_HOOKS = (2, 54)
"""The first git that runs hooks from its configuration."""


@dataclass(frozen=True)
class GitHooks:
    """The hooks of one repository; `launcher` calls `mem` from a file of one person."""

    layout: Layout
    launcher: str

    @cached_property
    def root(self) -> Path:
        """The worktree, or the git directory of a bare repository."""
        return Path(self.layout.worktree or self.layout.git_dir)

    @cached_property
    def uses_config(self) -> bool:
        """Whether this git runs hooks from its configuration."""
        version = re.search(r"(\d+)\.(\d+)", ask_git(self.layout.git_dir, "--version"))
        return version is not None and (int(version[1]), int(version[2])) >= CONFIG_HOOKS

    def scripts(self, events: Sequence[str]) -> dict[str, Path]:
        """Event → the script that git runs for it, wherever `core.hooksPath` or a linked worktree puts it."""
        # asked for the path of one hook, git would follow links
        directory = self._ask("rev-parse", "--path-format=absolute", "--git-path", "hooks").rstrip("\n")
        return {event: Path(directory) / event for event in events if directory}

    @cached_property
    def husky(self) -> Path | None:
        """The directory of husky's scripts, if husky manages the hooks: husky 9 points git at its `_`."""
        hooks_path = self._ask("config", "--get", "--type=path", "core.hooksPath").strip()
        directory = self.root / hooks_path
        is_husky = directory.name == "_" and ((directory / "h").is_file() or directory.parent.name == ".husky")
        return directory.parent if hooks_path and is_husky else None

    def first_file(self, names: Sequence[str]) -> Path | None:
        """The first of these files that the worktree has."""
        files = (self.root / name for name in names if self.layout.worktree)
        return next((file for file in files if file.is_file()), None)

    def launcher_for(self, file: Path) -> str:
        """How a file calls `mem`: a committed file is for everybody, so it uses the name."""
        is_in_worktree = self.layout.worktree and file.resolve().is_relative_to(self.root.resolve())
        is_in_git_dir = file.resolve().is_relative_to(Path(self.layout.common_dir).resolve())
        return "mem" if is_in_worktree and not is_in_git_dir else self.launcher

    def _ask(self, *arguments: str) -> str:
        return ask_git(self.layout.git_dir, "-C", str(self.root), *arguments)
