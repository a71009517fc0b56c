"""`mem hooks status`: where our hooks are, whether they are up to date, and whether they reach `mem`."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace

from memcli.agents.adapter import Adapter
from memcli.agents.ownership import calls_mem, personal_command, probe_of, without_guard
from memcli.agents.registry import adapters
from memcli.core.text.hooks_json import Unfit
from memcli.errors import MemError, NoStore
from memcli.git.queries import ask
from memcli.operations.hooks import agent_targets, git_targets
from memcli.operations.hooks.agent_targets import AgentPlace
from memcli.operations.hooks.change import Target
from memcli.operations.hooks.git_config import Configured
from memcli.operations.hooks.git_targets import GitPlace
from memcli.operations.hooks.install import Wanted, agent_place
from memcli.operations.hooks.replace_file import content
from memcli.system.external_command import Said, ask_guest
from memcli.workspace import Workspace

PATIENCE = 10.0
DESKTOP_PATH = "/usr/local/bin:/usr/bin:/bin"
"""What programs that a desktop starts have for a PATH."""


@dataclass(frozen=True)
class Installation:
    """One place of ours; `reachable` None: nothing in it is run."""

    agent: str
    scope: str
    file: str
    installed: bool
    current: bool
    reachable: bool | None
    message: str = ""
    next: str = ""

    @property
    def ok(self) -> bool:
        return not self.installed or (self.current and self.reachable is not False)


def status(workspace: Workspace, names: tuple[str, ...] = ()) -> list[Installation]:
    """Every place that has hooks of ours, and what is missing for the harnesses in use here."""
    place = agent_place(workspace, Wanted(scope="user"))
    return [
        *_agents(workspace, place, names),
        *(_git(workspace, place, bool(names)) if not names or "git" in names else ()),
    ]


def _agents(workspace: Workspace, place: AgentPlace, names: tuple[str, ...]) -> Iterator[Installation]:
    used = agent_targets.present(place)
    for one in [agent_targets.adapter_named(name) for name in names if name != "git"] or adapters().values():
        found = [each for scope in one.hook_files for each in _agent(workspace, place, one, scope)]
        yield from found
        if not found and (one.name in used or one.name in names):
            yield Installation(
                one.name, "", "", False, False, None, "no hooks", f"mem hooks install --agent {one.name}"
            )


def _agent(workspace: Workspace, place: AgentPlace, one: Adapter, scope: str) -> Iterator[Installation]:
    if place.tree is None and "{tree}" in one.hook_files[scope]:
        return
    for target in agent_targets.hook_targets(place, one, scope, None):
        try:
            data = content(target.path)
            if data is None or not target.edit.holds(data):
                continue
            yield _agents_row(workspace, target, data, one)
        except (Unfit, OSError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            yield Installation(one.name, scope, str(target.path), True, False, None, why or "", "correct it by hand")


def _agents_row(workspace: Workspace, target: Target, data: bytes, one: Adapter) -> Installation:
    current = target.edit.is_current(data)
    commands = list(_commands(data.decode("utf-8", "replace"), one))
    failure = next(
        (why for command in dict.fromkeys(commands) if (why := _failure(workspace, command, target.scope))), ""
    )
    reachable = None if not commands else not failure
    words = failure or "; ".join(filter(None, (one.approval, _short_path(commands))))
    return _row(target, current, reachable, words)


def _row(target: Target, current: bool, reachable: bool | None, message: str) -> Installation:
    again = f"mem hooks install --{'git' if target.agent == 'git' else f'agent {target.agent} --scope {target.scope}'}"
    step = _step(message, again) if reachable is False else "" if current else again
    words = "; ".join(filter(None, ("" if current else "not what would be installed now", message)))
    return Installation(target.agent, target.scope, str(target.path), True, current, reachable, words, step)


def _step(failure: str, again: str) -> str:
    """What mends a place that is not reached."""
    if "chmod +x" in failure:
        return failure.partition("'")[2].partition("'")[0]
    return again if "core.hooksPath" in failure else "put 'mem' on the PATH, or run " + again


def _commands(text: str, one: Adapter) -> Iterator[str]:
    """The command lines in a file that call `mem`, as probes, without their guards."""
    if one.plugin_template:
        line = re.escape(one.launcher_line).replace(r"\{\}", r'("[^"\n]*")')
        if match := re.search(line, text):
            yield personal_command(shlex.quote(json.loads(match[1])), one.name, "probe")
        return
    try:
        document = json.loads(text.lstrip("\ufeff"))
    except ValueError:
        return
    yield from (probe_of(without_guard(command)) for command in _strings(document) if calls_mem(command))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("command", "bash") and isinstance(inner, str):
                yield inner
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _failure(workspace: Workspace, command: str, scope: str) -> str:
    """Why a probe got no answer; empty where it got `{}`."""
    said = _run(workspace, command, as_desktop=scope == "user")
    if said.failure or said.output.strip() == b"{}":
        return said.failure and f"{command}: {said.failure}"
    return f"{command}: it answered {said.output[:60]!r}"


def _run(workspace: Workspace, command: str, as_desktop: bool = False) -> Said:
    """A probe's answer; `as_desktop`: with no more around it than a program has that a desktop started."""
    around = workspace.guests_environment
    if as_desktop:
        around = {"HOME": str(workspace.homes.home), "PATH": DESKTOP_PATH}
    words = shlex.join(["sh", "-c", command])
    said = ask_guest(words, b"{}", workspace.config.directory, around, PATIENCE)
    return replace(said, failure=said.failure.replace("'sh' ended with exit code 127", "there is no such program"))


def _short_path(commands: list[str]) -> str:
    bare = any(command.startswith("mem ") for command in commands)
    if bare and shutil.which("mem", path=DESKTOP_PATH) is None:
        return "'mem' is called by name: programs that a desktop starts may not find it"
    return ""


def _git(workspace: Workspace, place: AgentPlace, asked: bool) -> Iterator[Installation]:
    try:
        here = GitPlace(workspace.layout, place.launcher)
    except NoStore:
        if asked:
            raise
        return
    trailer = git_targets.has_trailer(here)
    events = (*git_targets.EVENTS, git_targets.TRAILER) if trailer else git_targets.EVENTS
    found = [*_configured(workspace, here, events), *_scripts(workspace, here, events)]
    yield from found
    if not found:
        yield Installation("git", "", "", False, False, None, "no hooks", "mem hooks install --git")


def _configured(workspace: Workspace, here: GitPlace, events: tuple[str, ...]) -> Iterator[Installation]:
    target = git_targets.configured(here, events)
    data = content(target.path)
    assert isinstance(target.edit, Configured)
    try:
        if data is None or not target.edit.holds(data):
            return
    except Unfit:
        return
    listed = all("memcli-" in ask(here.layout.git_dir, "hook", "list", event) for event in events)
    failure = "" if listed else "this git runs no hooks from its configuration"
    failure = failure or _git_failure(workspace, here.launcher)
    yield _row(target, target.edit.is_current(data), not failure, failure)


def _scripts(workspace: Workspace, here: GitPlace, events: tuple[str, ...]) -> Iterator[Installation]:
    for target in (*git_targets.scripts(here, events), *git_targets.entries(here, events)):
        data = content(target.path)
        if data is None or not target.edit.holds(data):
            continue
        found = re.search(r"(?:^|\s)((?:'[^'\n]*'|[^\s'])+) hook git ", data.decode("utf-8", "replace"))
        failure = target.unfit or _git_failure(workspace, found[1] if found else "mem")
        yield _row(target, target.edit.is_current(data), not failure, failure or _not_called(here, target, events))
    for target in git_targets.left_behind(here, events):
        yield _row(target, True, False, "git does not run it: 'core.hooksPath' leads elsewhere")


def _not_called(here: GitPlace, target: Target, events: tuple[str, ...]) -> str:
    """Why git does not come to an entry in another tool's file, where that can be seen."""
    if not target.note:
        return ""
    called = [event for event in events if f"hook git {event}" in target.edit.snippet]
    absent = [event for event, file in here.hook_files(called).items() if not file.is_file()]
    return f"git does not call it at {', '.join(absent)}: {target.note}" if absent else ""


def _git_failure(workspace: Workspace, launcher: str) -> str:
    try:
        said = _run(workspace, f"{launcher} hook git probe && echo reached")
    except MemError as error:
        return error.message
    return said.failure and f"{launcher} hook git probe: {said.failure}"
