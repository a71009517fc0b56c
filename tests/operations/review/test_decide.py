"""Decisions about many sessions are one operation: what lands, what stays, and that one undo takes all of it back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable

import pytest

from memcli.core.review.candidates import Candidate
from memcli.errors import MemError, NotFound, Refused
from memcli.operations.history.log import store_log
from memcli.operations.history.undo import undo
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.memories.supersede import supersede_memory
from memcli.operations.review.approval_rules import SessionMoved
from memcli.operations.review.decide import decide
from memcli.operations.review.decisions import CandidateRef, Consent, Decided, Decisions
from memcli.operations.setup.init import init
from memcli.operations.setup.policy import set_policy
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo

Open = Callable[..., Workspace]
YES = Consent(is_given=True)


@pytest.fixture(autouse=True)
def store(workspace: Open) -> None:
    init(workspace())


def _added(workspace: Open, session: str, *bodies: str, agent: str | None = None, **values: str) -> list[str]:
    here = workspace(session=session, agent=agent)
    return [memory.id for memory in add_memories(here, [{"body": body, **values} for body in bodies])]


def _whole(workspace: Open, *sessions: str, consent: Consent = YES, dry_run: bool = False) -> Decided:
    return decide(workspace(), Decisions(whole=sessions), consent, dry_run)


def _refs(repo: Repo) -> dict[str, str]:
    lines = (line.split() for line in repo.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines())
    return {ref: at for ref, at in lines if "rescue" not in ref}


def _stored(repo: Repo, memory_id: str) -> str:
    paths = repo.git("ls-tree", "-r", "--name-only", "mem/main").splitlines()
    return next((repo.git("show", f"mem/main:{path}") for path in paths if memory_id[-6:].lower() in path.lower()), "")


def _proposed(workspace: Open, session: str) -> list[Candidate]:
    sessions = workspace().sessions
    return sessions.candidates(sessions.load(session))


def _ids(candidates: Iterable[Candidate]) -> list[str]:
    return sorted(candidate.id for candidate in candidates)


def test_sessions_land_as_a_chain_of_merges_in_one_operation(workspace: Open, repo: Repo) -> None:
    first = _added(workspace, "one", "Deliveries are retried at most 7 times.")
    second = _added(workspace, "two", "Horses are stabled in barn 4 over winter.", agent="codex")
    before = repo.git("rev-parse", "mem/main")
    shown = _whole(workspace, "one", "two", dry_run=True)
    assert repo.git("rev-parse", "mem/main") == before
    decided = decide(workspace(), Decisions(whole=("one", "two")), Consent(True, shown.result))
    assert decided.result == repo.git("rev-parse", "mem/main^{tree}")
    subjects = repo.git("log", "--first-parent", "--format=%s", "-2", "mem/main").splitlines()
    assert subjects == [
        "promote two: Horses are stabled in barn 4 over winter",
        "promote one: Deliveries are retried at most 7 times",
    ]
    ops = repo.git("log", "--first-parent", "--format=%(trailers:key=Mem-Op,valueonly)", "-2", "mem/main").split()
    assert ops == [decided.op, decided.op]
    parents = repo.git("log", "--first-parent", "--format=%P", "-2", "mem/main").splitlines()
    assert [len(each.split()) for each in parents] == [2, 2] and parents[1].split()[0] == before
    assert [entry.session for entry in store_log(workspace()).entries] == ["two", "one"]
    assert [entry.agent for entry in store_log(workspace()).entries] == ["codex", None]
    assert _stored(repo, first[0]) and _stored(repo, second[0])
    operation = next(workspace().oplog.newest_first())
    assert (operation.op, operation.verb, operation.summary) == (decided.op, "promote", "2 memories of 2 sessions")


def test_a_mixed_decision_is_undone_whole(workspace: Open, repo: Repo) -> None:
    keep, drop, later = _added(workspace, "one", "A first fact about sorting.", "Wrong about caching.", "Left for now.")
    (other,) = _added(workspace, "two", "The ledger is closed on the last day of a month.")
    (gone,) = _added(workspace, "three", "Nobody wants to know this about horses.")
    before = _refs(repo)
    decided = decide(
        workspace(),
        Decisions(
            promote=(CandidateRef("one", keep[-8:]),),
            whole=("two",),
            reject={CandidateRef("one", drop): "not true", CandidateRef("three", gone): "not wanted"},
        ),
        YES,
    )
    assert [each.ended for each in decided.promoted] == [True, False]
    assert {each.session: (each.ended, each.reason) for each in decided.rejected} == {
        "one": (False, "not true"),
        "three": (True, "not wanted"),
    }
    assert _ids(_proposed(workspace, "one")) == [later]
    assert workspace().selection.has_ended("two") and workspace().selection.has_ended("three")
    assert not _stored(repo, drop) and _stored(repo, keep) and _stored(repo, other)
    reachable = repo.git("log", "-p", "mem/main")
    assert "Wrong about caching" not in reachable and "Nobody wants to know" not in reachable
    undone = undo(workspace())
    assert (undone.verb, undone.summary) == ("promote", "2 memories of 2 sessions, 2 rejected")
    assert _refs(repo) == before


def test_undo_after_later_work_proposes_all_of_it_again(workspace: Open, repo: Repo) -> None:
    keep, drop, later = _added(workspace, "one", "A first fact about sorting.", "Wrong about caching.", "Left for now.")
    (other,) = _added(workspace, "two", "The ledger is closed on the last day of a month.")
    (gone,) = _added(workspace, "three", "Nobody wants to know this about horses.")
    reject = {CandidateRef("one", drop): "no", CandidateRef("three", gone): "no"}
    decided = decide(workspace(), Decisions((CandidateRef("one", keep),), ("two",), reject), YES)
    (between,) = _added(workspace, "later", "Promoted meanwhile, about trains.")
    (more,) = _added(workspace, "one", "One more, about ships.")
    _whole(workspace, "later")
    undone = undo(workspace(), decided.op)
    assert undone.inverse and set(undone.reopened) == {"two", "three"}
    assert _stored(repo, between) and not _stored(repo, keep) and not _stored(repo, other)
    assert _ids(_proposed(workspace, "one")) == sorted([keep, drop, later, more])
    assert _ids(_proposed(workspace, "two")) == [other] and _ids(_proposed(workspace, "three")) == [gone]
    again = _whole(workspace, "one", "two", "three")
    assert sorted(each.id for done in again.promoted for each in done.promoted) == sorted(
        [keep, drop, later, more, other, gone]
    )


def test_two_sessions_change_one_memory(workspace: Open, repo: Repo) -> None:
    (shared,) = _added(workspace, "zero", "First line about queues.\n\nSecond line about ledgers.")
    _whole(workspace, "zero")
    for session, old, new in (("one", "First line", "The first line"), ("two", "Second line", "The second line")):
        here = workspace(session=session)
        opened = open_memory(here, shared)
        edit_memory(here, opened, {}, opened.document.body.replace(old, new))
    decided = _whole(workspace, "one", "two")
    text = _stored(repo, shared)
    assert "The first line" in text and "The second line" in text
    assert [each.merge.changed for each in decided.promoted[1].promoted if each.merge] == [("title", "1 block")]
    log = repo.git("log", "--first-parent", "--format=%h", "-2", "mem/main").split()
    assert "Second line" in repo.git("show", f"{log[1]}:{decided.promoted[0].promoted[0].path}")
    undo(workspace())
    assert "The" not in _stored(repo, shared).rpartition("---")[2]


def test_two_sessions_that_contradict_each_other_in_one_memory_conflict(workspace: Open, repo: Repo) -> None:
    (shared,) = _added(workspace, "zero", "Deliveries are retried at most 7 times.")
    _whole(workspace, "zero")
    for session, number in (("one", "8"), ("two", "9")):
        here = workspace(session=session)
        opened = open_memory(here, shared)
        edit_memory(here, opened, {}, opened.document.body.replace("7", number))
    with pytest.raises(Refused, match=r"conflict .* of two") as raised:
        _whole(workspace, "one", "two")
    assert "promote one of the two" in raised.value.hint
    decided = decide(workspace(), Decisions(whole=("one", "two"), skip_blocked=True), YES)
    assert decided.skipped == (CandidateRef("two", shared),)
    assert "8 times" in _stored(repo, shared) and _ids(_proposed(workspace, "two")) == [shared]


def test_a_claim_of_two_sessions_does_not_land_twice(workspace: Open, repo: Repo) -> None:
    (first,) = _added(workspace, "one", "Deliveries are retried at most 7 times.")
    (second,) = _added(workspace, "two", "Deliveries are retried at most 7 times.", agent="codex")
    (other,) = _added(workspace, "two", "Horses are stabled in barn 4 over winter.", agent="codex")
    with pytest.raises(Refused, match="duplicate") as raised:
        _whole(workspace, "one", "two")
    assert second[-6:] in raised.value.message and "--skip-blocked" in raised.value.hint
    decided = decide(workspace(), Decisions(whole=("one", "two"), skip_blocked=True), YES)
    assert decided.skipped == (CandidateRef("two", second),)
    assert _stored(repo, first) and _stored(repo, other) and not _stored(repo, second)


def test_values_of_one_key_in_two_sessions_are_found(workspace: Open, repo: Repo) -> None:
    (old,) = _added(workspace, "one", "It is 7 retries.", key="retries", valid_from="2026-01-01")
    (new,) = _added(workspace, "two", "It is 9 retries now.", key="retries", valid_from="2026-06-01")
    decided = _whole(workspace, "one", "two")
    assert "status: superseded" in _stored(repo, old) and "status: active" in _stored(repo, new)
    assert [len(each.promoted) for each in decided.promoted] == [1, 1]
    _added(workspace, "three", "It is 10 retries.", key="attempts")
    _added(workspace, "four", "It is 11 retries.", key="attempts")
    with pytest.raises(Refused, match="requires approval by a person"):
        _whole(workspace, "three", "four", consent=Consent())


def test_clean_leaves_what_a_person_should_look_at(workspace: Open) -> None:
    (plain,) = _added(workspace, "one", "Horses are stabled in barn 4 over winter.")
    first, second = _added(
        workspace, "two", "The queue holds 300 messages at most.", "The queue holds 400 messages at most."
    )
    decided = decide(workspace(), Decisions(whole=("one", "two"), clean=True))
    assert decided.skipped == (CandidateRef("two", second),)
    assert sorted(each.id for done in decided.promoted for each in done.promoted) == sorted([plain, first])


def test_what_depends_on_something_blocked_stays_with_it(workspace: Open) -> None:
    (old,) = _added(workspace, "zero", "Deliveries are retried at most 7 times.")
    _added(workspace, "zero", "Horses are stabled in barn 4 over winter.")
    _whole(workspace, "zero")
    (copy,) = _added(workspace, "one", "Horses are stabled in barn 4 over winter.")
    (on_it,) = _added(workspace, "two", "So the hay is kept in barn 5.", based_on=copy[:0] or old)
    here = workspace(session="one")
    heir = supersede_memory(here, old, {"body": "Horses are stabled in barn 4 over winter."}).id
    decided = decide(workspace(), Decisions(whole=("one", "two"), skip_blocked=True), YES)
    assert {ref.id for ref in decided.skipped} == {copy, heir, old, on_it}
    assert decided.op is None and decided.promoted == ()


def test_an_agent_approves_none_of_several(workspace: Open) -> None:
    _added(workspace, "one", "A fact of a person about queues.")
    _added(workspace, "two", "A fact of an agent about horses.", agent="codex")
    with pytest.raises(Refused, match="agents cannot approve"):
        decide(workspace(agent="codex"), Decisions(whole=("one", "two")), YES)


def test_something_else_than_was_shown_does_not_land(workspace: Open, repo: Repo) -> None:
    _added(workspace, "one", "A first fact about sorting.")
    _added(workspace, "two", "A second fact, about horses.")
    shown = _whole(workspace, "one", "two", dry_run=True).result
    _added(workspace, "two", "And a third, about ships.")
    before = _refs(repo)
    with pytest.raises(SessionMoved):
        _whole(workspace, "one", "two", consent=Consent(True, shown))
    assert _refs(repo) == before


def test_a_candidate_is_edited_and_promoted_in_one_operation(workspace: Open, repo: Repo) -> None:
    (memory_id,) = _added(workspace, "one", "Deliveries are retried at most 7 times.")
    (candidate,) = _proposed(workspace, "one")
    ref = CandidateRef("one", memory_id)
    edits = {ref: candidate.new_text.replace("7 times", "8 times")}
    before = _refs(repo)
    decide(workspace(), Decisions((ref,), edits=edits), YES)
    assert "8 times" in _stored(repo, memory_id)
    undo(workspace())
    assert _refs(repo) == before
    secret = {ref: candidate.new_text.replace("7 times", "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8 times")}
    with pytest.raises(MemError):
        decide(workspace(), Decisions((ref,), edits=secret), YES)
    assert _refs(repo) == before


def test_both_copies_rejected_reject_the_claim(workspace: Open) -> None:
    (first,) = _added(workspace, "one", "Deliveries are retried at most 7 times.")
    (second,) = _added(workspace, "two", "Deliveries are retried at most 7 times.")
    decide(workspace(), Decisions(reject={CandidateRef("one", first): "no", CandidateRef("two", second): "no"}))
    _added(workspace, "three", "Deliveries are retried at most 7 times.", agent="codex")
    with pytest.raises(Refused, match="rejected-before"):
        _whole(workspace, "three")
    undo(workspace())
    assert _ids(_proposed(workspace, "one")) == [first] and _ids(_proposed(workspace, "two")) == [second]
    decided = decide(workspace(), Decisions(whole=("three",)), YES)
    assert decided.op


def test_unknown_candidates_are_told(workspace: Open) -> None:
    _added(workspace, "one", "A first fact about sorting.")
    with pytest.raises(NotFound):
        decide(workspace(), Decisions((CandidateRef("one", "ZZZZZZZZ"),)), YES)
    with pytest.raises(NotFound):
        decide(workspace(), Decisions(whole=("nowhere",)), YES)


def test_a_file_that_cannot_be_read_keeps_its_session_open(workspace: Open, mem: Mem, repo: Repo) -> None:
    mem("session", "start", "files", "--worktree")
    _added(workspace, "files", "A fact beside a broken file.")
    broken = repo.write(".mem/files/semantic/general/broken.md", "---\nid: [\n---\nA body.\n")
    (other,) = _added(workspace, "two", "The ledger is closed on the last day of a month.")
    decided = _whole(workspace, "files", "two")
    assert {each.session: each.ended for each in decided.promoted} == {"files": False, "two": True}
    assert broken.exists() and workspace().selection.is_open("files") and _stored(repo, other)


def test_a_policy_is_promoted_among_others(workspace: Open, repo: Repo) -> None:
    set_policy(workspace(session="rules"), "promote", "auto")
    (other,) = _added(workspace, "two", "The ledger is closed on the last day of a month.")
    with pytest.raises(Refused, match="requires approval"):
        _whole(workspace, "rules", "two", consent=Consent())
    _whole(workspace, "two", "rules")
    assert "promote: auto" in repo.git("show", "mem/main:policy.yaml") and _stored(repo, other)
    undo(workspace())
    assert "policy.yaml" not in repo.git("ls-tree", "--name-only", "mem/main")


def test_with_a_policy_of_checks_alone_an_agent_promotes_several_and_may_not_undo_them(workspace: Open) -> None:
    set_policy(workspace(session="rules"), "promote", "auto")
    _whole(workspace, "rules")
    _added(workspace, "one", "Deliveries are retried at most 7 times.", agent="codex")
    _added(workspace, "two", "Horses are stabled in barn 4 over winter.", agent="codex")
    decided = decide(workspace(agent="codex", session="one"), Decisions(whole=("one", "two")))
    assert {each.reviewer for each in decided.promoted} == {"policy auto"}
    with pytest.raises(NotFound):
        undo(workspace(agent="codex", session="one"), decided.op)


def test_decisions_at_once_promote_everything_once(workspace: Open, repo: Repo) -> None:
    names = [f"work-{number}" for number in range(6)]
    ids = [
        _added(workspace, name, f"Fact {number} about the matter of {name * 3}.")[0]
        for number, name in enumerate(names)
    ]
    program = [sys.executable, "-m", "memcli", "promote", "--yes"]
    groups = (names[:4], names[2:], names)
    running = [subprocess.Popen([*program, *group], cwd=repo.path, stderr=subprocess.PIPE) for group in groups]
    codes = [(process.communicate()[1], process.returncode) for process in running]
    assert any(code == 0 for _, code in codes) and all(code in (0, 4, 5) for _, code in codes), codes
    _ = [_whole(workspace, name) for name in names if workspace().selection.is_open(name)]
    assert sorted(entry.id for entry in store_log(workspace()).entries) == sorted(ids)
    assert all(_stored(repo, memory_id) for memory_id in ids)


def test_a_supersession_meets_an_edit_of_the_same_memory(workspace: Open, repo: Repo) -> None:
    (old,) = _added(workspace, "zero", "Deliveries are retried at most 7 times.")
    _whole(workspace, "zero")
    heir = supersede_memory(workspace(session="one"), old, {"body": "Deliveries are retried at most 9 times."}).id
    here = workspace(session="two")
    edit_memory(here, open_memory(here, old), {"tags": ("queue",)})
    with pytest.raises(Refused, match=r"conflict .* of two"):
        _whole(workspace, "one", "two")
    decided = decide(workspace(), Decisions(whole=("one", "two"), skip_blocked=True), YES)
    assert decided.skipped == (CandidateRef("two", old),)
    assert f"superseded_by: {heir}" in _stored(repo, old)
    undo(workspace())
    assert "status: active" in _stored(repo, old) and not _stored(repo, heir)


def test_an_agent_rejects_only_what_its_own_sessions_propose(workspace: Open, repo: Repo) -> None:
    own = _added(workspace, "one", "Deliveries are retried at most 7 times.", agent="codex")[0]
    others = _added(workspace, "two", "Horses are stabled in barn 4 over winter.")[0]
    before = _refs(repo)
    reject = {CandidateRef("one", own): "no", CandidateRef("two", others): "no"}
    for dry_run in (True, False):
        with pytest.raises(Refused, match="own sessions"):
            decide(workspace(agent="codex"), Decisions(reject=reject), dry_run=dry_run)
    assert _refs(repo) == before
    assert decide(workspace(agent="codex"), Decisions(reject={CandidateRef("one", own): "no"})).op


@pytest.mark.parametrize("verb", ["promote", "reject"])
def test_undoing_the_end_of_a_session_that_is_open_again_takes_back_all_of_it(
    workspace: Open, repo: Repo, verb: str
) -> None:
    ids = _added(workspace, "one", "Deliveries are retried at most 7 times.", "Horses are stabled in barn 4.")
    first, last = (CandidateRef("one", memory_id) for memory_id in ids)
    begun = decide(workspace(), Decisions((first,)), YES).op
    ended = decide(workspace(), Decisions((last,)) if verb == "promote" else Decisions(reject={last: "no"}), YES).op
    assert not workspace().selection.is_open("one")
    undo(workspace(), begun)
    undo(workspace(), ended)
    assert _ids(_proposed(workspace, "one")) == sorted(ids)
    assert not any(_stored(repo, memory_id) for memory_id in ids)
    assert not workspace().sessions.load("one").rejections
