"""Dreams that are killed, doubled or overtaken: the store is whole, and what comes of them is what would have come."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli import config
from memcli.operations.dream.dream import run_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.dream.start_resume import DreamResult
from memcli.operations.memories.add import add_memories
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.state.lock import hold
from memcli.workspace import Workspace
from tests.faults.conftest import Start
from tests.faults.test_kills import killed
from tests.faults.world import SESSIONS, World

Open = Callable[..., Workspace]
KILLS = int(os.environ.get("MEM_KILLS", "10"))
"""200 take four minutes."""
RETRIES = "The webhook retry queue of the payments service retries every failed delivery with growing pauses."
BODIES = (RETRIES, f"{RETRIES} The queue is durable.", "Deploys run before noon.", "Deploys run after noon.",
          "The ledger was moved to Postgres yesterday.")  # fmt: skip


@pytest.fixture
def asleep(world: World, workspace: Open, monkeypatch: pytest.MonkeyPatch) -> World:
    """A store with something for each phase, and one clock for all dreams."""
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-20T12:00:00Z")
    drafts = [*({"body": body} for body in BODIES), {"body": "The sale ends soon.", "expires": "2026-01-01"}]
    made = add_memories(workspace(session="work"), drafts)
    promote(workspace(), PromoteRequest(made[0].session, consent=True))
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-25T12:00:00Z")
    return world


def dreamt_in(path: Path) -> DreamResult:
    return run_dream(Workspace(config.load(config.Flags(directory=str(path)))), DreamRequest())


def proposed(world: World) -> str:
    """The tree of the one open dream."""
    (ref,) = world.refs(f"{SESSIONS}dream-")
    return world.tree(ref)


def files(world: World) -> list[str]:
    """The memories that the one open dream proposes, with their blobs."""
    (ref,) = world.refs(f"{SESSIONS}dream-")
    listed = world.git("ls-tree", "-r", ref).splitlines()
    return [line for line in listed if ".session/" not in line]


def test_killed_at_any_moment_the_next_dream_ends_with_the_same_tree(
    asleep: World, tmp_path: Path, start: Start
) -> None:
    chance, places = random.Random(3), [tmp_path / f"copy-{number}" for number in range(KILLS + 1)]
    for place in places:
        shutil.copytree(asleep.path, place)
    dreamt_in(places[0])
    wanted, before = proposed(World(places[0])), asleep.tree()
    for place in places[1:]:
        killed(start(place, "dreams"), chance.uniform(0.0, 0.5))
        dreamt_in(place)
        copy = World(place)
        copy.whole()
        assert (copy.tree(), proposed(copy)) == (before, wanted)
        shutil.rmtree(place)


def test_two_dreams_at_once_make_one(asleep: World, start: Start) -> None:
    processes = [start(asleep.path, "dreams") for _ in range(2)]
    said = [process.communicate(timeout=60)[0].split()[-1] for process in processes]
    assert len(set(said)) == 1
    proposed(asleep)
    asleep.whole()


def test_a_running_dream_keeps_a_second_one_out_and_a_dead_one_nobody(asleep: World, workspace: Open) -> None:
    with hold(asleep.mem_dir / "dream.lock", 0) as held:
        assert held
        assert run_dream(workspace(), DreamRequest(auto=True)).gate == "lock"
    assert run_dream(workspace(), DreamRequest()).session


def test_others_write_and_promote_beside_an_open_dream(asleep: World, workspace: Open) -> None:
    done = dreamt_in(asleep.path)
    made = add_memories(workspace(session="beside"), [{"body": "The gateway listens on port 8080 in every region."}])
    promote(workspace(), PromoteRequest(made[0].session, consent=True))
    assert done.session
    promote(workspace(), PromoteRequest(done.session, consent=True))
    asleep.whole()
    assert len(asleep.memories()) == len(BODIES) + 2
    assert dreamt_in(asleep.path).steps == ()


def test_a_dream_that_was_overtaken_before_its_end_is_finished_all_the_same(
    asleep: World, tmp_path: Path, workspace: Open
) -> None:
    """The store moves on between two phases: the dream goes on from where it began."""
    from memcli.git.objects import Move
    from memcli.operations.dream.recorder import progress_of
    from memcli.state.publication import Publication

    copy = tmp_path / "copy"
    shutil.copytree(asleep.path, copy)
    wanted = dreamt_in(copy)
    shutil.rmtree(asleep.path)
    shutil.copytree(copy, asleep.path)
    here = workspace()
    session = here.sessions.load(str(wanted.session))
    prune = next(one for one in here.odb.first_parents(session.tip) if "Mem-Phase: prune" in one.message)
    moves = (Move(SESSIONS + session.name, session.tip, prune.id),)
    here.publisher.publish(Publication("back to the prune", moves), here.person)
    made = add_memories(workspace(session="beside"), [{"body": f"{RETRIES} It has a metric."}])
    promote(workspace(), PromoteRequest(made[0].session, consent=True))
    dreamt_in(asleep.path)
    assert files(asleep) == files(World(copy))
    assert progress_of(here.odb, session).complete
