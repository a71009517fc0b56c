"""Two agents at once, in one checkout or in two worktrees, each with a session of its own that ends."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from memcli.core.session.names import harness_session
from tests.harness.conversation import wait
from tests.harness.room import HookCall, Room
from tests.harness.script_steps import DONE, add

ROUNDS = 2
"""Memories that each agent adds."""


@dataclass(frozen=True)
class PairOutcome:
    """What two agents left: memories in another session than their agent's, sessions that stay open, promotions that
    an agent has made, and lines that `mem` printed where nobody asked."""

    misplaced: int
    left_open: int
    promoted: int
    lines: int

    @property
    def is_right(self) -> bool:
        return self == PairOutcome(0, 0, 0, 0)


def prepare_pairs(room: Room) -> None:
    """Start the harness once, because a first start sets up a home and two at once get in each other's way; then
    install the hooks."""
    room.play([DONE])
    room.run("mem", "hooks", "install", "--git", "--agent", room.program.adapter)


def play_pair(room: Room, name: str, two_worktrees: bool) -> PairOutcome:
    """Run two agents at the same time, then a third whose start sweeps; `name` makes the memories unique."""
    places = [_worktree(room, f"{name}-{agent}") if two_worktrees else room.project for agent in "ab"]
    seen = len(room.hook_calls())
    scripts = [room.script(_steps(f"{name}{agent}")) for agent in "ab"]
    running = [
        room.start(room.launcher.prompt(f"Please go on. SCRIPT:{script}"), place)
        for script, place in zip(scripts, places, strict=True)
    ]
    turns = [room.finish(script, process) for script, process in zip(scripts, running, strict=True)]
    owners = _owners(room, room.hook_calls()[seen:], scripts)
    room.play([DONE])
    expected = {_title(f"{name}{agent}", number): owners[script]
                for agent, script in zip("ab", scripts, strict=True) for number in range(ROUNDS)}  # fmt: skip
    wait(lambda: not _open_agents(room))
    actual = _sessions_of(room, set(owners.values()))
    return PairOutcome(
        misplaced=sum(actual.get(title) != session for title, session in expected.items()),
        left_open=len(_open_agents(room)),
        promoted=sum("promote=6" not in room.model_calls(script)[-1].text for script in scripts),
        lines=sum((turn.out + turn.err).count("started session") for turn in turns),
    )


def _worktree(room: Room, name: str) -> Path:
    place = room.project / "trees" / name  # below the folder that the harness trusts
    room.run("git", "worktree", "add", "-q", "-b", name, str(place))
    room.run("mem", "hooks", "install", "--agent", room.program.adapter, cwd=place)
    return place


def _text(name: str, number: int) -> str:
    return f"Queue {name} number {number} is drained by its own worker."


def _title(name: str, number: int) -> str:
    return _text(name, number)[:-1]


def _steps(name: str) -> list[dict[str, object]]:
    adds = [{"shell": add(_text(name, number))} for number in range(ROUNDS)]
    return [*adds, {"shell": "mem promote --yes; echo promote=$?"}, DONE]


def _owners(room: Room, calls: list[HookCall], scripts: list[str]) -> dict[str, str]:
    """Script → the session of the hooks of its run, by what the model was told about the session."""
    ids = {room.adapter.session_id(call.payload) for call in calls}
    sessions = {str(harness_session(room.adapter.agent, identity)) for identity in ids if identity}
    return {script: next((name for name in sessions if name in room.model_calls(script)[0].text), "")
            for script in scripts}  # fmt: skip


def _open_agents(room: Room) -> list[str]:
    rows = room.mem("session", "list")["sessions"]
    return [row["session"] for row in rows if row["agent"] and row["state"] == "open"]


def _sessions_of(room: Room, sessions: set[str]) -> dict[str, str]:
    """Title of a candidate → its session."""
    return {row["title"]: session for session in sessions if session
            for row in room.mem("session", "show", session)["changes"]}  # fmt: skip
