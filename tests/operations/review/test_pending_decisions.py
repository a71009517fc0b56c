"""Decisions that were not carried out yet: they outlive the process that took them, for exactly what was seen."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from memcli.errors import Failure, Refused
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.review.decisions import CandidateRef
from memcli.operations.review.pending_decisions import (
    ACCEPT,
    REJECT,
    KeptDecisions,
    PendingDecision,
    pending_decisions,
    ref_of,
    seen_content,
)
from memcli.operations.review.waiting import waiting_candidates
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.conftest import Repo

Open = Callable[..., Workspace]


@pytest.fixture
def refs(workspace: Open) -> list[CandidateRef]:
    """Two candidates of one session."""
    init(workspace())
    add_memories(workspace(), [{"body": "The queue is durable."}, {"body": "Rows are locked."}])
    return [ref_of(each) for each in waiting_candidates(workspace()).candidates]


def note(workspace: Workspace, ref: CandidateRef, verdict: str, reason: str = "") -> None:
    """Decide about a candidate as it is now."""
    (candidate,) = (each for each in waiting_candidates(workspace).candidates if ref_of(each) == ref)
    decision = PendingDecision(verdict, seen_content(candidate.candidate), reason)
    pending_decisions(workspace).note({ref: decision})


def kept(workspace: Workspace) -> KeptDecisions:
    return pending_decisions(workspace).kept(waiting_candidates(workspace).candidates)


def test_a_later_process_finds_the_last_decision_about_each(workspace: Open, refs: list[CandidateRef]) -> None:
    note(workspace(), refs[0], ACCEPT)
    note(workspace(), refs[0], REJECT, "not true")
    note(workspace(), refs[1], ACCEPT)
    decisions = kept(workspace())
    assert {ref: (each.verdict, each.reason) for ref, each in decisions.by_ref.items()} == {
        refs[0]: (REJECT, "not true"),
        refs[1]: (ACCEPT, ""),
    }
    assert decisions.dropped == () and decisions.last


def test_a_changed_candidate_loses_its_decision(workspace: Open, refs: list[CandidateRef]) -> None:
    for ref in refs:
        note(workspace(), ref, ACCEPT)
    inside = workspace(session=refs[0].session)
    edit_memory(inside, open_memory(inside, refs[0].id), {}, "The queue is fast.")
    decisions = kept(workspace())
    assert (set(decisions.by_ref), decisions.dropped) == ({refs[1]}, (refs[0],))


def test_decisions_of_another_person_are_their_own(
    workspace: Open, refs: list[CandidateRef], monkeypatch: pytest.MonkeyPatch
) -> None:
    note(workspace(), refs[0], ACCEPT)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Bob")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "bob@example.com")
    assert kept(workspace()).by_ref == {}


def test_what_was_carried_out_is_forgotten(repo: Repo, workspace: Open, refs: list[CandidateRef]) -> None:
    for ref in refs:
        note(workspace(), ref, ACCEPT)
    pending_decisions(workspace()).forget(refs[:1])
    assert set(kept(workspace()).by_ref) == {refs[1]}
    pending_decisions(workspace()).forget(refs[1:])
    assert kept(workspace()) == KeptDecisions({}, (), None)
    assert (repo.path / ".git" / "mem" / "decisions").read_bytes() == b""


def test_a_torn_line_costs_nothing_else(repo: Repo, workspace: Open, refs: list[CandidateRef]) -> None:
    note(workspace(), refs[0], ACCEPT)
    with (repo.path / ".git" / "mem" / "decisions").open("ab") as file:
        file.write(b'{"at": "2026-')
    note(workspace(), refs[1], ACCEPT)
    assert set(kept(workspace()).by_ref) == set(refs)


def test_processes_that_note_at_once_lose_nothing(repo: Repo) -> None:
    program = (
        "import sys; from memcli.state.decision_log import DecisionLog; log = DecisionLog(sys.argv[1])\n"
        "for n in range(50): log.append([{'by': sys.argv[2], 'n': n}], lambda lines: False)"
    )
    home = str(repo.path / ".git" / "mem")
    writers = [subprocess.Popen([sys.executable, "-c", program, home, str(number)]) for number in range(4)]
    assert [writer.wait() for writer in writers] == [0] * 4
    assert len((repo.path / ".git" / "mem" / "decisions").read_text().splitlines()) == 200


def test_a_reason_with_a_secret_is_not_kept(repo: Repo, workspace: Open, refs: list[CandidateRef]) -> None:
    with pytest.raises(Refused):
        note(workspace(), refs[0], REJECT, f"it holds sk_{'live'}_" + "a1B2" * 6)
    assert not (repo.path / ".git" / "mem" / "decisions").exists()


def test_what_cannot_be_kept_is_said(repo: Repo, workspace: Open, refs: list[CandidateRef]) -> None:
    (repo.path / ".git" / "mem" / "decisions").symlink_to("/dev/full")
    with pytest.raises(Failure, match="decisions cannot be kept"):
        note(workspace(), refs[0], ACCEPT)
