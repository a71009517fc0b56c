"""The journal's order is its own: an entry sorts behind those that waited when it was made, whatever the clock says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from memcli.core.memory.identity import ulid
from memcli.git.discovery import discover
from memcli.operations.events.hook_entries import append_event
from memcli.operations.review.review import review_session
from memcli.operations.sessions.start import start_session
from memcli.operations.setup.init import init
from memcli.state.journal import Journal
from memcli.state.lock import hold
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo
from tests.drained import drain

Open = Callable[..., Workspace]

AHEAD = """
import datetime, sys

class Ahead(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(hours=5)

datetime.datetime = Ahead
from memcli.cli.main import main
sys.argv = ["mem", *sys.argv[1:]]
main()
"""
"""The program on a machine whose clock is five hours ahead."""


@contextmanager
def locked(repo: Repo) -> Iterator[None]:
    """Nothing is drained in the block."""
    with hold(repo.path / ".git" / "mem" / "lock", 5) as held:
        assert held
        yield


@pytest.mark.parametrize("instant", ["", "1970-01-02T00:00:00Z", "2099-01-01T00:00:00Z"])
def test_an_edit_after_the_clock_stepped_back(repo: Repo, mem: Mem, workspace: Open, instant: str) -> None:
    """The add of a clock five hours ahead waits; its edit by another process comes behind it."""
    init(workspace())
    start_session(workspace(), "line")
    env = {"MEM_SESSION": "line", "MEM_LOCK_TIMEOUT": "0", **({"GIT_COMMITTER_DATE": instant} if instant else {})}
    with locked(repo):
        done = subprocess.run(
            [sys.executable, "-c", AHEAD, "add", "The limit is 5.", "--session", "line", "--json"],
            cwd=repo.path, env={**os.environ, **env}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        [waiting] = Journal(discover(repo.path)).entries("line")
        assert '"queued"' in done.stdout
        edited = mem("edit", waiting.edits[0].id, "--body", "The limit is 7.", env=env)
        assert edited.code == 0, edited.err
    drain(workspace())
    [candidate] = review_session(workspace(), "line").candidates
    assert candidate.after and candidate.after.body == "The limit is 7.\n" and not candidate.after.conflict


def test_every_new_entry_sorts_behind_those_that_wait(repo: Repo, workspace: Open) -> None:
    """Also a hook's, and behind what waits in the spool of a worktree."""
    init(workspace())
    later = ulid(workspace().now + timedelta(hours=5), bytes(10))
    spool = repo.path / ".mem" / "spool"
    spool.mkdir(parents=True)
    (spool / later).write_text("whatever it holds, it waits")
    layout = discover(repo.path)
    append_event(layout, "save", "line", {}, "Ada", None)
    [hooks] = [name for name in Journal(layout).operations() if name != later]
    assert later < hooks
    assert hooks < workspace().actor.entry("start", "line").op


def test_names_that_are_no_ids_move_nothing(repo: Repo, workspace: Open) -> None:
    """A spool lies in the user's tree and may hold anything."""
    init(workspace())
    spool = repo.path / ".mem" / "spool"
    spool.mkdir(parents=True)
    for name in ("7" + 25 * "Z", 26 * "z", 26 * "-", 26 * "Z", "7ZZZZZZZZZ" + 16 * "0"):
        Path(spool, name).write_text("")
    now = ulid(workspace().now, bytes(10))
    assert now[:6] == workspace().actor.entry("start", "line").op[:6]
