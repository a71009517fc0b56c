"""Dreams held against the code: at its default branch, whatever is checked out, and only by what that branch says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from memcli.branch import ROOT
from memcli.config import Flags, load
from memcli.core.memory.fast_yaml import texts
from memcli.operations.dream.dream import DreamRequest, run_dream
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.conftest import Repo
from tests.operations.dream.test_dream import Open, dreamt, front, promoted, stored, told

SOURCE = "RETRIES = 7\n\n\ndef retry_later(delivery):\n    return queue.put(delivery)\n"


@pytest.fixture(autouse=True)
def code(workspace: Open, repo: Repo) -> None:
    init(workspace())
    repo.git("config", "mem.codeBranch", "main")
    repo.commit("queue", {"src/queue.py": SOURCE, "src/ledger.py": "LOCK = 'row'\n" * 9})


def about(*paths: str, body: str = "The queue retries deliveries.", **more: object) -> Mapping[str, object]:
    return {"body": body, "paths": paths, **more}


def keep(workspace: Open, *paths: str, **more: object) -> str:
    return stored(workspace, about(*paths, **more))[0]  # type: ignore[arg-type]


def cloned(repo: Repo, place: Path, depth: int) -> Workspace:
    """A shallow clone of the code with the whole store."""
    clone = Repo(place / "clone")
    repo.git("clone", "-q", "--depth", str(depth), "--single-branch", f"file://{repo.path}", str(clone.path))
    clone.git("fetch", "-q", "origin", "mem/main:refs/remotes/origin/mem/main")
    flags = Flags(directory=str(clone.path))
    init(Workspace(load(flags)))
    return Workspace(load(flags))


def test_what_the_default_branch_deleted_is_retired_with_the_commit(workspace: Open, repo: Repo) -> None:
    one = keep(workspace, "src/queue.py")
    repo.git("rm", "-q", "src/queue.py")
    gone = repo.commit("drop the queue")
    done = dreamt(workspace)
    assert told(done) == [("retired", one, ())]
    assert gone[:8] in done.steps[0].reason


def test_a_branch_that_deleted_it_retires_nothing(workspace: Open, repo: Repo) -> None:
    keep(workspace, "src/queue.py")
    repo.git("switch", "-q", "-c", "feature")
    repo.git("rm", "-q", "src/queue.py")
    repo.commit("drop the queue")
    assert dreamt(workspace).steps == ()


def test_what_is_still_on_its_way_to_the_default_branch_is_not_gone(workspace: Open, repo: Repo) -> None:
    repo.git("switch", "-q", "-c", "feature")
    repo.commit("new", {"src/new.py": SOURCE})
    keep(workspace, "src/new.py")
    repo.git("switch", "-q", "main")
    assert dreamt(workspace).steps == ()


def test_without_a_default_branch_nothing_is_judged(workspace: Open, repo: Repo) -> None:
    keep(workspace, "src/queue.py")
    repo.git("config", "--unset", "mem.codeBranch")
    repo.git("rm", "-q", "src/queue.py")
    repo.commit("drop the queue")
    assert dreamt(workspace).steps == ()


def test_one_anchor_that_is_left_keeps_it(workspace: Open, repo: Repo) -> None:
    keep(workspace, "src/queue.py", "src/ledger.py")
    repo.git("rm", "-q", "src/queue.py")
    repo.commit("drop the queue")
    assert dreamt(workspace).steps == ()


def test_a_renamed_anchor_is_followed_also_when_only_the_code_changed(workspace: Open, repo: Repo) -> None:
    one = keep(workspace, "src/queue.py")
    first = dreamt(workspace)
    assert (first.state, first.steps) == ("closed", ())
    repo.git("mv", "src/queue.py", "src/retries.py")
    repo.commit("rename")
    done = dreamt(workspace)
    assert told(done) == [("moved", one, ())]
    promoted(workspace, done)
    assert [path.partition("@")[0] for path in texts(front(workspace, one)["paths"])] == ["src/retries.py"]
    assert dreamt(workspace).steps == ()


def test_drift_is_remarked_where_it_may_concern_what_is_said(workspace: Open, repo: Repo) -> None:
    one = keep(workspace, "src/queue.py", body="retry_later puts a failed delivery back at most 7 times.")
    two = keep(workspace, "src/ledger.py", body="The ledger takes locks.")
    repo.commit("nine", {"src/queue.py": SOURCE.replace("7", "9"), "src/ledger.py": "LOCK = 'row'\n" * 9 + "# more\n"})
    done = dreamt(workspace)
    assert [(step.id, step.change, step.reason) for step in done.steps] == [
        (one, "attention", "src/queue.py no longer has 7")
    ]
    promoted(workspace, done)
    assert front(workspace, one)["attention"] == "drifted: src/queue.py no longer has 7"
    assert front(workspace, two).get("attention") is None


def test_rules_that_hold_verify_and_rules_that_do_not_ask(workspace: Open, repo: Repo) -> None:
    good = keep(workspace, "src/queue.py", body="Seven tries.", holds_if=("src/queue.py contains RETRIES = 7",))
    bad = keep(workspace, body="Rows are locked.", holds_if=("src/ledger.py contains 'row'",))
    first = dreamt(workspace)
    assert told(first) == [("verified", bad, ())]
    promoted(workspace, first)
    repo.commit("more", {"src/queue.py": SOURCE + "# more\n", "src/ledger.py": "LOCK = 'table'\n" * 9})
    done = dreamt(workspace)
    assert sorted(told(done)) == sorted([("verified", good, ()), ("attention", bad, ())])
    promoted(workspace, done)
    verified = front(workspace, good)["verified"]
    assert isinstance(verified, Mapping)
    assert repo.git("rev-parse", "main").startswith(str(verified["commit"]))
    assert "holds_if is false" in str(front(workspace, bad)["attention"])


def test_a_shallow_clone_knows_of_no_deletion(workspace: Open, repo: Repo, tmp_path: Path) -> None:
    keep(workspace, "src/queue.py")
    repo.git("rm", "-q", "src/queue.py")
    repo.commit("drop the queue")
    repo.commit("later")
    assert run_dream(cloned(repo, tmp_path, depth=1), DreamRequest()).steps == ()


def test_what_came_back_on_a_branch_after_the_default_branch_deleted_it_is_not_gone(
    workspace: Open, repo: Repo
) -> None:
    repo.git("rm", "-q", "src/queue.py")
    repo.commit("drop the queue")
    repo.git("switch", "-q", "-c", "feature")
    repo.commit("a new queue", {"src/queue.py": "class Queue:\n    durable = True\n"})
    keep(workspace, "src/queue.py")
    repo.git("switch", "-q", "main")
    assert dreamt(workspace).steps == ()


def test_a_renamed_file_is_not_gone_where_what_was_written_about_is_not_here(workspace: Open, repo: Repo) -> None:
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
    assert dreamt(workspace).steps == ()
    repo.git("mv", "src/newer.py", "src/newest.py")
    repo.commit("rename again", {"src/newest.py": new + "# reviewed thrice\n"})
    assert dreamt(workspace, since=ROOT).steps == ()
    repo.git("rm", "-q", "src/newest.py")
    repo.commit("drop it")
    assert told(dreamt(workspace, since=ROOT)) == [("retired", one, ())]


def test_paths_are_deleted_however_they_are_written(workspace: Open, repo: Repo) -> None:
    one = keep(workspace, "./src/queue.py", "src/ledger.py/")
    repo.git("rm", "-q", "-r", "src")
    repo.commit("drop all")
    assert told(dreamt(workspace)) == [("retired", one, ())]


def test_a_shallow_clone_that_has_the_deletion_knows_of_it(workspace: Open, repo: Repo, tmp_path: Path) -> None:
    one = keep(workspace, "src/queue.py")
    repo.commit("later", {"src/more.py": SOURCE * 2})
    repo.git("rm", "-q", "src/queue.py")
    repo.commit("drop the queue")
    done = run_dream(cloned(repo, tmp_path, depth=2), DreamRequest())
    assert told(done) == [("retired", one, ())]


def test_a_rename_with_a_change_is_followed_and_remarked(workspace: Open, repo: Repo) -> None:
    one = keep(workspace, "src/queue.py", body="retry_later puts a failed delivery back at most 7 times.")
    repo.git("mv", "src/queue.py", "src/retries.py")
    repo.commit("rename", {"src/retries.py": SOURCE.replace("7", "9")})
    done = dreamt(workspace)
    assert [(step.change, step.reason) for step in done.steps] == [
        ("moved", "src/queue.py is now src/retries.py"),
        ("attention", "src/retries.py no longer has 7"),
    ]
    promoted(workspace, done)
    assert front(workspace, one)["attention"] == "drifted: src/retries.py no longer has 7"
    assert dreamt(workspace).steps == ()
    repo.commit("back", {"src/retries.py": SOURCE})
    again = dreamt(workspace)
    assert told(again) == [("settled", one, ())]
    promoted(workspace, again)
    assert front(workspace, one).get("attention") is None


def test_what_a_machine_may_not_touch_is_only_told(workspace: Open, repo: Repo) -> None:
    pinned = keep(workspace, "src/queue.py", pin="true")
    assert dreamt(workspace).steps == ()
    before = front(workspace, pinned)
    repo.git("mv", "src/queue.py", "src/retries.py")
    repo.commit("rename")
    done = dreamt(workspace)
    assert [(step.id, step.change, step.reason) for step in done.steps] == [
        (pinned, "attention", "src/queue.py is now src/retries.py")
    ]
    repo.git("rm", "-q", "src/retries.py")
    repo.commit("drop it")
    assert dreamt(workspace).steps == () and front(workspace, pinned) == before


@pytest.mark.parametrize("blob", ["main^{tree}", "main", "main:src"])
def test_an_anchor_may_name_anything_as_its_blob(workspace: Open, repo: Repo, blob: str) -> None:
    one = keep(workspace, f"src/queue.py@{repo.git('rev-parse', blob)}", source={"commit": "f" * 40})
    repo.commit("more", {"src/queue.py": SOURCE + "# more\n"})
    assert {step.id for step in dreamt(workspace).steps} <= {one}


def test_of_large_files_nothing_is_said_but_that_they_changed(workspace: Open, repo: Repo) -> None:
    large = "".join(f"LINE_{number} = {number}\n" for number in range(20_000))
    repo.commit("large", {"src/large.py": large + "RETRIES = 7\n"})
    keep(workspace, "src/large.py", body="RETRIES is what counts, not LINE_9.")
    repo.commit("larger", {"src/large.py": "# first\n" * 40_000 + large + "RETRIES = 7\n"})
    assert [step.reason for step in dreamt(workspace).steps] == ["src/large.py has changed"]
