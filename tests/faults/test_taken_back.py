"""Undo and reject: what is taken back goes, everything else stays, and what was undone can be proposed again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from memcli.core.memory.document import parse_document
from memcli.core.review.candidates import Candidate
from memcli.errors import Conflict, Failure, NotFound
from memcli.operations.history.undo import undo
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.memories.supersede import supersede_memory
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.reject import reject
from memcli.operations.writing.record import record_entry
from memcli.state.journal import FileEdit
from memcli.workspace import Workspace
from tests.conftest import Mem
from tests.drained import drain
from tests.faults.test_races import queue
from tests.faults.world import ENDED, MAIN, SESSIONS, World

Open = Callable[..., Workspace]


def learn(workspace: Open, *bodies: str, session: str = "line") -> list[str]:
    """Add memories one by one; their ids."""
    return [add_memories(workspace(session=session), [{"body": body}])[0].id for body in bodies]


def proposed(workspace: Open, name: str = "line") -> list[Candidate]:
    return workspace().sessions.candidates(workspace().sessions.load(name))


def proposed_ids(workspace: Open, name: str = "line") -> set[str]:
    return {one.id for one in proposed(workspace, name)}


def rewrite(workspace: Open, memory_id: str, values: dict[str, str], body: str) -> None:
    """Change a file of the session as a save of its worktree does, which also holds what was rejected."""
    beside = workspace(session="line")
    changes = beside.sessions.changes(beside.sessions.load("line"))
    one = next(one for one in changes if one.id == memory_id)
    text = parse_document(one.new_text).with_values(values).with_body(body).text()
    blob = beside.odb.file(beside.store.tree_of(beside.sessions.load("line").tip), one.path)
    record_entry(
        beside, beside.actor.entry("save", "line", [FileEdit(one.path, one.id, blob, text)], {"summary": one.path})
    )


def test_one_of_three_grouped_adds(world: World, workspace: Open) -> None:
    for number in range(3):
        queue(workspace(session="line"), f"fact-{number} of a group", "")
    drain(workspace())
    assert len({move["new"] for one in world.oplog() for move in one["moves"]}) == 1
    second = next(one["op"] for one in world.oplog() if one["summary"].startswith("fact-1"))
    assert undo(workspace(), second).inverse
    assert world.ids_of("fact-1") == set()
    world.each_once(["fact-0", "fact-2"])
    world.whole()


def test_the_last_add_moves_the_ref_back(world: World, workspace: Open) -> None:
    learn(workspace, "fact-0 stays")
    before = world.refs(SESSIONS)
    learn(workspace, "fact-1 goes")
    lost = world.refs(SESSIONS)[f"{SESSIONS}line"]
    assert not undo(workspace()).inverse
    assert world.refs(SESSIONS) == before
    assert lost in world.refs("refs/mem/rescue/").values()


def test_undo_again_and_again(world: World, workspace: Open) -> None:
    learn(workspace, "fact-0 one", "fact-1 two", "fact-2 three")
    for left in (["fact-0", "fact-1"], ["fact-0"], []):
        undo(workspace())
        world.each_once(left)
        assert len(world.memories()) == len(left)
    with pytest.raises(NotFound):
        undo(workspace())
    learn(workspace, "fact-3 after it all")
    world.each_once(["fact-3"])
    world.whole()


def test_a_pushed_promotion_is_undone_by_its_inverse(world: World, workspace: Open) -> None:
    learn(workspace, "fact-0 stays", session="before")
    promote(workspace(), PromoteRequest("before", consent=True))
    tree = world.tree()
    ids = learn(workspace, "fact-1 goes", "fact-2 goes")
    done = promote(workspace(), PromoteRequest("line", consent=True))
    world.git("update-ref", "refs/remotes/origin/mem/main", MAIN)
    undone = undo(workspace())
    assert (undone.inverse, undone.reopened) == (True, ("line",))
    assert world.git("merge-base", "--is-ancestor", str(done.commit), MAIN) == ""
    assert world.git("diff", tree, MAIN) == ""
    assert proposed_ids(workspace) == set(ids)
    promote(workspace(), PromoteRequest("line", consent=True))
    assert len(world.memories(MAIN)) == 3
    world.each_once(["fact-0", "fact-1", "fact-2"])
    world.whole()


@pytest.mark.parametrize("pushed", [True, False])
def test_the_undo_of_a_promotion_in_part_proposes_it_again(world: World, workspace: Open, pushed: bool) -> None:
    """The session has gone on with what was left: what is taken out of the store comes back into it."""
    ids = learn(workspace, "fact-0 promoted", "fact-1 left")
    promote(workspace(), PromoteRequest("line", ids[:1], consent=True))
    promotion = world.oplog()[-1]["op"]
    if pushed:
        world.git("update-ref", "refs/remotes/origin/mem/main", MAIN)
    ids += learn(workspace, "fact-2 came later")
    edit_memory(
        workspace(session="line"), open_memory(workspace(session="line"), ids[0]), {}, "fact-0 promoted, and edited"
    )
    ops = [one["op"] for one in world.oplog()]
    undo(workspace(), promotion)
    assert len(world.oplog()) == len(ops) + 1
    assert world.memories(MAIN) == []
    assert proposed_ids(workspace) == set(ids)
    promote(workspace(), PromoteRequest("line", consent=True))
    world.each_once(["fact-0", "fact-1", "fact-2"])
    assert [one.body for one in world.memories(MAIN) if one.id == ids[0]] == ["fact-0 promoted, and edited\n"]
    world.whole()


@pytest.mark.parametrize("number", [1, 2])
def test_the_undo_of_a_rejection(world: World, workspace: Open, number: int) -> None:
    """Of one of two, and of all, which has ended the session."""
    ids = learn(workspace, "fact-0 refused", "fact-1 refused too")
    assert reject(workspace(), "line", ids[:number], "no").ended == (number == 2)
    undo(workspace())
    assert proposed_ids(workspace) == set(ids)
    promote(workspace(), PromoteRequest("line", consent=True))
    world.each_once(["fact-0", "fact-1"])
    world.whole()


def test_the_undo_of_a_rejection_after_a_promotion(world: World, workspace: Open) -> None:
    """The promotion carried the session on without the refused one."""
    ids = learn(workspace, "fact-0 refused", "fact-1 promoted", "fact-2 left")
    reject(workspace(), "line", ids[:1], "no")
    rejection = world.oplog()[-1]["op"]
    promote(workspace(), PromoteRequest("line", ids[1:2], consent=True))
    undo(workspace(), rejection)
    assert proposed_ids(workspace) == {ids[0], ids[2]}
    world.whole()


def test_the_undo_of_the_first_of_two_rejections(world: World, workspace: Open) -> None:
    """It is not what ended the session, and brings back its own only."""
    ids = learn(workspace, "fact-0 refused", "fact-1 refused too")
    reject(workspace(), "line", ids[:1], "no")
    rejection = world.oplog()[-1]["op"]
    reject(workspace(), "line", [], "no")
    assert f"{ENDED}line" in world.refs(ENDED)
    undo(workspace(), rejection)
    assert proposed_ids(workspace) == set(ids[:1])
    world.whole()


def test_an_agent_undoes_its_own_in_its_own_session(world: World, workspace: Open) -> None:
    mine = add_memories(workspace(session="mine", agent="codex"), [{"body": "fact-0 of the agent"}])[0]
    learn(workspace, "fact-1 of a person", session="mine")
    add_memories(workspace(session="other", agent="codex"), [{"body": "fact-2 of the agent elsewhere"}])
    with pytest.raises(NotFound):
        undo(workspace(session="third", agent="codex"))
    undo(workspace(session="mine", agent="codex"))
    assert mine.id not in {one.id for one in world.memories()}
    with pytest.raises(NotFound):
        undo(workspace(session="mine", agent="codex"))
    world.each_once(["fact-1", "fact-2"])


def test_in_part_then_more_work_then_all(world: World, workspace: Open) -> None:
    ids = learn(workspace, "fact-0 A", "fact-1 B")
    assert [one.id for one in promote(workspace(), PromoteRequest("line", ids[:1], consent=True)).left] == ids[1:]
    ids += learn(workspace, "fact-2 C")
    promote(workspace(), PromoteRequest("line", consent=True))
    assert {one.id for one in world.memories(MAIN)} == set(ids)
    world.each_once(["fact-0", "fact-1", "fact-2"])
    assert world.refs(SESSIONS) == {}
    world.whole()


def test_refs_of_which_one_cannot_move_stay_where_they_were(world: World, workspace: Open) -> None:
    """The store's ref has moved by the time that git cannot write the log of another one: it is moved back."""
    learn(workspace, "fact-0 to promote")
    world.git("config", "core.logAllRefUpdates", "always")
    in_the_way = world.path / ".git" / "logs" / f"{ENDED}line" / "file"
    in_the_way.parent.mkdir(parents=True)
    in_the_way.touch()
    before = world.refs("refs/")
    with pytest.raises(Failure, match="cannot move the refs"):
        promote(workspace(), PromoteRequest("line", consent=True))
    assert world.refs("refs/") == before
    assert "rolled back" in world.git("reflog", MAIN)
    in_the_way.unlink()
    assert promote(workspace(), PromoteRequest("line", consent=True)).commit
    world.whole()


def reachable(world: World) -> str:
    """Every text and every commit message that `mem/main` reaches."""
    objects = [line.split(" ")[0] for line in world.git("rev-list", "--objects", MAIN).splitlines()]
    kinds = [(name, world.git("cat-file", "-t", name)) for name in objects]
    return "\n".join(world.git("cat-file", "-p", name) for name, kind in kinds if kind != "tree") + "\n".join(
        world.git("rev-list", "--objects", MAIN).splitlines()
    )


def test_what_was_rejected_is_not_reachable(world: World, workspace: Open) -> None:
    """Nor its title; also where it was edited later and the edit was promoted, and where it came in one commit."""
    ids = learn(workspace, "Zebra secret plan", "Fact that stays")
    batch = [{"body": "Walrus refused"}, {"body": "Otter accepted"}]
    ids += [one.id for one in add_memories(workspace(session="line"), batch)]
    ids += learn(workspace, "Yak claim, first version")
    reject(workspace(), "line", [ids[0], ids[2], ids[4]], "not this")
    rewrite(workspace, ids[4], {"title": "Yak, corrected"}, "Corrected\n")
    ids += learn(workspace, "Left for later")
    promote(workspace(), PromoteRequest("line", [ids[1], ids[3], ids[4]], consent=True))
    text = reachable(world)
    assert [word for word in ("Zebra", "zebra", "Walrus", "walrus", "first version", "Left for") if word in text] == []
    assert [word for word in ("Fact that stays", "Otter accepted", "Corrected") if word not in text] == []
    promote(workspace(), PromoteRequest("line", consent=True))
    text = reachable(world)
    assert [word for word in ("Zebra", "zebra", "Walrus", "walrus", "first version") if word in text] == []
    assert "Left for later" in text
    world.whole()


def test_the_title_of_what_was_left_out_is_not_reachable_either(world: World, workspace: Open) -> None:
    """A supersession is one commit of two memories, named after the new one."""
    old = add_memories(workspace(session="line"), [{"body": "Old rule", "key": "rules.animals"}])[0].id
    promote(workspace(), PromoteRequest("line", consent=True))
    new = supersede_memory(
        workspace(session="next"), old, {"body": "Quagga rule replaces it", "key": "rules.animals"}
    ).id
    edit_memory(workspace(session="next"), open_memory(workspace(session="next"), old), {"tags": ("kept",)})
    ids = {one.id for one in proposed(workspace, "next")}
    assert {old, new} <= ids
    reject(workspace(), "next", [new], "no")
    promote(workspace(), PromoteRequest("next", consent=True))
    assert "Quagga" not in reachable(world)
    assert "quagga" not in reachable(world)


def test_a_rejected_text_is_not_proposed_again(world: World, workspace: Open) -> None:
    ids = learn(workspace, "fact-0 refused", "fact-1 fine")
    reject(workspace(), "line", ids[:1], "no")
    rewrite(workspace, ids[0], {"title": "Another title for it"}, "fact-0 refused\n")
    assert proposed_ids(workspace) == set(ids[1:])
    promote(workspace(), PromoteRequest("line", consent=True))
    assert world.ids_of("fact-0", MAIN) == set()


def test_a_promotion_of_what_was_not_shown(world: World, workspace: Open, mem: Mem) -> None:
    learn(workspace, "fact-0 shown")
    shown = world.refs(SESSIONS)[f"{SESSIONS}line"]
    learn(workspace, "fact-1 not shown")
    before = world.refs("refs/")
    assert mem("promote", "line", "--yes", "--expect", shown).code == 5
    assert world.refs("refs/") == before
    with pytest.raises(Conflict):
        promote(workspace(), PromoteRequest("line", expect=shown, consent=True))
    assert mem("promote", "line", "--yes", "--expect", world.refs(SESSIONS)[f"{SESSIONS}line"]).code == 0
    assert len(world.memories(MAIN)) == 2


def test_an_entry_for_a_session_that_has_ended(world: World, workspace: Open) -> None:
    ids = learn(workspace, "fact-0 promoted")
    queue(workspace(session="line"), "fact-1 too late", "")
    name = world.waiting()[0]
    entry = (world.mem_dir / "journal" / name).rename(world.mem_dir / name)
    promote(workspace(), PromoteRequest("line", consent=True))
    entry.rename(world.mem_dir / "journal" / name)
    drain(workspace())
    assert proposed_ids(workspace, "line-2") == world.ids_of("fact-1")
    assert {one.id for one in world.memories(MAIN)} == set(ids)
    world.each_once(["fact-0", "fact-1"])
    world.whole()
