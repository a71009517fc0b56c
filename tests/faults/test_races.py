"""Many processes at once: every acknowledged memory is there exactly once, whoever else moves the refs."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from memcli.branch import store_to_write
from memcli.clock import Clock
from memcli.errors import MemError
from memcli.git import refs
from memcli.git.objects import Move
from memcli.operations.memories.add import _note, add_memories
from memcli.operations.memories.new_memory import complete_memory
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.reject import reject
from memcli.operations.writing.author import author_of
from memcli.operations.writing.new_files import new_files
from memcli.workspace import Workspace
from tests.conftest import Mem
from tests.drained import drain
from tests.faults.conftest import Start
from tests.faults.world import MAIN, SESSIONS, World

Open = Callable[..., Workspace]
SESSION_NAMES = ("alpha", "beta", "gamma")


def finished(*processes: subprocess.Popen[str]) -> list[list[str]]:
    """The lines that each process printed; every one has to have ended well."""
    lines = []
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        lines.append(out.splitlines())
    return lines


def promoted_paths(world: World) -> list[str]:
    """The files that the store's first parents added, one per addition."""
    said = world.git("log", "--first-parent", "--diff-filter=A", "--no-renames", "-m", "--name-only", "--format=", MAIN)
    return [line for line in said.splitlines() if line.endswith(".md") and line != "MEMORY.md"]


def test_sixteen_writers_into_three_sessions(world: World, start: Start, workspace: Open) -> None:
    writers = [start(world.path, "write", SESSION_NAMES[n % 3], f"writer{n}", "25") for n in range(16)]
    finished(*writers)
    drain(workspace())
    world.each_once([f"writer{n}-{number}" for n in range(16) for number in range(25)])
    assert len(world.memories(SESSIONS)) == 400
    assert sum(one["verb"] == "add" for one in world.oplog()) == 400
    world.whole()


def test_writers_of_the_command_line(world: World, mem: Mem) -> None:
    def writes(tag: str) -> list[int]:
        words = [f"{tag}-{number} learned at the terminal" for number in range(4)]
        return [mem("add", text, env={"MEM_SESSION": SESSION_NAMES[len(tag) % 3]}).code for text in words]

    for name in SESSION_NAMES:
        assert mem("session", "start", name).code == 0
    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(writes, ["a", "bb", "ccc", "dddd"]))
    assert codes == [[0] * 4] * 4
    assert mem("add", "the last one", env={"MEM_SESSION": "alpha"}).code == 0
    world.each_once([f"{tag}-{number}" for tag in ["a", "bb", "ccc", "dddd"] for number in range(4)])
    world.whole()


def test_promotions_beside_writers(world: World, start: Start, workspace: Open) -> None:
    writers = [start(world.path, "write", SESSION_NAMES[n % 3], f"writer{n}", "12") for n in range(8)]
    promoters = [start(world.path, "publish", "6", *SESSION_NAMES) for _ in range(2)]
    finished(*writers, *promoters)
    drain(workspace())
    for name in {ref.removeprefix(SESSIONS) for ref in world.refs(SESSIONS)}:
        promote(workspace(), PromoteRequest(name, consent=True))
    markers = [f"writer{n}-{number}" for n in range(8) for number in range(12)]
    world.each_once(markers)
    assert len(world.memories(MAIN)) == len(markers)
    assert len(promoted_paths(world)) == len(set(promoted_paths(world))) == len(markers)
    world.whole()


BY_HAND = """
import subprocess, sys
def git(*words):
    done = subprocess.run(["git", *words], capture_output=True, text=True, cwd=sys.argv[1])
    return done.stdout.strip() if done.returncode == 0 else ""
ref, moved = sys.argv[2], 0
for number in range(400):
    old = git("rev-parse", "--verify", "-q", ref)
    new = git("commit-tree", old + "^{tree}", "-p", old, "-m", f"by hand {number}") if old else ""
    update = ["git", "update-ref", ref, new, old]
    if new and subprocess.run(update, cwd=sys.argv[1], capture_output=True).returncode == 0:
        print(new, flush=True)
        moved += 1
    if moved == 25:
        break
"""


def by_hand(world: World, ref: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BY_HAND, str(world.path), ref]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def is_kept(world: World, commit: str, ref: str) -> bool:
    done = subprocess.run(["git", "merge-base", "--is-ancestor", commit, ref], cwd=world.path, check=False)
    return done.returncode == 0


def test_a_session_ref_moved_by_hand_is_never_overwritten(world: World, start: Start, workspace: Open) -> None:
    add_memories(workspace(session="alpha"), [{"body": "first-0 of all"}])
    hand = by_hand(world, f"{SESSIONS}alpha")
    writers = [start(world.path, "write", "alpha", f"writer{n}", "20") for n in range(3)]
    moved = finished(hand, *writers)[0]
    drain(workspace())
    assert len(moved) == 25
    assert [commit for commit in moved if not is_kept(world, commit, f"{SESSIONS}alpha")] == []
    world.each_once([f"writer{n}-{number}" for n in range(3) for number in range(20)])
    world.whole()


def test_the_store_moved_by_hand_is_never_overwritten(world: World, workspace: Open) -> None:
    hand = by_hand(world, MAIN)
    markers, refused = list[str](), 0
    while hand.poll() is None:
        marker = f"fact-{len(markers)}"
        markers.append(marker)
        name = add_memories(workspace(session=f"line-{len(markers)}"), [{"body": f"{marker} to promote"}])[0].session
        try:
            promote(workspace(), PromoteRequest(name, consent=True))
        except MemError as error:
            assert error.exit_code == 5
            refused += 1
    moved = finished(hand)[0]
    assert [commit for commit in moved if not is_kept(world, commit, MAIN)] == []
    for ref in world.refs(SESSIONS):
        promote(workspace(), PromoteRequest(ref.removeprefix(SESSIONS), consent=True))
    world.each_once(markers)
    assert len(world.memories(MAIN)) == len(markers) > refused
    world.whole()


def collect(world: World, stop: threading.Event) -> None:
    while not stop.is_set():
        subprocess.run(["git", "gc", "-q", "--prune=now"], cwd=world.path, check=False, capture_output=True)


def test_a_garbage_collection_beside_writers_takes_nothing(world: World, start: Start, workspace: Open) -> None:
    stop = threading.Event()
    collector = threading.Thread(target=collect, args=(world, stop))
    collector.start()
    try:
        writers = [start(world.path, "write", SESSION_NAMES[n % 3], f"writer{n}", "20") for n in range(5)]
        finished(*writers, start(world.path, "publish", "4", *SESSION_NAMES))
    finally:
        stop.set()
        collector.join()
    drain(workspace())
    world.each_once([f"writer{n}-{number}" for n in range(5) for number in range(20)])
    world.whole()


def test_refs_that_are_packed_while_others_go_are_not_lost(world: World, workspace: Open) -> None:
    """Every gc packs refs. The user's branches stay, and a session that has ended does not come back."""
    here, made, stop, before = workspace(), list[str](), threading.Event(), set(world.refs("refs/"))
    _, tip = store_to_write(here.layout)
    names = [f"{SESSIONS}line-{number}" for number in range(60)]
    world.git("update-ref", "--stdin", input="".join(f"create {name} {tip}\n" for name in names[::2]))
    world.git("pack-refs", "--all")
    world.git("update-ref", "--stdin", input="".join(f"create {name} {tip}\n" for name in names[1::2]))

    def branch_and_pack() -> None:
        while not stop.is_set():
            made.append(f"refs/heads/branch-{len(made)}")
            world.git("update-ref", made[-1], tip)
            world.git("pack-refs", "--all")

    user = threading.Thread(target=branch_and_pack)
    user.start()
    for name in names:
        refs.move(here.odb, [Move(name, tip, None)], "the end", here.person)
    stop.set()
    user.join()
    assert set(world.refs("refs/")) == before.union(made)


class ClockBeside(Clock):
    """The ids of a call beside which somebody writes at the last moment, with an id before or after its own."""

    other: Workspace
    body: str
    earlier: bool

    def new_operation_id(self, waiting: Iterable[str] = ()) -> str:
        before = self.other.clock.new_operation_id()
        op = later(before, lambda: super(ClockBeside, self).new_operation_id(waiting))
        queue(self.other, self.body, before if self.earlier else later(op, self.other.clock.new_operation_id))
        return op


def later(op: str, new_operation: Callable[[], str]) -> str:
    """A new id after another one; those of one millisecond have no order."""
    while (new := new_operation())[:10] == op[:10]:
        pass
    return new


@pytest.mark.parametrize("earlier", [True, False])
def test_a_rejection_takes_nothing_that_came_after_the_look(world: World, workspace: Open, earlier: bool) -> None:
    add_memories(workspace(session="line"), [{"body": "looked at and refused"}])
    clock = ClockBeside(None)
    clock.other, clock.body, clock.earlier = workspace(session="line"), "not looked at", earlier
    done = reject(Workspace(workspace().config, clock), "line", [], "no")
    assert done.ended
    drain(workspace())
    sessions = workspace().sessions
    waiting = sessions.candidates(sessions.load("line-2"))  # what was not looked at begins a session of its own
    assert [one.title for one in waiting] == ["not looked at"]
    world.whole()


def queue(beside: Workspace, body: str, op: str) -> None:
    """Acknowledge a memory without carrying it out, as a process does that waits for the lock."""
    session = beside.selection.name or ""
    memory = complete_memory({"body": body}, beside.clock.new_memory_id(), author_of(beside.actor, session))
    edits = [file.edit for file in new_files([memory], None)]
    entry = beside.actor.entry("add", session, edits, _note([memory], None))
    beside.journal.append(replace(entry, op=op) if op else entry)
