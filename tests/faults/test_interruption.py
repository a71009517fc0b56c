"""Ctrl-C at moments spread over whole calls: exit 130, no traceback, nothing half done, what is recorded is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from memcli.operations.memories.add import add_memories
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.workspace import Workspace
from tests.conftest import Mem
from tests.drained import drain
from tests.faults.world import SESSIONS, World
from tests.waiting import LIMIT

MOMENTS = 50 if "MEM_TEST_ALL" in os.environ else 10
PROGRAM = "import os, sys; from memcli.cli.main import main; os.close(int(sys.argv.pop(1))); main()"
"""The console script, but that it tells by closing a pipe that our first line has run: what comes before is Python's
own start."""
Open = Callable[..., Workspace]


@dataclass(frozen=True)
class Ended:
    """How a call ended that was interrupted after `delay` seconds; `in_time`: it still ran then."""

    code: int
    out: str
    err: str
    in_time: bool


def interrupted(root: Path, words: tuple[str, ...], delay: float | None) -> tuple[Ended, float]:
    """Run a command and interrupt it (None: do not); how it ended, and after how many seconds."""
    ready, told = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(told), *words], cwd=root, pass_fds=(told,), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(told)
    with os.fdopen(ready, "rb") as stream:
        stream.read()  # ends when the program has closed its end
    start = time.monotonic()
    if delay is not None:
        time.sleep(delay)
    in_time = process.poll() is None
    if delay is not None:
        process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LIMIT)
    return Ended(process.returncode, out, err, in_time), time.monotonic() - start


def through(root: Path, words: Callable[[int], tuple[str, ...]], check: Callable[[int, Ended], None]) -> None:
    """Interrupt a command at moments spread over its time, and check each."""
    length = min(interrupted(root, words(number), None)[1] for number in (1001, 1002))
    ended = []
    for number in range(MOMENTS):
        ended.append(interrupted(root, words(number), length * number / MOMENTS)[0])
        last = ended[-1]
        assert "Traceback" not in last.err and "internal error" not in last.err, last
        assert last.code == 130 or (last.code == 0 and (last.out or not last.in_time)), last  # its answer was out
        check(number, last)
    assert sum(one.code == 130 for one in ended) > MOMENTS / 2


@pytest.fixture
def store(world: World, workspace: Open) -> World:
    """A store with near-duplicates to dream about, and a session `line`."""
    texts = [f"Part {n} of the ledger retries {n} times." for n in range(8)] + [
        f"{word} wait for two reviews." for word in ("Deploys", "The deploys")
    ]
    add_memories(workspace(session="old"), [{"body": text, "tags": (f"t{n}",)} for n, text in enumerate(texts)])
    promote(workspace(), PromoteRequest("old", consent=True))
    add_memories(workspace(session="line"), [{"body": "line-0 begins"}])
    return world


def test_add(store: World, workspace: Open) -> None:
    def check(number: int, ended: Ended) -> None:
        waiting = store.waiting()
        drain(workspace())
        is_recorded = bool(store.ids_of(f"fact-{number}"))
        assert (f"fact-{number}" in ended.out or "is recorded (id " in ended.err) >= is_recorded, ended
        assert ended.code == 0 or ("is recorded" in ended.err) == is_recorded, ended
        assert ("next command carries it out" in ended.err) == bool(waiting), ended
        store.whole()

    through(store.path, lambda number: ("add", f"fact-{number} comes now", "--session", "line"), check)


def test_promote(store: World, workspace: Open) -> None:
    def words(number: int) -> tuple[str, ...]:
        add_memories(workspace(session=f"next{number}"), [{"body": f"fact-{number} to promote"}])
        return ("promote", f"next{number}", "--yes")

    def check(number: int, ended: Ended) -> None:
        promoted = store.ids_of(f"fact-{number}", "refs/heads/mem/main")
        assert ended.code == 0 or (f"'promote next{number}' is done" in ended.err) == bool(promoted), ended
        store.whole()

    through(store.path, words, check)


def test_recall(store: World) -> None:
    def check(_: int, ended: Ended) -> None:
        assert ended.code == 0 or ended.err in (
            "",
            "error: interrupted; nothing was recorded\nhint: run the command again\n",
        )

    through(store.path, lambda _: ("recall", "ledger retries", "--session", "line"), check)


def test_dream(store: World, mem: Mem, workspace: Open) -> None:
    def check(_: int, ended: Ended) -> None:
        drain(workspace())
        store.whole()
        if dreams := [ref for ref in store.refs(SESSIONS) if "dream-" in ref]:
            assert mem("dream").code == 0, ended
            subprocess.run(["git", "update-ref", "-d", dreams[0]], cwd=store.path, check=True)

    through(store.path, lambda _: ("dream",), check)


def test_with_json_the_error_is_a_document(store: World) -> None:
    ended, _ = interrupted(store.path, ("add", "told as json", "--session", "line", "--json"), 0.0)
    assert ended.code == 130
    assert ended.err == "" or '"code": "interrupted"' in ended.err


def test_who_ignores_the_signal_goes_on_ignoring_it(store: World) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        ended, _ = interrupted(store.path, ("add", "written all the same", "--session", "line"), 0.05)
    finally:
        signal.signal(signal.SIGINT, before)
    assert (ended.code, "Traceback" in ended.err) == (0, False)
