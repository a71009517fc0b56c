"""Mishaps of dreams: partial promotion, concurrent edits, odd refs, wrong clocks. Nothing is lost or stuck."""

from __future__ import annotations

import pytest

from memcli.core.memory.summary import Filters
from memcli.errors import Refused
from memcli.operations.dream.dream import run_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.dream.revert import revert
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.memories.list import list_memories
from memcli.operations.memories.show import show_memory as show_memory
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.reject import reject
from memcli.operations.setup.init import init
from tests.conftest import Mem, Repo
from tests.operations.dream.test_dream import COPY, RETRIES, SAME, Open, dream_now, front, promote_dream, store_memories


@pytest.fixture(autouse=True)
def store(workspace: Open) -> None:
    init(workspace())


def active_texts(workspace: Open) -> str:
    return "\n".join(
        show_memory(workspace(), memory.id).body for memory in list_memories(workspace(), Filters()).memories
    )


def test_half_a_merge_is_not_promoted(workspace: Open) -> None:
    elder, younger = store_memories(workspace, RETRIES, COPY)
    done = dream_now(workspace)
    assert done.session
    with pytest.raises(Refused, match="orphaned"):
        promote(workspace(), PromoteRequest(done.session, only=[younger], consent=True))
    reject(workspace(), done.session, [elder], "no")
    with pytest.raises(Refused, match="orphaned"):
        promote(workspace(), PromoteRequest(done.session, consent=True))
    assert active_texts(workspace).count("growing pauses") == 2


def test_a_concurrent_edit_is_not_superseded(workspace: Open) -> None:
    _, younger = store_memories(workspace, RETRIES, COPY)
    done = dream_now(workspace)
    here = workspace(session="beside")
    made = edit_memory(here, open_memory(here, younger), {}, f"{RETRIES} It never drops dead letters.")
    promote(workspace(), PromoteRequest(made.session, consent=True))
    assert done.session
    with pytest.raises(Refused, match="conflict"):
        promote(workspace(), PromoteRequest(done.session, consent=True))
    assert "dead letters" in active_texts(workspace)


def test_the_rest_of_a_partly_promoted_dream_is_proposed_again(workspace: Open) -> None:
    store_memories(workspace, RETRIES, COPY, {"body": "The sale ends soon.", "expires": "2026-01-01"})
    done = dream_now(workspace)
    expired = next(step.id for step in done.steps if step.change == "retired")
    assert done.session
    promote(workspace(), PromoteRequest(done.session, only=[expired], consent=True))
    again = dream_now(workspace)
    assert (again.session, len(again.steps)) == (done.session, 2)
    reject(workspace(), done.session, (), "no")
    assert [step.change for step in dream_now(workspace, force=True).steps] == ["merged"]


@pytest.mark.parametrize("place", ["ended", "sessions"])
@pytest.mark.parametrize("what", ["blob", "commit"])
def test_an_odd_ref_does_not_stop_a_dream(workspace: Open, repo: Repo, place: str, what: str) -> None:
    store_memories(workspace, RETRIES, COPY)
    odd = repo.git("hash-object", "-w", "--stdin", input="x") if what == "blob" else repo.git("rev-parse", "HEAD")
    repo.git("update-ref", f"refs/mem/{place}/dream-x", odd)
    assert [step.change for step in dream_now(workspace).steps] == ["merged"]


def test_a_clock_that_was_wrong_once_does_not_stop_dreams(workspace: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        store_memories(workspace, f"Fact {number} is about {'abcde'[number]}.")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2099-01-01T00:00:00Z")
    dream_now(workspace)
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    assert dream_now(workspace, auto=True).gate != "time"


@pytest.mark.parametrize("scope", ["[", "[z-a]", "**[", "\\"])
def test_an_invalid_pattern_matches_nothing(workspace: Open, scope: str) -> None:
    store_memories(workspace, {"body": "The sale ends soon.", "expires": "2026-01-01"})
    assert dream_now(workspace, scope=scope).steps == ()


def test_a_shallow_clone_dreams_twice(workspace: Open, repo: Repo, mem: Mem) -> None:
    store_memories(workspace, RETRIES, COPY)
    promote_dream(workspace, dream_now(workspace))
    clone = repo.path.parent / "clone"
    repo.git("clone", "-q", "--depth", "1", "--no-single-branch", f"file://{repo.path}", str(clone))
    assert mem("init", cwd=clone).code == 0
    assert [mem("dream", cwd=clone).code for _ in range(3)] == [0, 0, 0]


def test_a_second_revert_moves_nothing(workspace: Open, repo: Repo) -> None:
    store_memories(workspace, RETRIES, COPY)
    done = dream_now(workspace)
    promote_dream(workspace, done)
    assert done.session
    revert(workspace(), done.session)
    tip = repo.git("rev-parse", "mem/main")
    assert revert(workspace(), done.session).restored == ()
    assert repo.git("rev-parse", "mem/main") == tip


def test_an_agent_may_not_force(workspace: Open) -> None:
    with pytest.raises(Refused):
        run_dream(workspace(agent="bot"), DreamRequest(force=True))


@pytest.mark.parametrize(
    "apart",
    [
        {"type": "constraint"},
        {"title": "Production: the webhook retry queue"},
    ],
)
def test_different_front_matter_keeps_memories_separate(workspace: Open, apart: dict[str, str]) -> None:
    base = {"body": RETRIES, "title": "Staging: the webhook retry queue", "topic": "payments", "type": "fact"}
    elder, younger = store_memories(workspace, base, {**base, "body": SAME, **apart})
    promote_dream(workspace, dream_now(workspace))
    assert [front(workspace, memory_id)["status"] for memory_id in (elder, younger)] == ["active", "active"]


@pytest.mark.parametrize("key", ["outcome", "owner"])
def test_different_unknown_keys_keep_memories_separate(workspace: Open, key: str) -> None:
    ids = store_memories(workspace, RETRIES, SAME)
    for memory_id, word in zip(ids, ("failed", "succeeded"), strict=True):
        here = workspace(session="work")
        promote(
            workspace(),
            PromoteRequest(edit_memory(here, open_memory(here, memory_id), {key: word}).session, consent=True),
        )
    promote_dream(workspace, dream_now(workspace))
    assert [front(workspace, memory_id)["status"] for memory_id in ids] == ["active", "active"]


def test_yesterday_of_two_days_is_two_dates(workspace: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "deploy key of the billing gateway was rotated yesterday."
    ids = []
    for day, article in (("01", "The"), ("20", "A")):
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"2026-11-{day}T10:00:00Z")
        ids += store_memories(workspace, f"{article} {text}")
    promote_dream(workspace, dream_now(workspace))
    assert [show_memory(workspace(), memory_id).body.split(" on ")[1][:10] for memory_id in ids] == [
        "2026-10-31",
        "2026-11-19",
    ]
