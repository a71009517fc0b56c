"""The scripted conversation of a harness: everything that it does in one room, recorded for the facts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from memcli.core.session.names import harness_session
from tests.harness import script_steps
from tests.harness.room import HookCall, Room, Turn
from tests.operations.snapshots import snapshot
from tests.waiting import eventually

SETTLES_WITHIN = 20.0
"""Seconds for what follows a session's end in the background."""


@dataclass(frozen=True)
class Stage:
    """One run of the harness: its turn, the hooks that ran in it, and all sessions when everything had settled."""

    turn: Turn
    conversation: str
    hooks: tuple[HookCall, ...]
    sessions: Mapping[str, Mapping[str, Any]]

    def events(self) -> list[str]:
        return [call.event for call in self.hooks]


@dataclass(frozen=True)
class Conversation:
    """The stages by their names, and whether the uninstallation left every byte as it was."""

    room: Room
    stages: Mapping[str, Stage]
    candidates: Mapping[str, tuple[str, ...]]
    """Session → the titles of its candidates at the end."""
    origin: Mapping[str, Any]
    """What `mem why` says of the line that the agent has changed."""
    left_by_uninstall: tuple[str, ...]
    """Files that the installation has changed for good."""

    def session_of(self, stage: str) -> str:
        """The session that the hooks of a stage began, by the harness's id."""
        return str(harness_session(self.room.adapter.agent, self.stages[stage].conversation))

    def sessions_with(self, title: str) -> list[str]:
        """The sessions that have a candidate of that title."""
        return [session for session, titles in self.candidates.items() if title in titles]


class Recorder:
    """Runs the stages one after the other."""

    def __init__(self, room: Room) -> None:
        self.room, self.stages = room, dict[str, Stage]()
        self._hooks = 0

    def stage(self, name: str, run: Callable[[], Turn], ends: bool = True) -> None:
        """Record a run; where it `ends`, after all sessions are closed (or were not in time)."""
        turn = run()
        hooks = self.room.hook_calls()
        new, self._hooks = tuple(hooks[self._hooks :]), len(hooks)
        conversation = self.room.conversation(new)
        if ends:
            wait(lambda: all(row["state"] != "open" for row in self.sessions().values() if row["agent"]))
        self.stages[name] = Stage(turn, conversation, new, self.sessions())

    def sessions(self) -> dict[str, dict[str, Any]]:
        rows = self.room.mem("session", "list", "--all")["sessions"]
        return {row["session"]: row for row in rows}


def wait(fact: Callable[[], bool]) -> bool:
    """Whether a fact comes true soon."""
    end = time.monotonic() + SETTLES_WITHIN
    while not fact():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def converse(room: Room) -> Conversation:
    """Play everything in a new room."""
    room.prepare()
    room.run("mem", "init")
    room.run("mem", "add", script_steps.KNOWN, "--promote")
    constraint = ("--type", "constraint", "--path", script_steps.PATH)
    room.run("mem", "add", script_steps.CONSTRAINT, *constraint, "--promote")
    before = _hook_files(room)
    room.run("mem", "hooks", "install", "--git", "--recall", "--agent", room.program.adapter)
    recorder = Recorder(room)
    _play(room, recorder)
    sessions = recorder.sessions()
    candidates = {session: _titles(room, session) for session in sessions}
    origin = room.mem("why", f"{script_steps.PATH}:1")
    return Conversation(room, recorder.stages, candidates, origin, _left(room, before))


def _play(room: Room, recorder: Recorder) -> None:
    recorder.stage("task", lambda: room.play(script_steps.TASK))
    first = recorder.stages["task"].conversation
    recorder.stage("resume", lambda: room.play(script_steps.RESUMED, resume=first))
    if room.launcher.fork:
        recorder.stage("fork", lambda: room.play(script_steps.FORKED, fork=first))
    if compact := room.launcher.compact:
        recorder.stage("compact", lambda: room.finish("", room.start(compact(first))))
        recorder.stage("compacted", lambda: room.play(script_steps.NEXT, resume=first))
    recorder.stage("delegate", lambda: room.play(script_steps.delegated(room.script(script_steps.HELPER))))
    recorder.stage("kill", lambda: _killed(room), ends=False)
    recorder.stage("next", lambda: room.play(script_steps.NEXT))


def _killed(room: Room) -> Turn:
    """A run that is killed while the model answers."""
    name = room.script(script_steps.KILLED)
    process = room.start(room.launcher.prompt(f"Please go on. SCRIPT:{name}"))
    assert eventually(lambda: any(call.step == 1 for call in room.model_calls(name)))
    room.kill(process)
    return Turn(name, process.returncode, "", "")


def _titles(room: Room, session: str) -> tuple[str, ...]:
    rows = room.mem("session", "show", session)["changes"]
    return tuple(row["title"] for row in rows)


def _hook_files(room: Room) -> dict[str, object]:
    """The files that hooks may be written into: those of the project, git's configuration and its hooks."""
    own = {path: content for path, content in snapshot(room.project).items() if "/.git/" not in path}
    of_git = snapshot(room.project / ".git/hooks", room.project / ".git/info")
    files = {path: content for path, content in own.items() if "/.mem" not in path and "/src" not in path}
    return {**files, **of_git, "config": (room.project / ".git/config").read_text()}


def _left(room: Room, before: Mapping[str, object]) -> tuple[str, ...]:
    """What is not as it was before the installation."""
    room.run("mem", "hooks", "uninstall")
    after = _hook_files(room)
    return tuple(sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path)))
