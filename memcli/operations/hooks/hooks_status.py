"""`mem hooks status`: where our hooks are, whether they are up to date, and whether they reach `mem`."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace

from memcli.agents.adapter import Adapter
from memcli.agents.hook_commands import calls_mem, personal_command, probe_of, without_guard
from memcli.agents.registry import adapters
from memcli.agents.trust import Trust
from memcli.core.text.hooks_json import CannotEdit
from memcli.git.command import ask_git
from memcli.operations.hooks.agent_targets import adapter_named, enabled_plugin, hook_targets
from memcli.operations.hooks.file_change import Target
from memcli.operations.hooks.gates import (
    NOT_IN_LOGIN_SHELL,
    PUT_ON_PATH,
    file_of_main_worktree,
    shells_without_mem,
    trust_of,
)
from memcli.operations.hooks.git_config import PREFIX, ConfigHooks
from memcli.operations.hooks.git_hooks import GitHooks
from memcli.operations.hooks.git_targets import config_target, installed_events, script_targets, stale_targets
from memcli.operations.hooks.harness_paths import HarnessPaths, find_layout
from memcli.operations.hooks.manager_targets import manager_targets
from memcli.operations.hooks.probe import Probe, path_warning
from memcli.operations.hooks.replace_file import read_content
from memcli.workspace import Workspace


@dataclass(frozen=True)
class HookStatus:
    """The hooks in one file; `reachable` None: nothing in it is run. `trust`: whether the harness runs them
    (`agents.trust`), `` where that is not asked; `next`: what a person has to do."""

    agent: str
    scope: str
    file: str
    installed: bool
    current: bool
    reachable: bool | None
    message: str = ""
    next: str = ""
    trust: str = ""

    @property
    def waits(self) -> bool:
        """Whether all is well with the hooks, and a person has to do something before they are run."""
        return self.installed and self.ok and bool(self.next)

    @property
    def ok(self) -> bool:
        return not self.installed or (self.current and self.reachable is not False)


def hooks_status(workspace: Workspace, names: tuple[str, ...] = ()) -> list[HookStatus]:
    """Every file with hooks of ours, and the harnesses in use here that have none. `names`: only these, or `git`."""
    config, homes = workspace.config, workspace.config.homes
    layout = find_layout(config.directory, config.git_dir, required="git" in names)
    paths = HarnessPaths(layout, homes)
    probe = Probe(config.directory, workspace.config.external_environment, homes.home)
    rows = [*_harness_rows(paths, probe, names)]
    if layout and (not names or "git" in names):
        rows += _git_rows(GitHooks(layout, paths.launcher), probe)
    if any(row.installed and row.agent != "git" for row in rows):
        rows += _shell_rows(probe)
    return rows


def _shell_rows(probe: Probe) -> Iterator[HookStatus]:
    for shell in shells_without_mem(probe.environment, probe.directory):
        yield HookStatus("shell", "", shell, True, True, None, NOT_IN_LOGIN_SHELL, PUT_ON_PATH)


def _harness_rows(paths: HarnessPaths, probe: Probe, names: tuple[str, ...]) -> Iterator[HookStatus]:
    in_use = paths.harnesses_in_use()
    named = [adapter_named(name) for name in names if name != "git"]
    for adapter in named or adapters().values():
        scopes = [scope for scope, pattern in adapter.hook_files.items() if paths.has(pattern)]
        rows = [row for scope in scopes for row in _file_rows(paths, probe, adapter, scope)]
        yield from rows
        if not rows and (plugin := enabled_plugin(paths, adapter)):
            yield HookStatus(adapter.name, "plugin", plugin, True, True, None)
        elif not rows and (adapter in in_use or adapter in named):
            yield _absence(paths, adapter)


def _absence(paths: HarnessPaths, adapter: Adapter) -> HookStatus:
    """The row of a harness without hooks here; in a linked worktree it names those of the main one."""
    other = file_of_main_worktree(paths, adapter)
    message = f"no hooks in this worktree; those of the main worktree are in {other}" if other else "no hooks"
    return HookStatus(adapter.name, "", "", False, False, None, message, f"mem hooks install --agent {adapter.name}")


def _file_rows(paths: HarnessPaths, probe: Probe, adapter: Adapter, scope: str) -> Iterator[HookStatus]:
    for target in hook_targets(paths, adapter, scope, None):
        try:
            data = read_content(target.path)
            if data is not None and target.edit.is_present(data):
                row = _harness_row(probe, target, data, adapter)
                is_run = row.reachable is not None
                yield _with_trust(row, trust_of(paths, adapter, target.path, scope)) if is_run else row
        except (CannotEdit, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            file = str(target.path)
            yield HookStatus(adapter.name, scope, file, True, False, None, reason or "", "correct it by hand")


def _harness_row(probe: Probe, target: Target, data: bytes, adapter: Adapter) -> HookStatus:
    commands = list(_probe_commands(data.decode("utf-8", "replace"), adapter))
    failures = (probe.harness_failure(command, target.scope) for command in dict.fromkeys(commands))
    failure = next(filter(None, failures), "")
    reachable = None if not commands else not failure
    return _row(target, target.edit.is_current(data), reachable, failure or _remarks(target, commands))


def _remarks(target: Target, commands: list[str]) -> str:
    """What else there is to know about hooks that reach `mem`: a plugin brings them too, the PATH is short."""
    return "; ".join(filter(None, (target.problem, path_warning(commands))))


def _with_trust(row: HookStatus, trust: Trust) -> HookStatus:
    message = "; ".join(filter(None, (row.message, trust.message)))
    return replace(row, trust=trust.state, message=message, next=row.next or trust.next)


def _row(target: Target, current: bool, reachable: bool | None, message: str) -> HookStatus:
    part = "git" if target.agent == "git" else f"agent {target.agent} --scope {target.scope}"
    install = f"mem hooks install --{part}"
    step = _next_step(message, install) if reachable is False else "" if current else install
    message = "; ".join(filter(None, ("" if current else "differs from what would be installed now", message)))
    return HookStatus(target.agent, target.scope, str(target.path), True, current, reachable, message, step)


def _next_step(failure: str, install: str) -> str:
    """What to do about hooks that do not reach `mem`."""
    if "chmod +x" in failure:
        return failure.partition("'")[2].partition("'")[0]
    return install if "core.hooksPath" in failure else f"put 'mem' on the PATH, or run {install}"


def _probe_commands(text: str, adapter: Adapter) -> Iterator[str]:
    """The command lines in a file that call `mem`, as probes, without their guards."""
    if adapter.plugin_template:
        before, _, after = adapter.launcher_line.partition("{}")
        if match := re.search(re.escape(before) + r'("[^"\n]*")' + re.escape(after), text):
            yield personal_command(shlex.quote(json.loads(match[1])), adapter.name, "probe")
        return
    try:
        document = json.loads(text.lstrip("\ufeff"))
    except ValueError:
        return
    yield from (probe_of(without_guard(command)) for command in _commands(document) if calls_mem(command))


def _commands(value: object) -> Iterator[str]:
    """Every command line of a hook table."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key in ("command", "bash") and isinstance(member, str):
                yield member
            yield from _commands(member)
    elif isinstance(value, list):
        for item in value:
            yield from _commands(item)


def _git_rows(hooks: GitHooks, probe: Probe) -> Iterator[HookStatus]:
    events = installed_events(hooks)
    rows = [*_config_rows(hooks, probe, events), *_script_rows(hooks, probe, events)]
    yield from rows
    if not rows:
        yield HookStatus("git", "", "", False, False, None, "no hooks", "mem hooks install --git")


def _config_rows(hooks: GitHooks, probe: Probe, events: tuple[str, ...]) -> Iterator[HookStatus]:
    target = config_target(hooks, events)
    data = read_content(target.path)
    assert isinstance(target.edit, ConfigHooks)
    try:
        if data is None or not target.edit.is_present(data):
            return
    except CannotEdit:
        return
    are_listed = all(PREFIX in ask_git(hooks.layout.git_dir, "hook", "list", event) for event in events)
    failure = probe.git_failure(hooks.launcher) if are_listed else "this git runs no hooks from its configuration"
    yield _row(target, target.edit.is_current(data), not failure, failure)


def _script_rows(hooks: GitHooks, probe: Probe, events: tuple[str, ...]) -> Iterator[HookStatus]:
    for target in (*script_targets(hooks, events), *manager_targets(hooks, events)):
        data = read_content(target.path)
        try:
            if data is None or not target.edit.is_present(data):
                continue
        except CannotEdit as error:
            yield _row(target, False, False, f"{error}; correct it by hand")
            continue
        call = re.search(r"(?:^|\s)((?:'[^'\n]*'|[^\s'])+) hook git ", data.decode("utf-8", "replace"))
        failure = target.problem or probe.git_failure(call[1] if call else "mem")
        yield _row(target, target.edit.is_current(data), not failure, failure or _not_called(hooks, target, events))
    for target in stale_targets(hooks, events):
        yield _row(target, True, False, "git does not run it: 'core.hooksPath' points elsewhere")


def _not_called(hooks: GitHooks, target: Target, events: tuple[str, ...]) -> str:
    """Why git does not come to an entry in a tool's file; empty where it does, or where that cannot be seen."""
    if not target.note:
        return ""
    entries = [event for event in events if f"hook git {event}" in target.edit.snippet]
    missing = [event for event, file in hooks.scripts(entries).items() if not file.is_file()]
    return f"git does not call it at {', '.join(missing)}: {target.note}" if missing else ""
