"""A disk that fills up: a write is acknowledged and later there, or refused with nothing recorded; never in between.

A small file system in memory is filled to a few pages less than each step needs, one page more each time, so that
every file of the write path is the one that does not fit.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from memcli.errors import MemError
from memcli.operations.history.undo import undo
from memcli.operations.memories.add import add_memories
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.conftest import Mem
from tests.faults.world import ENDED, MAIN, SESSIONS, World

Open = Callable[..., Workspace]
PAGE = 4096
PAGES = range(0, 46, 2)


@pytest.fixture
def small(tmp_path: Path, workspace: Open) -> Iterator[World]:
    """A repository with a store on a file system of its own."""
    place = tmp_path / "small"
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("needs root to mount a small file system")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"needs a small file system, which cannot be mounted: {mounted.stderr.decode().strip()}")
    try:
        repository = place / "repo"
        subprocess.run(["git", "init", "-q", str(repository)], check=True)
        init(workspace(repository))
        yield World(repository)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def fill(world: World, pages: int) -> Path:
    """Take all of the room but some pages, with one file."""
    filler = world.path.parent / "filler"
    free = os.statvfs(world.path).f_bavail * os.statvfs(world.path).f_frsize
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, free - pages * PAGE)
    return filler


def test_adds(small: World, workspace: Open) -> None:
    outcomes = set[str]()
    for pages in PAGES:
        marker, acknowledged = f"fact-{pages}", True
        filler = fill(small, pages)
        try:
            outcomes.add(
                add_memories(workspace(small.path, session=f"line-{pages}"), [{"body": f"{marker} on a full disk"}])[
                    0
                ].state
            )
        except (MemError, OSError) as error:
            acknowledged = False
            outcomes.add(type(error).__name__)
        filler.unlink()
        add_memories(workspace(small.path, session="next"), [{"body": f"next-{pages} has room"}])
        small.whole()
        assert len(small.ids_of(marker)) == int(acknowledged)
        small.each_once([f"next-{pages}"])
    assert {"Failure", "queued", "committed"} <= outcomes


def test_promotions_and_their_undo(small: World, workspace: Open) -> None:
    """Either everything happened, and says so, or all is as it was."""
    outcomes = set[tuple[str, bool]]()
    for pages in PAGES:
        name = add_memories(workspace(small.path, session=f"line-{pages}"), [{"body": f"fact-{pages} to promote"}])[
            0
        ].session
        promoting = partial(promote, workspace(small.path), PromoteRequest(name, consent=True))
        outcomes.add(("promote", all_or_nothing(small, workspace, pages, promoting)))
        promotion = next(one["op"] for one in reversed(small.oplog()) if one["verb"] == "promote")
        outcomes.add(("undo", all_or_nothing(small, workspace, pages, partial(undo, workspace(small.path), promotion))))
        small.each_once([f"fact-{pages}"])
        promote(workspace(small.path), PromoteRequest(name, consent=True))
        assert small.ids_of(f"fact-{pages}", MAIN)
    assert outcomes == {("promote", True), ("promote", False), ("undo", True), ("undo", False)}


def all_or_nothing(small: World, workspace: Open, pages: int, step: Callable[[], object]) -> bool:
    """Whether a step was done on a disk with a few pages left; where it was not, it is taken again with room."""
    before, done = small.refs(MAIN, SESSIONS, ENDED), True
    filler = fill(small, pages)
    try:
        step()
    except (MemError, OSError):
        done = False
    after = small.refs(MAIN, SESSIONS, ENDED)
    filler.unlink()
    assert (after != before) == done
    add_memories(workspace(small.path, session="next"), [{"body": f"next-{pages} has room"}])
    small.whole()
    if not done:
        step()
    return done


def test_the_command_line_says_so(small: World, mem: Mem) -> None:
    assert mem("session", "start", "line", cwd=small.path).code == 0
    filler = fill(small, 0)
    refused = mem("add", "no room for this", "--json", cwd=small.path, env={"MEM_SESSION": "line"})
    assert refused.code == 1
    assert "nothing was recorded" in refused.error()["message"]
    filler.unlink()
    assert mem("add", "room again", cwd=small.path, env={"MEM_SESSION": "line"}).code == 0
    assert [one.body.strip() for one in small.memories(SESSIONS)] == ["room again"]
