"""`mem hooks install` and `mem hooks uninstall`: memory at the moments that harnesses and git tell of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from memcli.agents.registry import adapters
from memcli.errors import NoStore, Usage
from memcli.operations.hooks import agent_targets, git_targets
from memcli.operations.hooks.agent_targets import AgentPlace
from memcli.operations.hooks.change import Change, Target, carry_out
from memcli.operations.hooks.git_targets import GitPlace
from memcli.workspace import Workspace


@dataclass(frozen=True)
class Wanted:
    """What was asked for; with none of the parts: git, and the harnesses in use here."""

    git: bool = False
    agents: tuple[str, ...] = ()
    skill: bool = False
    instructions: bool = False
    recall: bool | None = None
    trailer: bool | None = None
    scope: str | None = None
    write: bool = False

    @property
    def nothing_said(self) -> bool:
        return not (self.git or self.agents or self.skill or self.instructions)


@dataclass(frozen=True)
class Installed:
    """What happened to each file, and what is to be known beside it."""

    changes: tuple[Change, ...]
    remarks: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        return any(one.action == "refused" for one in self.changes)


def install(workspace: Workspace, wanted: Wanted, dry_run: bool = False) -> Installed:
    """Put our entries where they belong; a second time changes nothing."""
    targets = _once(_installing(workspace, wanted))
    done = _carried_out(workspace, targets, dry_run)
    return Installed(done.changes, (*done.remarks, *_remarks(workspace, targets)))


def uninstall(workspace: Workspace, wanted: Wanted, dry_run: bool = False) -> Installed:
    """Take our entries out again: every file is what it was before, with what others have changed since."""
    return _carried_out(workspace, _once(_removing(workspace, wanted)), dry_run)


def snippets(workspace: Workspace, wanted: Wanted) -> list[tuple[str, str]]:
    """(file, what a person would put into it) for all that `install` would write."""
    targets = _once(_installing(workspace, wanted))
    return [(str(one.path), one.edit.snippet) for one in targets if one.wanted]


def _carried_out(workspace: Workspace, targets: list[Target], dry_run: bool) -> Installed:
    changes = tuple(carry_out(one, workspace.homes.state, dry_run) for one in targets)
    shown = tuple(change for one, change in zip(targets, changes, strict=True) if one.wanted or _happened(change))
    return Installed(shown, tuple(dict.fromkeys(one.message for one in shown if one.message and _went(one))))


def _happened(change: Change) -> bool:
    return change.action != "unchanged"


def _went(change: Change) -> bool:
    return change.action not in ("unchanged", "refused")


def _once(targets: Iterator[Target]) -> list[Target]:
    """Each file once, in the order of asking: several harnesses may read the same one."""
    found: dict[str, Target] = {}
    for one in targets:
        found.setdefault(os.path.realpath(one.path), one)
    return list(found.values())


def _installing(workspace: Workspace, wanted: Wanted) -> Iterator[Target]:
    place = agent_place(workspace, wanted)
    named = [agent_targets.adapter_named(name) for name in wanted.agents]
    if wanted.nothing_said:
        named = [adapters()[name] for name in agent_targets.present(place)]
        named = [adapter for adapter in named if wanted.scope is None or wanted.scope in adapter.hook_files]
    if wanted.git or (wanted.nothing_said and wanted.scope != "user"):
        yield from _git(workspace, place, wanted)
    for one in named:
        yield from agent_targets.hook_targets(place, one, agent_targets.scope_of(one, wanted.scope), wanted.recall)
    readers = named or [adapter for adapter in adapters().values() if adapter.default_reader]
    for one in readers:
        if wanted.skill:
            yield agent_targets.skill_target(place, one, wanted.scope)
        if wanted.instructions:
            yield from agent_targets.instruction_targets(place, one)


def _git(workspace: Workspace, place: AgentPlace, wanted: Wanted) -> Iterator[Target]:
    here = GitPlace(workspace.layout, place.launcher)
    trailer = git_targets.has_trailer(here) if wanted.trailer is None else wanted.trailer
    events = (*git_targets.EVENTS, git_targets.TRAILER) if trailer else git_targets.EVENTS
    return git_targets.installing(here, events, wanted.write)


def _removing(workspace: Workspace, wanted: Wanted) -> Iterator[Target]:
    """Of nothing said: all that is in this repository; what serves every repository of a person only with its scope."""
    place = agent_place(workspace, wanted)
    every = wanted.nothing_said
    named = [agent_targets.adapter_named(name) for name in wanted.agents] or list(adapters().values())
    if wanted.git or (every and wanted.scope != "user"):
        yield from map_gone(git_targets.removing(GitPlace(workspace.layout, place.launcher)))
    for one in named:
        for scope in one.hook_files if every or wanted.agents else ():
            if scope == wanted.scope or (wanted.scope is None and scope != "user"):
                yield from map_gone(agent_targets.hook_targets(place, one, scope, True))
        if wanted.skill or every:
            yield from map_gone(iter([agent_targets.skill_target(place, one, wanted.scope)]))
        if (wanted.instructions or every) and wanted.scope != "user":
            yield from map_gone(agent_targets.instruction_targets(place, one, needless_too=True))


def map_gone(targets: Iterator[Target]) -> Iterator[Target]:
    """The same files, with nothing of ours in them."""
    for one in targets:
        yield Target(one.agent, one.scope, one.path, one.edit, wanted=False, git_lock=one.git_lock)


def agent_place(workspace: Workspace, wanted: Wanted) -> AgentPlace:
    """Where files of harnesses lie; a person's own need no repository."""
    if wanted.scope not in (None, *agent_targets.SCOPES):
        raise Usage(f"no scope is called {wanted.scope!r}", f"it is one of {', '.join(agent_targets.SCOPES)}")
    try:
        worktree = workspace.layout.worktree
        return AgentPlace(Path(worktree) if worktree else None, workspace.homes)
    except NoStore:
        if wanted.scope != "user" or wanted.git:
            raise
        return AgentPlace(None, workspace.homes)


def _remarks(workspace: Workspace, targets: list[Target]) -> Iterator[str]:
    if agent_place(workspace, Wanted(scope="user")).launcher == "mem":
        yield "'mem' is not on the PATH: harnesses and git will not find it"
    tree = [one for one in targets if one.agent == "git" and one.wanted and one.mode == 0o755]
    common = Path(workspace.layout.common_dir).resolve() if tree else None
    outside = {str(one.path.parent) for one in tree if common and not one.path.resolve().is_relative_to(common)}
    inside = Path(workspace.layout.worktree).resolve() if tree and workspace.layout.worktree else None
    for where in sorted(outside):
        if inside is None or not (tree[0].path.resolve()).is_relative_to(inside):
            yield f"'core.hooksPath' leads to {where}: what is there serves other repositories too"
