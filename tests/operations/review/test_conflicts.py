"""Two sessions that change one thing: the page shows both sides, and nothing lands with two answers by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from memcli.core.review.verdict import BLOCKED
from memcli.errors import Refused
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.memories.retire import retire_memory
from memcli.operations.memories.supersede import supersede_memory
from memcli.operations.review.decide import decide
from memcli.operations.review.decisions import Consent, Decisions
from memcli.operations.review.gate import Review
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.reject import reject
from memcli.operations.review.review import review_session
from memcli.operations.review.waiting import waiting_candidates
from memcli.operations.sessions.path import prepare_worktree
from memcli.operations.sessions.update import update_session
from memcli.operations.setup.init import init
from memcli.operations.setup.policy import set_policy
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo

Open = Callable[..., Workspace]
Change = Callable[[Workspace, str], object]
BODY = "The limit is 5.\n\nThe queue is durable.\n"


def sets(body: str | None = None, **values: str) -> Change:
    return lambda where, memory_id: edit_memory(where, open_memory(where, memory_id), values, body)


def retires(reason: str) -> Change:
    return lambda where, memory_id: retire_memory(where, memory_id, reason)


@pytest.fixture
def shared(workspace: Open) -> str:
    """The id of a memory in the store."""
    init(workspace())
    memory_id = add_memories(workspace(session="first"), [{"body": BODY, "topic": "queue"}])[0].id
    promote(workspace(), PromoteRequest("first", consent=True))
    return memory_id


def later(workspace: Open, shared: str, earlier: Change, change: Change) -> Review:
    """The review of a session whose base another session's promotion has overtaken."""
    earlier(workspace(session="one"), shared)
    change(workspace(session="two"), shared)
    promote(workspace(), PromoteRequest("one", consent=True))
    return review_session(workspace(), "two")


def landed(repo: Repo, memory_id: str) -> str:
    paths = repo.git("ls-tree", "-r", "--name-only", "mem/main").split("\n")
    return repo.git("show", f"mem/main:{next(path for path in paths if memory_id[-6:] in path)}")


SEVEN, NINE = sets(BODY.replace("5", "7")), sets(BODY.replace("5", "9"))
KINDS = {
    "body against body": (SEVEN, NINE, {"body"}),
    "title against title": (sets(title="Limit"), sets(title="Queue"), {"title"}),
    "key against key": (sets(topic="limits"), sets(topic="queues"), {"topic"}),
    "retire against edit": (retires("wrong"), NINE, {"status"}),
    "edit against retire": (SEVEN, retires("wrong"), {"status"}),
    "retire against retire": (retires("wrong"), retires("it moved"), {"retired"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_conflict_blocks_and_has_both_sides(workspace: Open, repo: Repo, shared: str, kind: str) -> None:
    earlier, change, parts = KINDS[kind]
    review = later(workspace, shared, earlier, change)
    (candidate,) = review.candidates
    assert review.verdict == BLOCKED
    assert [finding.check for finding in review.findings if finding.severity == "block"] == ["conflict"]
    assert {part.part for part in candidate.conflicts} == parts
    assert candidate.old_text.rstrip("\n") == landed(repo, shared)
    assert all(part.ours != part.theirs for part in candidate.conflicts)
    before = landed(repo, shared)
    with pytest.raises(Refused, match="conflict"):
        promote(workspace(), PromoteRequest("two", consent=True))
    assert landed(repo, shared) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_person_may_let_both_sides_stand(workspace: Open, repo: Repo, shared: str, kind: str) -> None:
    review = later(workspace, shared, *KINDS[kind][:2])
    with pytest.raises(Refused, match="requires approval by a person"):
        promote(workspace(), PromoteRequest("two", keep_both=True))
    with pytest.raises(Refused, match="agents cannot"):
        promote(workspace(agent="codex"), PromoteRequest("two", keep_both=True, consent=True))
    promote(workspace(), PromoteRequest("two", expect=review.result, keep_both=True, consent=True))
    assert repo.git("rev-parse", "mem/main^{tree}") == review.result
    assert "conflict: true" in landed(repo, shared)
    assert "both sides kept" in repo.git("log", "-1", "--format=%B", "mem/main")


@pytest.mark.parametrize(("earlier", "change"), [(retires("wrong"), NINE), (NINE, retires("wrong"))])
def test_an_edit_against_retire_that_both_stand_is_read_with_its_question(
    workspace: Open, fast: Mem, shared: str, earlier: Change, change: Change
) -> None:
    later(workspace, shared, earlier, change)
    reason = "status: active against retired (wrong)"
    assert reason in fast("resolve", shared, "--session", "two").out
    assert fast("promote", "two", "--yes", "--keep-both").code == 0
    for command in (("recall", "limit"), ("show", shared), ("resolve",)):
        text = fast(*command).out
        assert "The limit is 9" in text and reason in text
    assert shared[-6:] in fast("list").out


@pytest.mark.parametrize(("answer", "status"), [("ours", "retired"), ("theirs", "active"), ("both", "active")])
def test_an_edit_against_retire_is_answered(workspace: Open, fast: Mem, shared: str, answer: str, status: str) -> None:
    later(workspace, shared, retires("wrong"), NINE)
    promote(workspace(), PromoteRequest("two", keep_both=True, consent=True))
    assert fast("resolve", shared, "--keep", answer).code == 0
    front = fast("show", shared, "--json").json()
    assert front["status"] == status and "conflict" not in front
    assert answer != "both" or "conflict: kept both on" in front["resolved"][0]


def test_the_same_change_twice_is_no_conflict(workspace: Open, repo: Repo, shared: str) -> None:
    review = later(workspace, shared, SEVEN, SEVEN)
    assert review.verdict == "promotable"
    assert promote(workspace(), PromoteRequest("two", consent=True)).ended
    assert landed(repo, shared).count("The limit is 7.") == 1


def test_one_reason_for_retiring_is_no_conflict(workspace: Open, shared: str) -> None:
    assert later(workspace, shared, retires("wrong"), retires("wrong")).verdict == "promotable"


def test_different_parts_are_merged_and_named(workspace: Open, fast: Mem, repo: Repo, shared: str) -> None:
    review = later(workspace, shared, SEVEN, sets(BODY.replace("durable", "fast")))
    (candidate,) = review.candidates
    assert review.verdict == "promotable" and candidate.merge
    assert candidate.merge.changed == ("title", "1 block")
    tip = repo.git("rev-parse", "--short=7", "mem/main")
    text = fast("promote", "two", "--yes").out
    assert f"merged with {tip}: title, 1 block" in text
    assert "The limit is 7.\n\nThe queue is fast." in landed(repo, shared)


def test_the_next_step_ends_the_conflict(workspace: Open, fast: Mem, repo: Repo, shared: str) -> None:
    later(workspace, shared, SEVEN, NINE)
    assert fast("resolve", shared, "--session", "two", "--keep", "theirs").code == 0
    shown = fast("review", "two", "--json").json()
    assert shown["verdict"] != BLOCKED
    assert fast("promote", "two", "--yes", "--expect", shown["result"]).code == 0
    assert "limit is 9" in landed(repo, shared) and "limit is 7" not in landed(repo, shared)


def test_an_agent_keeps_one_side(workspace: Open, fast: Mem, shared: str) -> None:
    later(workspace, shared, SEVEN, NINE)
    refused = fast("--agent", "codex", "resolve", shared, "--session", "two", "--keep", "both")
    assert refused.code == 6 and "agents cannot keep both" in refused.err
    assert fast("--agent", "codex", "resolve", shared, "--session", "two", "--keep", "ours").code == 0


def test_an_edit_after_an_update_ends_the_conflict(workspace: Open, fast: Mem, repo: Repo, shared: str) -> None:
    later(workspace, shared, SEVEN, NINE)
    update_session(workspace(), "two")
    assert review_session(workspace(), "two").verdict == BLOCKED
    assert fast("edit", shared, "--session", "two", "--body", "The limit is 8.").code == 0
    assert fast("promote", "two", "--yes").code == 0
    text = landed(repo, shared)
    assert "limit is 8" in text and "conflict" not in text and "limit is 9" not in text and "limit is 7" not in text


def test_an_edit_of_what_the_store_says_now_is_no_conflict(workspace: Open, repo: Repo, shared: str) -> None:
    add_memories(workspace(session="two"), [{"body": "Something else, so that the session has begun."}])
    SEVEN(workspace(session="one"), shared)
    promote(workspace(), PromoteRequest("one", consent=True))
    NINE(workspace(session="two"), shared)
    assert review_session(workspace(), "two").verdict == "promotable"
    promote(workspace(), PromoteRequest("two", consent=True))
    assert "limit is 9" in landed(repo, shared) and "conflict" not in landed(repo, shared)


def test_two_edits_in_one_session_do_not_land_as_one(workspace: Open, shared: str) -> None:
    opened = [open_memory(workspace(session="two"), shared) for _ in range(2)]
    for memory, limit in zip(opened, "79", strict=True):
        edit_memory(workspace(session="two"), memory, {}, BODY.replace("5", limit))
    assert review_session(workspace(), "two").verdict == BLOCKED
    with pytest.raises(Refused, match="holds both sides"):
        promote(workspace(), PromoteRequest("two", consent=True))


def test_an_open_conflict_does_not_block_other_edits(workspace: Open, shared: str) -> None:
    later(workspace, shared, SEVEN, NINE)
    promote(workspace(), PromoteRequest("two", keep_both=True, consent=True))
    sets(tags="ledger")(workspace(session="three"), shared)
    assert review_session(workspace(), "three").verdict == "promotable"


@pytest.mark.usefixtures("shared")
def test_both_added_one_id(workspace: Open) -> None:
    for name, body in (("one", "Retries are three."), ("two", "Retries are four.")):
        add_memories(workspace(session=name), [{"body": f"Something to begin {name} with."}])
        file = prepare_worktree(workspace(), name) / "semantic" / "retries" / "retries.md"
        file.parent.mkdir(parents=True)
        front = "id: 01K9Z3V5C4M8Q2T7R6W1XABCDE\ncreated: 2026-01-01T00:00:00Z\ntitle: Retries"
        file.write_text(f"---\n{front}\n---\n{body}\n")
    promote(workspace(), PromoteRequest("one", consent=True))
    review = review_session(workspace(), "two")
    assert review.verdict == BLOCKED
    assert any(finding.check == "conflict" for finding in review.findings)


@pytest.mark.usefixtures("shared")
def test_both_changed_the_policy(workspace: Open, repo: Repo) -> None:
    set_policy(workspace(session="one"), "promote", "auto")
    set_policy(workspace(session="two"), "promote", "reviewer")
    promote(workspace(), PromoteRequest("one", consent=True))
    review = review_session(workspace(), "two")
    assert [(finding.check, finding.severity) for finding in review.findings] == [("conflict", "block")]
    with pytest.raises(Refused, match="conflict"):
        promote(workspace(), PromoteRequest("two", consent=True, keep_both=True))
    assert "promote: auto" in repo.git("show", "mem/main:policy.yaml")
    update_session(workspace(), "two")
    shown = review_session(workspace(), "two")
    assert shown.verdict == "person" and "-promote: auto" in shown.candidates[0].diff
    promote(workspace(), PromoteRequest("two", consent=True, expect=shown.result))
    assert "promote: reviewer" in repo.git("show", "mem/main:policy.yaml")


def test_what_is_left_in_conflict_stays_blocked(workspace: Open, repo: Repo, shared: str) -> None:
    NINE(workspace(session="two"), shared)
    other = add_memories(workspace(session="two"), [{"body": "Deliveries are signed with a key."}])[0].id
    SEVEN(workspace(session="one"), shared)
    promote(workspace(), PromoteRequest("one", consent=True))
    review = review_session(workspace(), "two")
    assert review.verdict == BLOCKED
    promote(workspace(), PromoteRequest("two", only=[other], consent=True))
    left = review_session(workspace(), "two")
    assert [candidate.id for candidate in left.candidates] == [shared] and left.verdict == BLOCKED
    reject(workspace(), "two", [shared], "the store is right")
    assert "limit is 7" in landed(repo, shared)


def test_the_json_has_all_three_texts(workspace: Open, fast: Mem, shared: str) -> None:
    later(workspace, shared, SEVEN, NINE)
    shown = fast("review", "two", "--json")
    (candidate,) = shown.json()["candidates"]
    assert shown.code == 6
    texts = [candidate[side] for side in ("base", "ours", "theirs")]
    assert [next(n for n in "579" if f"limit is {n}." in text) for text in texts] == ["5", "7", "9"]
    assert {"part", "base", "ours", "theirs"} == candidate["conflicts"][0].keys()
    page = fast("review", "two").out
    assert all(f"{side}:" in page for side in ("base", "store", "session"))


def supersedes(body: str) -> Change:
    return lambda where, memory_id: supersede_memory(where, memory_id, {"body": body})


@pytest.mark.parametrize(
    ("earlier", "change"),
    [
        (supersedes("Queues are gone."), NINE),
        (NINE, supersedes("Queues are gone.")),
        (supersedes("Queues are gone."), retires("wrong")),
        (supersedes("Queues are gone."), supersedes("There are three ledgers now.")),
    ],
)
def test_a_memory_that_was_superseded_has_one_answer(
    workspace: Open, repo: Repo, shared: str, earlier: Change, change: Change
) -> None:
    review = later(workspace, shared, earlier, change)
    assert [finding.id for finding in review.findings if finding.check == "conflict"] == [shared]
    before = landed(repo, shared)
    with pytest.raises(Refused, match="conflict"):
        promote(workspace(), PromoteRequest("two", consent=True))
    assert landed(repo, shared) == before


@pytest.mark.parametrize(
    ("change", "is_rival"),
    [
        (sets("The limit is 9.\n\nThe queue is durable.\n"), True),
        (retires("no longer holds"), True),
        (sets("The limit is 5.\n\nThe queue is lossy.\n"), False),
    ],
)
def test_waiting_sessions_warn_of_changes_that_cannot_be_merged(
    workspace: Open, fast: Mem, repo: Repo, shared: str, change: Change, is_rival: bool
) -> None:
    sets("The limit is 7.\n\nThe queue is durable.\n")(workspace(session="one"), shared)
    change(workspace(session="two"), shared)
    waiting = waiting_candidates(workspace())
    warned = {candidate.session: [finding.check for finding in candidate.findings] for candidate in waiting.candidates}
    assert warned == {name: ["conflict"] if is_rival else [] for name in ("one", "two")}
    before = repo.git("rev-parse", "mem/main")
    fast("promote", "--clean", "--yes")
    assert (repo.git("rev-parse", "mem/main") == before) == is_rival, "neither side lands unseen"
    if is_rival:
        with pytest.raises(Refused) as refused:
            decide(workspace(), Decisions(whole=("one", "two")), Consent(True))
        assert "promote one of the two" in str(refused.value.hint), "no question is open yet"
