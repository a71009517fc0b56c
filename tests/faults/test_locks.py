"""Locks that somebody holds, and entries nobody can read: a memory waits, a decision is refused, nothing is blocked."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.operations.memories.add import add_memories
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.sessions.save import save_session
from memcli.operations.sessions.start import start_session as start_session
from memcli.operations.status.status import store_status
from memcli.state.journal import FileEdit
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo
from tests.faults.conftest import Start
from tests.faults.test_races import queue
from tests.faults.world import MAIN, SESSIONS, World
from tests.waiting import a_minute_old

Open = Callable[..., Workspace]
LINE = {"MEM_SESSION": "line"}


def test_a_stale_lock_beside_a_session(world: World, mem: Mem, workspace: Open) -> None:
    add_memories(workspace(session="line"), [{"body": "fact-0 came first"}])
    assert mem("session", "start", "other").code == 0
    lock = world.path / ".git" / f"{SESSIONS}line.lock"
    lock.touch()
    waits = mem("add", "fact-1 waits for a lock", "--json", env=LINE)
    assert (waits.code, waits.json()["state"]) == (0, "queued")
    assert "line.lock" in waits.out
    for words in (["promote", "line", "--yes"], ["reject", "line"]):
        refused = mem(*words, "--json")
        assert refused.code == 5
        assert str(lock) in refused.error()["message"]
    assert lock.exists()
    assert (
        mem("add", "fact-2 of another session", "--json", env={"MEM_SESSION": "other"}).json()["state"] == "committed"
    )
    assert mem("promote", "other", "--yes").code == 0
    lock.unlink()
    assert mem("promote", "line", "--yes").code == 0
    assert [one["verb"] for one in world.oplog() if one["session"] == "line"] == ["add", "add", "promote"]
    world.each_once(["fact-0", "fact-1", "fact-2"])
    world.whole()


def test_a_stale_lock_beside_the_store(world: World, mem: Mem) -> None:
    assert mem("session", "start", "line").code == 0
    lock = world.path / ".git" / f"{MAIN}.lock"
    lock.touch()
    added = mem("add", "fact-0 needs the store's ref not at all", "--json", env=LINE)
    assert (added.code, added.json()["state"]) == (0, "committed")
    before = world.refs("refs/")
    refused = mem("promote", "line", "--yes", "--json")
    assert refused.code == 5
    assert str(lock) in refused.error()["message"]
    assert world.refs("refs/") == before
    lock.unlink()
    assert mem("promote", "line", "--yes").code == 0
    world.each_once(["fact-0"])
    world.whole()


@pytest.mark.parametrize("stale", [True, False])
def test_a_lock_in_the_worktree_of_a_session(world: World, workspace: Open, stale: bool) -> None:
    """What was saved is recorded; HEAD follows now where the lock is stale, at the next save where git is at work."""
    place = start_session(workspace(), "desk", worktree=True).worktree
    assert place
    lock = world.path / ".git" / "worktrees" / "desk" / "HEAD.lock"
    lock.touch()
    if stale:
        os.utime(lock, (0, 0))
    for number in range(2):
        file = place / "semantic" / "general" / f"file-{number}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"fact-{number} written with an editor\n")
        a_minute_old(file)
        assert save_session(workspace(), "desk").state == "committed"
    head = (world.path / ".git" / "worktrees" / "desk" / "HEAD").read_text().strip()
    assert (head == world.refs(SESSIONS)[f"{SESSIONS}desk"]) == stale
    lock.unlink(missing_ok=True)
    save_session(workspace(), "desk")
    world.each_once(["fact-0", "fact-1"])
    assert world.git("-C", str(place), "status", "--porcelain") == ""
    world.whole()


def test_another_process_holds_the_store(world: World, mem: Mem, start: Start, workspace: Open) -> None:
    ids = [add_memories(workspace(session="line"), [{"body": f"fact-{number} was there"}])[0].id for number in range(2)]
    holder = start(world.path, "keep")
    assert holder.stdout and holder.stdout.readline() == "held True\n"
    before = world.refs("refs/")
    commands = [["add", "fact-2 waits", "--json"], ["promote", "line", "--yes"], ["undo"], ["reject", ids[0]]]
    added, *refused = (mem(*words, env={**LINE, "MEM_LOCK_TIMEOUT": "0"}) for words in commands)
    assert (added.code, added.json()["state"]) == (0, "queued")
    assert [one.code for one in refused] == [7, 7, 7]
    assert world.refs("refs/") == before
    assert len(world.waiting()) == 1
    holder.kill()
    holder.wait()
    assert mem("promote", "line", "--yes").code == 0
    assert len(world.memories(MAIN)) == 3
    world.each_once(["fact-0", "fact-1", "fact-2"])
    world.whole()


def entry(**said: object) -> str:
    """The text of an entry that is right but for what is said."""
    right = {"v": 1, "op": "OP", "verb": "add", "session": "line", "actor": "a", "agent": None, "at": "", "edits": []}
    return json.dumps({**right, "note": {}, **said})


def edit(**said: object) -> list[object]:
    return [{"path": "semantic/a/b.md", "id": "", "base_blob": None, "text": "a text", **said}]


HOSTILE = {
    "torn": '{"v": 1, "op"',
    "a list": "[1, 2]",
    "deep": "[" * 50_000,
    "another version": entry(v=99),
    "numbers for texts": entry(verb=6, actor=8),
    "an edit that is none": entry(edits=edit(path=5, text=7)),
    "half a character": entry(edits=edit(text="\ud800")),
    "a path outside": entry(edits=edit(path="semantic/../../x.md")),
    "git's own folder": entry(edits=edit(path="semantic/.git/x.md")),
    "a path with a NUL": entry(edits=edit(path="semantic/a/\0.md")),
    "a session that is none": entry(session="../up"),
    "a copy": entry(op="01K00000000000000000000000"),
}


@pytest.mark.parametrize("place", ["journal", "spool"])
def test_an_entry_that_cannot_be_read_blocks_nothing(world: World, workspace: Open, place: str) -> None:
    home = world.mem_dir / "journal" if place == "journal" else world.path / ".mem" / "spool"
    home.mkdir(parents=True, exist_ok=True)
    names = [workspace().clock.new_operation_id() for _ in HOSTILE]
    for name, text in zip(names, HOSTILE.values(), strict=True):
        (home / name).write_text(text.replace("OP", name))
    added = add_memories(workspace(session="line"), [{"body": "fact-0 goes on"}])[0]
    assert added.state == "committed"
    assert {op for op, _ in store_status(workspace()).state.failed} == set(names)
    world.each_once(["fact-0"])
    world.whole()


def to_spool(world: World, worktree: Path) -> Path:
    """Move what waits in the journal into the spool of a worktree, as if `.git` had been read-only."""
    spool = worktree / ".mem" / "spool"
    spool.mkdir(parents=True, exist_ok=True)
    for name in world.waiting():
        (world.mem_dir / "journal" / name).rename(spool / name)
    return spool


def test_a_spool_is_checked_like_a_write(world: World, workspace: Open) -> None:
    """An entry forged with a secret in it is set aside; a good one is carried out."""
    beside = workspace(session="line")
    text = f"---\nid: {beside.clock.new_memory_id()}\ntitle: forged\nkind: semantic\n---\ntoken ghp_{'a1B2' * 9}\n"
    edits = [FileEdit("semantic/general/x.md", "", None, text)]
    beside.journal.append(beside.actor.entry("add", "line", edits))
    queue(workspace(session="line"), "fact-0 was spooled", "")
    to_spool(world, world.path)
    add_memories(workspace(session="next"), [{"body": "fact-1 came next"}])
    world.each_once(["fact-0", "fact-1"])
    assert ["secret" in reason for _, reason in store_status(workspace()).state.failed] == [True]
    assert "ghp_" not in world.git("log", "-p", "--all")


def test_the_spool_of_a_linked_worktree_is_drained(world: World, repo: Repo, workspace: Open, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    repo.git("worktree", "add", "-q", str(linked))
    queue(workspace(linked, session="line"), "fact-0 was spooled beside", "")
    spool = to_spool(world, linked)
    assert store_status(workspace()).state.queued == 1
    add_memories(workspace(session="line"), [{"body": "fact-1 from the main worktree"}])
    assert list(spool.iterdir()) == []
    world.each_once(["fact-0", "fact-1"])
    world.whole()


def test_a_promotion_takes_what_is_spooled_along(world: World, workspace: Open) -> None:
    queue(workspace(session="line"), "fact-0 was spooled", "")
    to_spool(world, world.path)
    assert promote(workspace(), PromoteRequest("line", consent=True)).commit
    assert world.ids_of("fact-0", MAIN)
