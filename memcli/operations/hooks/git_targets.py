"""Which files get the git hooks of a repository, by what manages its hooks.

git 2.54 and later: its configuration. Else husky, lefthook or pre-commit where they are in use: an entry in their own
files, only on request. Else a block in the script that git runs. `core.hooksPath` is never set, and no hook of anybody
else is moved or copied.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from memcli.core.text.hooks_yaml import SHEBANG, script_block, script_commands
from memcli.core.text.marked_block import has_block, insert_after_shebang, shell_script_problem
from memcli.git.command import ask_git
from memcli.operations.hooks.edits import BlockEdit
from memcli.operations.hooks.file_change import Target, unwanted
from memcli.operations.hooks.git_config import PREFIX, ConfigHooks, config_command
from memcli.operations.hooks.git_hooks import ALL_EVENTS, EVENTS, TRAILER, GitHooks
from memcli.operations.hooks.manager_targets import manager_targets
from memcli.operations.hooks.shipped import git_hook


def targets_to_install(hooks: GitHooks, events: Sequence[str], write: bool) -> Iterator[Target]:
    """The files to change, and those in which another way of installing has left hooks. `write`: also files of tools
    that manage hooks."""
    if hooks.uses_config:
        yield config_target(hooks, events)
        yield from map(unwanted, (*script_targets(hooks, ALL_EVENTS), *manager_targets(hooks, ALL_EVENTS)))
        return
    managed = [
        target if write or _is_present(target) else _refusing(target) for target in manager_targets(hooks, events)
    ]
    yield from managed or script_targets(hooks, events)
    left_out = [event for event in ALL_EVENTS if event not in events]
    yield from map(unwanted, script_targets(hooks, ALL_EVENTS if managed else left_out))


def targets_to_remove(hooks: GitHooks) -> Iterator[Target]:
    """Every file that could have hooks of ours."""
    yield unwanted(config_target(hooks, ALL_EVENTS))
    for targets in (script_targets, manager_targets, stale_targets):
        yield from map(unwanted, targets(hooks, ALL_EVENTS))


def installed_events(hooks: GitHooks) -> tuple[str, ...]:
    """The events that an install without options covers: the trailer stays where it is installed."""
    return ALL_EVENTS if has_trailer(hooks) else EVENTS


def has_trailer(hooks: GitHooks) -> bool:
    """Whether the hook that adds the trailer is installed."""
    targets = (*script_targets(hooks, (TRAILER,)), *manager_targets(hooks, (TRAILER,)))
    call = f"hook git {TRAILER}".encode()
    in_config = ask_git(hooks.layout.git_dir, "config", "--local", "--get", f"hook.{PREFIX}{TRAILER}.event")
    return bool(in_config) or any(call in target.path.read_bytes() for target in targets if _is_present(target))


def config_target(hooks: GitHooks, events: Sequence[str]) -> Target:
    """The repository's configuration."""
    commands = {event: config_command(script_commands(git_hook(event), hooks.launcher)) for event in events}
    return Target("git", "local", Path(hooks.layout.common_dir, "config"), ConfigHooks(commands), git_lock=True)


def script_targets(hooks: GitHooks, events: Sequence[str]) -> Iterator[Target]:
    """The scripts that git runs. Husky's are left alone: husky rewrites them at every install."""
    if hooks.husky:
        return
    for event, file in hooks.scripts(events).items():
        edit = _script_edit(event, hooks.launcher_for(file))
        yield Target("git", "local", file, edit, mode=0o755, problem=_file_problem(file))


def stale_targets(hooks: GitHooks, events: Sequence[str]) -> Iterator[Target]:
    """Scripts of ours in the repository's own hooks directory that git no longer runs, due to `core.hooksPath`."""
    own = Path(hooks.layout.common_dir, "hooks")
    if own.resolve() in {file.parent.resolve() for file in hooks.scripts(events).values()}:
        return
    targets = (Target("git", "local", own / event, _script_edit(event, hooks.launcher)) for event in events)
    yield from filter(_is_present, targets)


def _script_edit(event: str, launcher: str) -> BlockEdit:
    block = script_block(git_hook(event), launcher)
    return BlockEdit(block, insert_after_shebang, SHEBANG.encode(), shell_script_problem)


def _file_problem(file: Path) -> str:
    try:
        status = file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    if stat.S_ISLNK(status.st_mode):
        return f"it is a link to {file.readlink()}, which other repositories may use"
    if not stat.S_ISREG(status.st_mode):
        return "it is not a regular file"
    return "" if status.st_mode & 0o111 else f"git does not run it because it is not executable; run 'chmod +x {file}'"


def _is_present(target: Target) -> bool:
    return target.path.is_file() and has_block(target.path.read_bytes())


def _refusing(target: Target) -> Target:
    reason = "another tool manages the hooks here; add this to its file, or use '--write'"
    return replace(target, problem=target.problem or reason)
