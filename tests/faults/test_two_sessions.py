"""Two sessions that began at one commit and changed one memory: whoever is promoted first, the tree is the same.

A person lets both sides of a conflict stand.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from memcli.core.memory.document import Document, parse_document
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.memories.retire import retire_memory
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.sessions.update import update_session
from memcli.workspace import Workspace
from tests.conftest import Mem
from tests.drained import drain
from tests.faults.conftest import Start
from tests.faults.test_races import queue
from tests.faults.world import MAIN, World

Open = Callable[..., Workspace]
BODY = "The queue retries seven times.\n\nThe ledger is locked while it does.\n\nNobody else writes to it.\n"


@pytest.fixture(autouse=True)
def pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """One instant for everything, so that trees depend on what was done only."""
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-20T09:30:00Z")


@pytest.fixture
def shared(world: World, workspace: Open) -> str:
    """The id of a memory in the store."""
    made = add_memories(workspace(session="first"), [{"body": BODY, "title": "Retries", "tags": ("queue",)}])[0]
    promote(workspace(), PromoteRequest("first", consent=True))
    assert world.ids_of("queue", MAIN) == {made.id}
    return made.id


Change = Callable[[Workspace, str], object]


def sets(body: str | None = None, **values: object) -> Change:
    return lambda there, one: edit_memory(there, open_memory(there, one), values, body)  # type: ignore[arg-type]


def retires(there: Workspace, one: str) -> object:
    return retire_memory(there, one, "it was replaced")


def in_both_orders(world: World, workspace: Open, tmp_path: Path, change: dict[str, Change], one: str) -> Document:
    """Change in two sessions, promote them in both orders, and return what stands in the store then."""
    for name, made in change.items():
        made(workspace(session=name), one)
    other = World(tmp_path / "other")
    shutil.copytree(world.path, other.path)
    for place, order in ((world, list(change)), (other, list(change)[::-1])):
        for name in order:
            promote(workspace(place.path), PromoteRequest(name, consent=True, keep_both=True))
        place.whole()
    landed, swapped = (memory_of(place, one) for place in (world, other))
    if landed.get("conflict") is None:
        assert world.tree() == other.tree()
    sides = landed.get("conflict_sides"), swapped.get("conflict_sides")
    assert sides == (None, None) or [*sides[0].values()] == [*sides[1].values()][::-1]  # type: ignore[union-attr]
    assert landed.with_values({"conflict_sides": None}) == swapped.with_values({"conflict_sides": None})
    return landed


def memory_of(place: World, one: str) -> Document:
    (found,) = [seen for seen in place.memories(MAIN) if seen.id == one]
    return parse_document(place.git("show", f"{MAIN}:{found.path}") + "\n")


def test_different_keys(world: World, workspace: Open, tmp_path: Path, shared: str) -> None:
    done = in_both_orders(
        world, workspace, tmp_path, {"a": sets(tags=("queue", "ledger")), "b": sets(confidence="0.5")}, shared
    )
    assert (done.get("tags"), done.get("confidence"), done.get("conflict")) == (("queue", "ledger"), "0.5", None)


def test_the_same_key(world: World, workspace: Open, tmp_path: Path, shared: str) -> None:
    done = in_both_orders(world, workspace, tmp_path, {"a": sets(title="Seven"), "b": sets(title="Eight")}, shared)
    assert done.get("conflict") == "true"
    assert {done.get("title"), done.get("title_other")} == {"Seven", "Eight"}


def test_a_list(world: World, workspace: Open, tmp_path: Path, shared: str) -> None:
    done = in_both_orders(world, workspace, tmp_path, {"a": sets(tags=("queue", "a")), "b": sets(tags=("b",))}, shared)
    assert sorted(map(str, done.get("tags") or ())) == ["a", "b"]
    assert done.get("conflict") is None


def test_different_blocks_of_the_body(world: World, workspace: Open, tmp_path: Path, shared: str) -> None:
    first, second = BODY.replace("seven", "nine"), BODY.replace("Nobody else", "No other service")
    done = in_both_orders(world, workspace, tmp_path, {"a": sets(first), "b": sets(second)}, shared)
    assert done.body == first.replace("Nobody else", "No other service")
    assert done.get("conflict") is None


def test_the_same_block_of_the_body(world: World, workspace: Open, tmp_path: Path, shared: str) -> None:
    first, second = BODY.replace("seven", "nine"), BODY.replace("seven", "three")
    done = in_both_orders(world, workspace, tmp_path, {"a": sets(first), "b": sets(second)}, shared)
    assert "nine times" in done.body
    assert "three times" in done.body
    assert done.get("conflict") == "true"


def test_an_edit_against_a_retirement(world: World, workspace: Open, tmp_path: Path, shared: str) -> None:
    done = in_both_orders(world, workspace, tmp_path, {"a": sets(BODY.replace("seven", "nine")), "b": retires}, shared)
    assert "nine times" in done.body
    assert done.get("conflict") == "true"


def test_two_additions_of_one_key(world: World, workspace: Open, tmp_path: Path, shared: str) -> None:
    """Two memories, one timeline: the same in both orders."""

    def adds(body: str, since: str) -> Change:
        return lambda there, _: add_memories(there, [{"body": body, "key": "queue.retries", "valid_from": since}])

    change = {"a": adds("Nine retries", "2026-01-01"), "b": adds("Three retries", "2026-06-01")}
    in_both_orders(world, workspace, tmp_path, change, shared)
    states = {seen.body.strip(): world.git("show", f"{MAIN}:{seen.path}") for seen in world.memories(MAIN)}
    assert "status: superseded" in states["Nine retries"]
    assert "status: active" in states["Three retries"]


def test_an_update_and_a_promotion_agree(world: World, workspace: Open, shared: str, tmp_path: Path) -> None:
    """Whether a session brings the other's promotion in first or leaves that to its own."""
    sets(title="Seven")(workspace(session="a"), shared)
    sets(BODY.replace("seven", "nine"))(workspace(session="b"), shared)
    promote(workspace(), PromoteRequest("a", consent=True))
    other = World(tmp_path / "other")
    shutil.copytree(world.path, other.path)
    update_session(workspace(other.path), "b")
    for place in (world, other):
        promote(workspace(place.path), PromoteRequest("b", consent=True))
        place.whole()
    assert world.tree() == other.tree()


def test_once(world: World, workspace: Open, mem: Mem) -> None:
    """A retry answers with the first one: ids, session and path; also from another session and the command line."""
    first = add_memories(workspace(session="a"), [{"body": "said once"}, {"body": "said with it"}], once="key 1")
    again = add_memories(workspace(session="b"), [{"body": "said once"}, {"body": "said with it"}], once="key 1")
    assert [(one.id, one.session, one.path, one.state) for one in again] == [
        (one.id, "a", one.path, "committed") for one in first
    ]
    assert mem("session", "start", "c").code == 0
    told = mem("add", "said differently", "--once", "key 1", "--json", env={"MEM_SESSION": "c"})
    assert (told.code, told.json()["id"], told.json()["session"]) == (0, first[0].id, "a")
    assert len(world.memories()) == 2
    promote(workspace(), PromoteRequest("a", consent=True))
    assert add_memories(workspace(session="b"), [{"body": "said once"}], once="key 1")[0].id == first[0].id
    assert add_memories(workspace(session="b"), [{"body": "said once"}], once="key 2")[0].id != first[0].id
    world.whole()


def test_once_from_many_processes(world: World, start: Start, workspace: Open) -> None:
    running = [start(world.path, "once", f"line-{number % 3}", "the key", "marker") for number in range(8)]
    answers = {process.communicate(timeout=60)[0].rsplit(" ", 1)[0] for process in running}
    assert len(answers) == 1
    drain(workspace())
    assert len(world.memories()) == 1
    assert [one["once"] for one in world.oplog()] == ["the key"]
    world.whole()


def test_once_in_one_batch(world: World, workspace: Open) -> None:
    """Two entries with one key wait for the lock: the earlier one is carried out, in its session."""
    for name in ("a", "b"):
        beside = workspace(session=name)
        queue(beside, f"marker said in {name}", "")
        (file,) = [world.mem_dir / "journal" / op for op in world.waiting()[-1:]]
        file.write_text(file.read_text().replace('"summary":', '"once": "the key", "summary":'))
    drain(workspace())
    assert {seen.ref for seen in world.memories()} == {"refs/mem/sessions/a"}
    world.whole()


def test_once_with_threads(world: World, workspace: Open) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(
            pool.map(lambda n: add_memories(workspace(session=f"s-{n}"), [{"body": "x marker"}], once="k"), range(4))
        )
    assert len({(one.id, one.session) for (one,) in made}) == 1
    assert len(world.memories()) == 1
