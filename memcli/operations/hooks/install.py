"""`mem hooks install` and `mem hooks uninstall`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from memcli.agents.adapter import Adapter
from memcli.agents.registry import adapters, find_adapter
from memcli.agents.trust import TRUSTED, Trust
from memcli.git.layout import Layout
from memcli.operations.hooks.agent_targets import (
    adapter_named,
    hook_scope,
    hook_targets,
    instruction_targets,
    require_scope,
    skill_target,
)
from memcli.operations.hooks.backups import Originals, delete_if_empty
from memcli.operations.hooks.file_change import Target, TargetChange, change_file, unwanted
from memcli.operations.hooks.gates import NOT_IN_LOGIN_SHELL, PUT_ON_PATH, shells_without_mem, trust_of
from memcli.operations.hooks.git_hooks import ALL_EVENTS, EVENTS, GitHooks
from memcli.operations.hooks.git_targets import installed_events, targets_to_install, targets_to_remove
from memcli.operations.hooks.harness_paths import HarnessPaths, find_layout
from memcli.workspace import Homes, Workspace


@dataclass(frozen=True)
class HookRequest:
    """What to install or uninstall; with none of the parts: git, and the harnesses in use here."""

    git: bool = False
    agents: tuple[str, ...] = ()
    skill: bool = False
    instructions: bool = False
    recall: bool | None = None
    trailer: bool | None = None
    scope: str | None = None
    write: bool = False

    @property
    def names_no_part(self) -> bool:
        return not (self.git or self.agents or self.skill or self.instructions)

    @property
    def includes_git(self) -> bool:
        return self.git or (self.names_no_part and self.scope != "user")

    @property
    def needs_repository(self) -> bool:
        return self.scope != "user" or self.git


@dataclass(frozen=True)
class HookChanges:
    """What happened to each file, what to know beside it, and (harness, file, trust) of each that awaits a person."""

    changes: tuple[TargetChange, ...]
    remarks: tuple[str, ...] = ()
    gates: tuple[tuple[str, str, Trust], ...] = ()

    @property
    def refused(self) -> bool:
        return any(change.action == "refused" for change in self.changes)


def install(workspace: Workspace, request: HookRequest, dry_run: bool = False) -> HookChanges:
    """Write our hooks; a second time changes nothing."""
    paths = _paths(workspace.config.directory, workspace.config.git_dir, workspace.config.homes, request)
    targets = _unique(_targets_to_install(paths, request))
    result = _change_all(targets, workspace.config.homes.state, dry_run)
    gates = tuple(_gates(paths, result.changes))
    waits = [f"{trust.message}: {trust.next}" for _, _, trust in gates]
    shells = shells_without_mem(workspace.config.external_environment, workspace.config.directory)
    lost = [f"{NOT_IN_LOGIN_SHELL} ({shell}): {PUT_ON_PATH}" for shell in shells]
    return HookChanges(result.changes, (*waits, *result.remarks, *_remarks(paths, targets), *lost), gates)


def uninstall(workspace: Workspace, request: HookRequest, dry_run: bool = False) -> HookChanges:
    """Remove our hooks: every file is what it was before, with what others have changed since."""
    paths = _paths(workspace.config.directory, workspace.config.git_dir, workspace.config.homes, request)
    targets = _unique(_targets_to_remove(paths, request))
    return _change_all(targets, workspace.config.homes.state, dry_run)


def delete_backups(directory: Path, git_dir: str | None, homes: Homes, request: HookRequest) -> None:
    """Delete the backups of the files that `uninstall` with the same request is about."""
    paths = _paths(directory, git_dir, homes, request)
    for target in _targets_to_remove(paths, request):
        Originals(homes.state, target.path.resolve()).delete()
    delete_if_empty(homes.state)


def snippets(workspace: Workspace, request: HookRequest) -> list[tuple[str, str]]:
    """(file, what a person would insert by hand) for everything that `install` would write."""
    paths = _paths(workspace.config.directory, workspace.config.git_dir, workspace.config.homes, request)
    targets = _unique(_targets_to_install(paths, request))
    return [(str(target.path), target.edit.snippet) for target in targets if target.wanted]


def _paths(directory: Path, git_dir: str | None, homes: Homes, request: HookRequest) -> HarnessPaths:
    require_scope(request.scope)
    return HarnessPaths(find_layout(directory, git_dir, required=request.needs_repository), homes)


def _change_all(targets: list[Target], state: Path, dry_run: bool) -> HookChanges:
    changes = [change_file(target, state, dry_run) for target in targets]
    shown = [change for target, change in zip(targets, changes, strict=True)
             if target.wanted or change.action != "unchanged"]  # fmt: skip
    notes = [change.message for change in shown if change.action not in ("unchanged", "refused") and change.message]
    return HookChanges(tuple(shown), tuple(dict.fromkeys(notes)))


def _unique(targets: Iterator[Target]) -> list[Target]:
    """Each file once, in order: several harnesses may read the same one."""
    by_file: dict[str, Target] = {}
    for target in targets:
        by_file.setdefault(os.path.realpath(target.path), target)
    return list(by_file.values())


def _targets_to_install(paths: HarnessPaths, request: HookRequest) -> Iterator[Target]:
    named = [adapter_named(name) for name in request.agents]
    if request.names_no_part:
        in_use = paths.harnesses_in_use()
        named = [adapter for adapter in in_use if request.scope is None or request.scope in adapter.hook_files]
    if request.includes_git and paths.layout:
        yield from _git_targets(paths.layout, paths.launcher, request)
    for adapter in named:
        yield from hook_targets(paths, adapter, hook_scope(adapter, request.scope), request.recall)
    for adapter in named or [adapter for adapter in adapters().values() if adapter.default_reader]:
        if request.skill:
            yield skill_target(paths, adapter, request.scope)
        if request.instructions:
            yield from instruction_targets(paths, adapter)


def _git_targets(layout: Layout, launcher: str, request: HookRequest) -> Iterator[Target]:
    hooks = GitHooks(layout, launcher)
    events = installed_events(hooks) if request.trailer is None else ALL_EVENTS if request.trailer else EVENTS
    return targets_to_install(hooks, events, request.write)


def _targets_to_remove(paths: HarnessPaths, request: HookRequest) -> Iterator[Target]:
    """With no part named: everything in this repository; files in a home only with that scope."""
    named = [adapter_named(name) for name in request.agents] or list(adapters().values())
    if request.includes_git and paths.layout:
        yield from targets_to_remove(GitHooks(paths.layout, paths.launcher))
    for adapter in named:
        yield from map(unwanted, _harness_targets_to_remove(paths, adapter, request))


def _harness_targets_to_remove(paths: HarnessPaths, adapter: Adapter, request: HookRequest) -> Iterator[Target]:
    everything = request.names_no_part
    for scope in adapter.hook_files if everything or request.agents else ():
        if scope == request.scope or (request.scope is None and scope != "user"):
            yield from hook_targets(paths, adapter, scope, recall=True)
    if request.skill or everything:
        yield skill_target(paths, adapter, request.scope)
    if (request.instructions or everything) and request.scope != "user":
        yield from instruction_targets(paths, adapter, include_needless=True)


def _gates(paths: HarnessPaths, changes: Sequence[TargetChange]) -> Iterator[tuple[str, str, Trust]]:
    """The hook files that a harness does not run yet."""
    for change in changes:
        adapter = find_adapter(change.agent)
        pattern = adapter.hook_files.get(change.scope) if adapter else None
        if adapter and pattern and change.action != "refused" and paths.path(pattern, adapter) == Path(change.file):
            trust = trust_of(paths, adapter, Path(change.file), change.scope)
            if trust.state != TRUSTED:
                yield change.agent, change.file, trust


def _remarks(paths: HarnessPaths, targets: list[Target]) -> Iterator[str]:
    if paths.launcher == "mem":
        yield "'mem' is not on the PATH: harnesses and git will not find it"
    scripts = [target.path for target in targets if target.agent == "git" and target.wanted and target.mode == 0o755]
    if scripts and paths.layout:
        for directory in _foreign_directories(paths.layout, scripts):
            yield f"'core.hooksPath' points to {directory}: hooks there run in other repositories too"


def _foreign_directories(layout: Layout, scripts: list[Path]) -> list[str]:
    """The directories of git's scripts that are neither in the git directory nor in the worktree."""
    own = [Path(root).resolve() for root in (layout.common_dir, layout.worktree) if root]
    foreign = [file for file in scripts if not any(file.resolve().is_relative_to(root) for root in own)]
    return sorted({str(file.parent) for file in foreign})
