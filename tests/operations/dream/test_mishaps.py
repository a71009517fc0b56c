"""What befalls dreams: half of them promoted, others quicker, odd refs, wrong clocks. Nothing is lost or stuck."""

from __future__ import annotations

import pytest

from memcli.core.memory.summary import Filters
from memcli.errors import Refused
from memcli.operations.dream.dream import DreamRequest, run_dream
from memcli.operations.dream.revert import discard, revert
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.memories.list import list_memories
from memcli.operations.memories.show import show_memory as show_memory
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.reject import reject
from memcli.operations.setup.init import init
from tests.conftest import Mem, Repo
from tests.operations.dream.test_dream import LONGER, RETRIES, Open, dreamt, front, promoted, stored


@pytest.fixture(autouse=True)
def store(workspace: Open) -> None:
    init(workspace())


def active_texts(workspace: Open) -> str:
    return "\n".join(show_memory(workspace(), one.id).body for one in list_memories(workspace(), Filters()))


def test_half_a_union_is_not_promoted(workspace: Open) -> None:
    elder, younger = stored(workspace, RETRIES, LONGER)
    done = dreamt(workspace)
    assert done.session
    with pytest.raises(Refused, match="orphaned"):
        promote(workspace(), PromoteRequest(done.session, only=[younger], consent=True))
    reject(workspace(), done.session, [elder], "no")
    with pytest.raises(Refused, match="orphaned"):
        promote(workspace(), PromoteRequest(done.session, consent=True))
    assert "The queue is durable" in active_texts(workspace)


def test_an_edit_that_was_quicker_is_not_put_out_of_use(workspace: Open) -> None:
    _, younger = stored(workspace, RETRIES, LONGER)
    done = dreamt(workspace)
    here = workspace(session="beside")
    made = edit_memory(here, open_memory(here, younger), {}, f"{LONGER} It never drops dead letters.")
    promote(workspace(), PromoteRequest(made.session, consent=True))
    assert done.session
    with pytest.raises(Refused, match="overtaken"):
        promote(workspace(), PromoteRequest(done.session, consent=True))
    assert "dead letters" in active_texts(workspace)


def test_what_was_left_of_a_dream_is_proposed_again(workspace: Open) -> None:
    stored(workspace, RETRIES, LONGER, {"body": "The sale ends soon.", "expires": "2026-01-01"})
    done = dreamt(workspace)
    over = next(step.id for step in done.steps if step.change == "retired")
    assert done.session
    promote(workspace(), PromoteRequest(done.session, only=[over], consent=True))
    again = dreamt(workspace)
    assert (again.session, len(again.steps)) == (done.session, 2)
    discard(workspace(), done.session)
    assert [step.change for step in dreamt(workspace).steps] == ["merged"]


@pytest.mark.parametrize("place", ["ended", "sessions"])
@pytest.mark.parametrize("what", ["blob", "commit"])
def test_an_odd_ref_stops_no_dream(workspace: Open, repo: Repo, place: str, what: str) -> None:
    stored(workspace, RETRIES, LONGER)
    odd = repo.git("hash-object", "-w", "--stdin", input="x") if what == "blob" else repo.git("rev-parse", "HEAD")
    repo.git("update-ref", f"refs/mem/{place}/dream-x", odd)
    assert [step.change for step in dreamt(workspace).steps] == ["merged"]


def test_a_clock_that_was_wrong_once_does_not_stop_dreams(workspace: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        stored(workspace, f"Fact {number} is about {'abcde'[number]}.")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2099-01-01T00:00:00Z")
    dreamt(workspace)
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    assert dreamt(workspace, auto=True).gate != "time"


@pytest.mark.parametrize("scope", ["[", "[z-a]", "**[", "\\"])
def test_any_scope_is_a_scope(workspace: Open, scope: str) -> None:
    stored(workspace, {"body": "The sale ends soon.", "expires": "2026-01-01"})
    assert dreamt(workspace, scope=scope).steps == ()


def test_a_shallow_clone_dreams_twice(workspace: Open, repo: Repo, mem: Mem) -> None:
    stored(workspace, RETRIES, LONGER)
    promoted(workspace, dreamt(workspace))
    clone = repo.path.parent / "clone"
    repo.git("clone", "-q", "--depth", "1", "--no-single-branch", f"file://{repo.path}", str(clone))
    assert mem("init", cwd=clone).code == 0
    assert [mem("dream", cwd=clone).code for _ in range(3)] == [0, 0, 0]


def test_taking_back_twice_moves_nothing(workspace: Open, repo: Repo) -> None:
    stored(workspace, RETRIES, LONGER)
    done = dreamt(workspace)
    promoted(workspace, done)
    assert done.session
    revert(workspace(), done.session)
    tip = repo.git("rev-parse", "mem/main")
    assert revert(workspace(), done.session).restored == ()
    assert repo.git("rev-parse", "mem/main") == tip


def test_agents_do_not_force(workspace: Open) -> None:
    with pytest.raises(Refused):
        run_dream(workspace(agent="bot"), DreamRequest(force=True))


@pytest.mark.parametrize(
    "apart",
    [
        {"type": "constraint"},
        {"title": "Production: the webhook retry queue"},
        {"topic": "staging"},
    ],
)
def test_what_differs_beside_the_body_keeps_two_apart(workspace: Open, apart: dict[str, str]) -> None:
    base = {"body": RETRIES, "title": "Staging: the webhook retry queue", "topic": "payments", "type": "fact"}
    elder, younger = stored(workspace, base, {**base, "body": RETRIES.rstrip("."), **apart})
    promoted(workspace, dreamt(workspace))
    assert [front(workspace, one)["status"] for one in (elder, younger)] == ["active", "active"]


@pytest.mark.parametrize("key", ["outcome", "owner"])
def test_what_is_said_in_other_keys_keeps_two_apart(workspace: Open, key: str) -> None:
    ids = stored(workspace, RETRIES, RETRIES.rstrip("."))
    for one, word in zip(ids, ("failed", "succeeded"), strict=True):
        here = workspace(session="work")
        promote(
            workspace(), PromoteRequest(edit_memory(here, open_memory(here, one), {key: word}).session, consent=True)
        )
    promoted(workspace, dreamt(workspace))
    assert [front(workspace, one)["status"] for one in ids] == ["active", "active"]


def test_yesterday_of_two_days_is_not_one_day(workspace: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "The deploy key of the billing gateway was rotated yesterday"
    ids = []
    for day, end in (("01", "."), ("20", "")):
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"2026-11-{day}T10:00:00Z")
        ids += stored(workspace, said + end)
    promoted(workspace, dreamt(workspace))
    assert [show_memory(workspace(), one).body.split(" on ")[1][:10] for one in ids] == ["2026-10-31", "2026-11-19"]
