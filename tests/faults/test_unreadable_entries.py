"""A waiting entry that cannot be read for a moment goes on waiting; one that was given up can be taken up again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.operations.memories.add import add_memories
from memcli.operations.status.status import store_status
from memcli.workspace import Workspace
from tests.conftest import Mem, Result
from tests.faults.test_locks import to_spool
from tests.faults.test_races import queue
from tests.faults.world import World
from tests.needs import program

Open = Callable[..., Workspace]
ERRORS = ("EMFILE", "ENFILE", "EIO", "EACCES", "ENOMEM", "ESTALE")


def with_error(world: World, file: Path, call: str, error: str, *words: str) -> Result:
    """Run `mem` while every call of the system on a file fails."""
    inject = ["-e", f"trace={call}", "-e", f"inject={call}:error={error}", "-P", str(file), "-o", "/dev/null"]
    done = subprocess.run(
        [program("strace"), "-f", *inject, sys.executable, "-m", "memcli", *words], cwd=world.path,
        capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(("call", "error"), [*(("openat", error) for error in ERRORS), ("read", "EIO")])
@pytest.mark.parametrize("place", ["journal", "spool"])
def test_one_failure_to_read_an_entry_gives_nothing_up(
    world: World, workspace: Open, place: str, call: str, error: str
) -> None:
    queue(workspace(session="line"), "fact-0 waits", "")
    [op] = world.waiting()
    file = world.mem_dir / "journal" / op if place == "journal" else to_spool(world, world.path) / op
    status = with_error(world, file, call, error, "status", "--json")
    assert status.code == 0 and [one["op"] for one in status.json()["unreadable"]] == [op]
    assert status.json()["failed"] == [] and status.json()["queued"] == 1
    done = with_error(world, file, call, error, "add", "fact-1 goes on", "--json")
    assert (done.code, done.json()["state"]) == (0, "committed")
    assert file.exists()
    add_memories(workspace(), [{"body": "fact-2 comes later"}])
    assert store_status(workspace()).state.failed == ()
    world.each_once(["fact-0", "fact-1", "fact-2"])
    world.whole()


def test_a_directory_that_cannot_be_listed_is_told(world: World, workspace: Open) -> None:
    queue(workspace(session="line"), "fact-0 waits", "")
    journal = world.mem_dir / "journal"
    status = with_error(world, journal, "openat", "EIO", "status")
    assert f"waiting: {journal} cannot be read now: Input/output error" in status.out
    add_memories(workspace(), [{"body": "fact-1 comes later"}])
    world.each_once(["fact-0", "fact-1"])


def test_what_was_given_up_is_taken_up_again(world: World, workspace: Open, mem: Mem) -> None:
    queue(workspace(session="line"), "fact-0 was given up", "")
    journal = workspace().journal
    [file] = journal.files()
    journal.set_aside(file, "the disk was away")
    spoiled = "01K00000000000000000000000"
    (world.mem_dir / "journal" / spoiled).write_text("no entry")
    queue(workspace(session="line"), "fact-1 waits beside it", "")
    [spooled] = [path.name for path in to_spool(world, world.path).iterdir() if path.name not in (file.name, spoiled)]
    assert mem("status", "--json").json()["queued"] >= 1
    repaired = mem("doctor", "--repair", "--json")
    checks = {one["message"].split(":")[0]: one for one in repaired.json()["checks"] if one["name"] == "repair"}
    assert repaired.code == 1, "one entry is none"
    assert checks[file.name]["message"] == f"{file.name}: carried out (add)"
    assert checks[spooled]["ok"] and not checks[spoiled]["ok"] and "not a journal entry" in checks[spoiled]["message"]
    world.each_once(["fact-0", "fact-1"])
    assert [op for op, _ in store_status(workspace()).state.failed] == [spoiled]
    assert mem("doctor", "--repair", "--json").json()["checks"][0]["name"] == "repair"
    world.each_once(["fact-0", "fact-1"])
    world.whole()


def test_a_forged_entry_is_not_taken_up(world: World, workspace: Open, mem: Mem) -> None:
    queue(workspace(session="line"), f"fact-0 holds ghp_{'a1B2' * 9}", "")
    to_spool(world, world.path)
    add_memories(workspace(), [{"body": "fact-1 goes on"}])
    repaired = mem("doctor", "--repair", "--json")
    assert [one["ok"] for one in repaired.json()["checks"] if one["name"] == "repair"] == [False]
    assert "ghp_" not in world.git("log", "-p", "--all")


def test_what_cannot_be_carried_out_for_a_moment_waits(world: World, workspace: Open, mem: Mem) -> None:
    """A lock of git's beside the session's ref, as a full disk or a busy machine leaves it."""
    add_memories(workspace(session="line"), [{"body": "fact-0 came first"}])
    lock = world.path / ".git/refs/mem/sessions/line.lock"
    lock.touch()
    queue(workspace(session="line"), "fact-1 waits", "")
    repaired = mem("doctor", "--repair", "--json")
    [check] = [one for one in repaired.json()["checks"] if one["name"] == "repair"]
    assert not check["ok"] and "still waits" in check["message"] and "line.lock" in check["message"]
    lock.unlink()
    assert mem("doctor", "--repair").code == 0
    world.each_once(["fact-0", "fact-1"])
    world.whole()
