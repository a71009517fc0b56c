"""SIGKILL anywhere: what was acknowledged is there exactly once after the next command, and nothing is half done."""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.operations.history.undo import undo
from memcli.operations.memories.add import add_memories
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.sessions.save import save_session
from memcli.operations.sessions.start import start_session as start_session
from memcli.workspace import Workspace
from tests.faults.conftest import Start
from tests.faults.driver import POINTS
from tests.faults.world import ENDED, MAIN, SESSIONS, World

Open = Callable[..., Workspace]


def killed(process: subprocess.Popen[str], after: float) -> list[list[str]]:
    """Wait for the first line, kill the process some time later, and return the words of all lines."""
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(after)
    process.kill()
    rest, err = process.communicate(timeout=60)
    assert "Traceback" not in err, err
    return [line.split() for line in (first + rest).splitlines()]


def settled(world: World, workspace: Open, marker: str) -> None:
    """The next command carries out what is left, and nothing is half done after it."""
    assert add_memories(workspace(session="next"), [{"body": f"{marker} came next"}])[0].state == "committed"
    world.whole()


def test_killed_while_adding_promoting_and_undoing(world: World, start: Start, workspace: Open) -> None:
    chance = random.Random(7)
    for turn in range(10):
        lines = killed(start(world.path, "mix", f"line-{turn}", f"turn{turn}"), chance.uniform(0.0, 0.5))
        settled(world, workspace, f"next{turn}")
        undoing = {marker for word, marker in lines if word == "undoing"}
        standing = {marker for word, marker in lines if word == "added"} - undoing
        world.each_once(sorted(standing))
        assert all(len(world.ids_of(marker)) <= 1 for marker in undoing)


def test_killed_while_saving(world: World, start: Start, workspace: Open) -> None:
    chance = random.Random(11)
    place = start_session(workspace(), "desk", worktree=True).worktree
    for turn in range(5):
        saved = killed(start(world.path, "saves", "desk", str(place), f"turn{turn}"), chance.uniform(0.0, 0.5))
        settled(world, workspace, f"next{turn}")
        world.each_once([marker for _, marker in saved])
    written = [file.stem for file in Path(str(place)).rglob("turn*.md")]
    save_session(workspace(), "desk")
    world.each_once(written)
    world.whole()


def die(start: Start, world: World, *words: str) -> None:
    process = start(world.path, "die", *words)
    out, err = process.communicate(timeout=60)
    assert (abs(process.returncode), out) == (9, ""), err


def a_minute_passes(world: World) -> None:
    """What a killed process left is a minute old, so that nobody waits until its locks are old enough to remove."""
    git = world.path / ".git"
    for file in (git / "mem" / "intent", *git.glob("refs/**/*.lock")):
        if file.exists():
            os.utime(file, (file.stat().st_atime, file.stat().st_mtime - 60))


PLAIN = [point for point in POINTS if point != "half"]
"""An add moves one ref: there is no half of it."""


@pytest.mark.parametrize("point", PLAIN)
def test_an_add_that_dies(world: World, start: Start, workspace: Open, point: str) -> None:
    """From the journal on it is acknowledged, so wherever it stopped it is carried out once."""
    add_memories(workspace(session="line"), [{"body": "before-0 the death"}])
    die(start, world, point, "add", "line", "dying-0")
    settled(world, workspace, "after-0")
    world.each_once(["before-0", "dying-0"])
    assert len([one for one in world.oplog() if one["verb"] == "add" and one["session"] == "line"]) == 2


def state(world: World) -> dict[str, str]:
    """The refs an operation moves, those of the next command left out."""
    return {ref: at for ref, at in world.refs(MAIN, SESSIONS, ENDED).items() if not ref.endswith("/next")}


@pytest.mark.parametrize("point", [point for point in POINTS if point != "journaled"])
@pytest.mark.parametrize("verb", ["promote", "promote-only", "undo", "undo-promote", "undo-inverse"])
def test_a_move_of_several_refs_that_dies(world: World, start: Start, workspace: Open, verb: str, point: str) -> None:
    """All of it or nothing: before the first ref moves nothing has happened, after it everything has."""
    if verb == "undo" and point == "finished":
        verb = "undo-promote"
    ids = [
        add_memories(workspace(session="line"), [{"body": f"fact-{number} to promote"}])[0].id for number in range(3)
    ]
    arguments = [ids[0]] if verb == "promote-only" else []
    if verb == "undo-promote":
        promote(workspace(), PromoteRequest("line", consent=True))
    if verb == "undo-inverse":
        promote(workspace(), PromoteRequest("line", ids[:1], consent=True))
        add_memories(workspace(session="line"), [{"body": "fact-3 came later"}])
        undo(workspace())
        add_memories(workspace(session="other"), [{"body": "fact-3 stays"}])
        undo(workspace(), world.oplog()[-1]["op"])
        world.git("update-ref", "refs/remotes/origin/mem/main", MAIN)
    before, operations = state(world), len(world.oplog())
    die(start, world, point, "promote" if verb.startswith("promote") else "undo", "line", *arguments)
    a_minute_passes(world)
    settled(world, workspace, "after-0")
    happened = POINTS.index(point) >= POINTS.index("half")
    said = [one["verb"] for one in world.oplog()[operations:] if one["session"] != "next"]
    assert (state(world) != before) == happened
    assert said == ([("undo" if verb.startswith("undo") else "promote")] if happened else [])
    markers = ["fact-0", "fact-1"] + ([] if verb == "undo" and happened else ["fact-2"])
    world.each_once(markers)


@pytest.mark.parametrize("point", [point for point in POINTS if point != "journaled"])
def test_a_decision_about_two_sessions_that_dies(world: World, start: Start, workspace: Open, point: str) -> None:
    """Promotions and rejections of both are done together or not at all, and undone together."""
    bodies = [{"body": f"fact-{number} to decide on"} for number in range(3)]
    ids = [memory.id for memory in add_memories(workspace(session="line"), bodies)]
    add_memories(workspace(session="beside"), [{"body": "fact-3 to promote"}])
    before, operations = state(world), len(world.oplog())
    die(start, world, point, "decide", "line", *ids[:2])
    a_minute_passes(world)
    settled(world, workspace, "after-0")
    happened = POINTS.index(point) >= POINTS.index("half")
    logged = [one for one in world.oplog()[operations:] if one["session"] != "next"]
    assert [one["verb"] for one in logged] == ["promote"][:happened]
    assert (state(world) != before) == happened
    sessions = workspace().sessions
    left = [candidate.id for candidate in sessions.candidates(sessions.load("line"))]
    assert left == (ids[2:] if happened else ids)
    assert workspace().selection.has_ended("beside") == happened
    if happened:
        undo(workspace(), logged[0]["op"])
        assert state(world) == before


@pytest.mark.parametrize("point", [point for point in PLAIN if point != "journaled"])
def test_a_rejection_that_dies(world: World, start: Start, workspace: Open, point: str) -> None:
    """It is never queued: it has happened once its ref has moved, and before that nothing has."""
    ids = [add_memories(workspace(session="line"), [{"body": f"fact-{number} to judge"}])[0].id for number in range(2)]
    die(start, world, point, "reject", "line", ids[0])
    a_minute_passes(world)
    settled(world, workspace, "after-0")
    sessions = workspace().sessions
    happened = POINTS.index(point) > POINTS.index("half")
    assert [one.id for one in sessions.candidates(sessions.load("line"))] == ids[happened:]
    verbs = [one["verb"] for one in world.oplog() if one["session"] == "line"]
    assert verbs == ["add", "add", *["reject"][:happened]]


def test_killed_with_an_add_under_a_key(world: World, start: Start, workspace: Open) -> None:
    """Whatever the kill left, the retry with the same key makes one memory and answers with it."""
    for turn in range(8):
        killed(start(world.path, "once", "line", f"key-{turn}", f"turn-{turn}"), 0.01 * turn)
        again = add_memories(workspace(session="line"), [{"body": f"turn-{turn} is said once"}], once=f"key-{turn}")[0]
        assert again.state == "committed"
        assert world.ids_of(f"turn-{turn}") == {again.id}
    world.whole()


def test_a_killed_holder_never_blocks(world: World, start: Start, workspace: Open) -> None:
    killed(start(world.path, "keep"), 0.0)
    assert add_memories(workspace(session="line"), [{"body": "not blocked"}])[0].state == "committed"
