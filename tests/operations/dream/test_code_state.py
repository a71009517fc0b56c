"""Dreams check memories against the default branch of the code, whatever is checked out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from memcli.branch import ROOT
from memcli.config import Flags, load
from memcli.core.memory.fast_yaml import texts
from memcli.core.memory.questions import DOUBT, listed_questions
from memcli.operations.dream.dream import run_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.conftest import Repo
from tests.operations.dream.test_dream import Open, changes_of, dream_now, front, promote_dream, store_memories

SOURCE = "RETRIES = 7\n\n\ndef retry_later(delivery):\n    return queue.put(delivery)\n"


@pytest.fixture(autouse=True)
def code(workspace: Open, repo: Repo) -> None:
    init(workspace())
    repo.git("config", "mem.codeBranch", "main")
    repo.commit("queue", {"src/queue.py": SOURCE, "src/ledger.py": "LOCK = 'row'\n" * 9})


def about(*paths: str, body: str = "The queue retries deliveries.", **more: object) -> Mapping[str, object]:
    return {"body": body, "paths": paths, **more}


def keep(workspace: Open, *paths: str, **more: object) -> str:
    return store_memories(workspace, about(*paths, **more))[0]  # type: ignore[arg-type]


def reasons(workspace: Open, memory_id: str) -> list[tuple[str, str]]:
    """The kind and reason of each question about a memory."""
    attention = front(workspace, memory_id)["attention"]
    return [(question.kind, question.reason) for question in listed_questions(attention)]


def cloned(repo: Repo, place: Path, depth: int) -> Workspace:
    """A shallow clone of the code with the whole store."""
    clone = Repo(place / "clone")
    repo.git("clone", "-q", "--depth", str(depth), "--single-branch", f"file://{repo.path}", str(clone.path))
    clone.git("fetch", "-q", "origin", "mem/main:refs/remotes/origin/mem/main")
    flags = Flags(directory=str(clone.path))
    init(Workspace(load(flags)))
    return Workspace(load(flags))


def test_a_memory_about_deleted_code_is_retired_with_the_commit_in_its_reason(workspace: Open, repo: Repo) -> None:
    one = keep(workspace, "src/queue.py")
    repo.git("rm", "-q", "src/queue.py")
    gone = repo.commit("drop the queue")
    done = dream_now(workspace)
    assert changes_of(done) == [("retired", one, ())]
    assert gone[:8] in done.steps[0].reason


def test_a_deletion_on_another_branch_retires_nothing(workspace: Open, repo: Repo) -> None:
    keep(workspace, "src/queue.py")
    repo.git("switch", "-q", "-c", "feature")
    repo.git("rm", "-q", "src/queue.py")
    repo.commit("drop the queue")
    assert dream_now(workspace).steps == ()


def test_code_that_is_not_yet_on_the_default_branch_is_not_deleted(workspace: Open, repo: Repo) -> None:
    repo.git("switch", "-q", "-c", "feature")
    repo.commit("new", {"src/new.py": SOURCE})
    keep(workspace, "src/new.py")
    repo.git("switch", "-q", "main")
    assert dream_now(workspace).steps == ()


def test_without_a_default_branch_nothing_is_checked(workspace: Open, repo: Repo) -> None:
    keep(workspace, "src/queue.py")
    repo.git("config", "--unset", "mem.codeBranch")
    repo.git("rm", "-q", "src/queue.py")
    repo.commit("drop the queue")
    assert dream_now(workspace).steps == ()


def test_one_remaining_anchor_keeps_a_memory(workspace: Open, repo: Repo) -> None:
    keep(workspace, "src/queue.py", "src/ledger.py")
    repo.git("rm", "-q", "src/queue.py")
    repo.commit("drop the queue")
    assert dream_now(workspace).steps == ()


def test_a_renamed_anchor_is_followed_even_if_only_the_code_changed(workspace: Open, repo: Repo) -> None:
    one = keep(workspace, "src/queue.py")
    first = dream_now(workspace)
    assert (first.state, first.steps) == ("closed", ())
    repo.git("mv", "src/queue.py", "src/retries.py")
    repo.commit("rename")
    done = dream_now(workspace)
    assert changes_of(done) == [("moved", one, ())]
    promote_dream(workspace, done)
    assert [path.partition("@")[0] for path in texts(front(workspace, one)["paths"])] == ["src/retries.py"]
    assert dream_now(workspace).steps == ()


def test_drift_that_may_concern_a_memory_is_a_question(workspace: Open, repo: Repo) -> None:
    one = keep(workspace, "src/queue.py", body="retry_later puts a failed delivery back at most 7 times.")
    two = keep(workspace, "src/ledger.py", body="The ledger takes locks.")
    repo.commit("nine", {"src/queue.py": SOURCE.replace("7", "9"), "src/ledger.py": "LOCK = 'row'\n" * 9 + "# more\n"})
    done = dream_now(workspace)
    assert [(step.id, step.change, step.reason) for step in done.steps] == [
        (one, "attention", "drifted: src/queue.py no longer has 7")
    ]
    promote_dream(workspace, done)
    assert reasons(workspace, one) == [(DOUBT, "drifted: src/queue.py no longer has 7")]
    assert front(workspace, two).get("attention") is None


def test_true_rules_verify_and_false_rules_ask(workspace: Open, repo: Repo) -> None:
    good = keep(workspace, "src/queue.py", body="Seven tries.", holds_if=("src/queue.py contains RETRIES = 7",))
    bad = keep(workspace, body="Rows are locked.", holds_if=("src/ledger.py contains 'row'",))
    first = dream_now(workspace)
    assert changes_of(first) == [("verified", bad, ())]
    promote_dream(workspace, first)
    repo.commit("more", {"src/queue.py": SOURCE + "# more\n", "src/ledger.py": "LOCK = 'table'\n" * 9})
    done = dream_now(workspace)
    assert sorted(changes_of(done)) == sorted([("verified", good, ()), ("attention", bad, ())])
    promote_dream(workspace, done)
    verified = front(workspace, good)["verified"]
    assert isinstance(verified, Mapping)
    assert repo.git("rev-parse", "main").startswith(str(verified["commit"]))
    assert "holds_if is false" in str(front(workspace, bad)["attention"])


def test_a_shallow_clone_without_the_deletion_retires_nothing(workspace: Open, repo: Repo, tmp_path: Path) -> None:
    keep(workspace, "src/queue.py")
    repo.git("rm", "-q", "src/queue.py")
    repo.commit("drop the queue")
    repo.commit("later")
    assert run_dream(cloned(repo, tmp_path, depth=1), DreamRequest()).steps == ()


def test_code_that_came_back_on_a_branch_is_not_deleted(workspace: Open, repo: Repo) -> None:
    repo.git("rm", "-q", "src/queue.py")
    repo.commit("drop the queue")
    repo.git("switch", "-q", "-c", "feature")
    repo.commit("a new queue", {"src/queue.py": "class Queue:\n    durable = True\n"})
    keep(workspace, "src/queue.py")
    repo.git("switch", "-q", "main")
    assert dream_now(workspace).steps == ()


def test_a_renamed_file_is_not_deleted_where_its_first_version_is_missing(workspace: Open, repo: Repo) -> None:
    """Written on a branch that was squashed: neither its commit nor the blob is in any history."""
    repo.git("switch", "-q", "-c", "feature")
    new = SOURCE.replace("retry", "newly")
    repo.commit("new", {"src/new.py": new})
    one = keep(workspace, "src/new.py")
    repo.git("switch", "-q", "main")
    repo.commit("squashed", {"src/new.py": new + "# reviewed\n"})
    repo.git("branch", "-q", "-D", "feature")
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "-q", "--prune=now")
    repo.git("mv", "src/new.py", "src/newer.py")
    repo.commit("rename", {"src/newer.py": new + "# reviewed twice\n"})
    assert dream_now(workspace).steps == ()
    repo.git("mv", "src/newer.py", "src/newest.py")
    repo.commit("rename again", {"src/newest.py": new + "# reviewed thrice\n"})
    assert dream_now(workspace, since=ROOT).steps == ()
    repo.git("rm", "-q", "src/newest.py")
    repo.commit("drop it")
    assert changes_of(dream_now(workspace, since=ROOT)) == [("retired", one, ())]


def test_anchors_are_normalised_before_they_are_looked_up(workspace: Open, repo: Repo) -> None:
    one = keep(workspace, "./src/queue.py", "src/ledger.py/")
    repo.git("rm", "-q", "-r", "src")
    repo.commit("drop all")
    assert changes_of(dream_now(workspace)) == [("retired", one, ())]


def test_a_shallow_clone_with_the_deletion_retires_the_memory(workspace: Open, repo: Repo, tmp_path: Path) -> None:
    one = keep(workspace, "src/queue.py")
    repo.commit("later", {"src/more.py": SOURCE * 2})
    repo.git("rm", "-q", "src/queue.py")
    repo.commit("drop the queue")
    done = run_dream(cloned(repo, tmp_path, depth=2), DreamRequest())
    assert changes_of(done) == [("retired", one, ())]


def test_a_renamed_and_changed_file_is_followed_and_questioned(workspace: Open, repo: Repo) -> None:
    one = keep(workspace, "src/queue.py", body="retry_later puts a failed delivery back at most 7 times.")
    repo.git("mv", "src/queue.py", "src/retries.py")
    repo.commit("rename", {"src/retries.py": SOURCE.replace("7", "9")})
    done = dream_now(workspace)
    assert [(step.change, step.reason) for step in done.steps] == [
        ("moved", "src/queue.py is now src/retries.py"),
        ("attention", "drifted: src/retries.py no longer has 7"),
    ]
    promote_dream(workspace, done)
    assert reasons(workspace, one) == [(DOUBT, "drifted: src/retries.py no longer has 7")]
    assert dream_now(workspace).steps == ()
    repo.commit("back", {"src/retries.py": SOURCE})
    again = dream_now(workspace)
    assert changes_of(again) == [("resolved", one, ())]
    promote_dream(workspace, again)
    assert front(workspace, one).get("attention") is None


def test_a_protected_memory_is_only_reported(workspace: Open, repo: Repo) -> None:
    pinned = keep(workspace, "src/queue.py", pin="true")
    assert dream_now(workspace).steps == ()
    before = front(workspace, pinned)
    repo.git("mv", "src/queue.py", "src/retries.py")
    repo.commit("rename")
    done = dream_now(workspace)
    assert [(step.id, step.change, step.reason) for step in done.steps] == [
        (pinned, "attention", "src/queue.py is now src/retries.py")
    ]
    repo.git("rm", "-q", "src/retries.py")
    repo.commit("drop it")
    assert dream_now(workspace).steps == () and front(workspace, pinned) == before


@pytest.mark.parametrize("blob", ["main^{tree}", "main", "main:src"])
def test_an_anchor_may_have_any_object_as_its_blob(workspace: Open, repo: Repo, blob: str) -> None:
    one = keep(workspace, f"src/queue.py@{repo.git('rev-parse', blob)}", source={"commit": "f" * 40})
    repo.commit("more", {"src/queue.py": SOURCE + "# more\n"})
    assert {step.id for step in dream_now(workspace).steps} <= {one}


def test_of_a_large_file_only_the_change_is_reported(workspace: Open, repo: Repo) -> None:
    large = "".join(f"LINE_{number} = {number}\n" for number in range(20_000))
    repo.commit("large", {"src/large.py": large + "RETRIES = 7\n"})
    keep(workspace, "src/large.py", body="RETRIES is what counts, not LINE_9.")
    repo.commit("larger", {"src/large.py": "# first\n" * 40_000 + large + "RETRIES = 7\n"})
    assert [step.reason for step in dream_now(workspace).steps] == ["drifted: src/large.py has changed"]
