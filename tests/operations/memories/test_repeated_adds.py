"""A memory that is added twice in one session is made once; the second add is told of the first."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from memcli.operations.history.undo import undo
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.reject import reject
from memcli.operations.setup.init import init
from memcli.state.lock import hold
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo

Open = Callable[..., Workspace]
TEXT = "Alex likes tea."


@pytest.fixture(autouse=True)
def store(workspace: Open) -> None:
    init(workspace())


def _add(here: Workspace, body: str = TEXT, once: str | None = None, **values: str) -> tuple[str, str]:
    """(id, state) of what was added."""
    added = add_memories(here, [{"body": body, **values}], once)[0]
    return added.id, added.state


def _candidates(here: Workspace, session: str = "work") -> list[str]:
    return [candidate.id for candidate in here.sessions.candidates(here.sessions.load(session))]


@contextmanager
def _locked(repo: Repo) -> Iterator[None]:
    with hold(repo.path / ".git" / "mem" / "lock", 1.0) as held:
        assert held
        yield


@pytest.mark.parametrize("agent", [None, "codex"])
@pytest.mark.parametrize("body", [TEXT, f"  {TEXT}\n", TEXT.replace(" ", "\n")])
def test_a_repeated_add_makes_nothing_and_names_the_first(workspace: Open, agent: str | None, body: str) -> None:
    here = workspace(session="work", agent=agent)
    first, _ = _add(here)
    tip = here.sessions.load("work").tip
    assert _add(here, body) == (first, "known")
    assert _candidates(workspace()) == [first] and workspace().sessions.load("work").tip == tip
    assert not workspace().journal.files()
    assert promote(workspace(), PromoteRequest("work", consent=True)).ended


def test_the_command_says_so(fast: Mem) -> None:
    first = fast("add", TEXT, "--json").json()["id"]
    again = fast("add", TEXT, "--tag", "drinks", "--json", "--wait")
    assert again.code == 0 and (again.json()["id"], again.json()["state"]) == (first, "known")
    told = fast("add", TEXT, "--tag", "drinks")
    assert told.code == 0 and "(known)" in told.out and "not recorded: tags" in told.out
    assert fast("add", TEXT, "--promote").code == 0
    assert fast("undo").code == 0, "the promotion is what was done last"


@pytest.mark.parametrize(
    "other",
    [{"key": "alex.tea"}, {"kind": "procedural"}, {"body": "Alex likes coffee."}],
)
def test_another_claim_is_added(workspace: Open, other: dict[str, str]) -> None:
    here = workspace(session="work")
    first, _ = _add(here)
    second, state = _add(here, **other)
    assert state == "committed" and sorted(_candidates(workspace())) == sorted([first, second])


def test_a_claim_of_another_time_is_added(workspace: Open) -> None:
    here = workspace(session="work")
    times = [("Payments", "2024-01-01", "2024-06-01"), ("Search", "2024-06-01", ""), ("Payments", "2025-01-01", "")]
    for team, start, end in times:
        values = {"key": "alex.team", "valid_from": start, **({"valid_to": end} if end else {})}
        assert _add(here, f"Alex works on {team}.", **values)[1] == "committed"
    assert _add(here, "Alex works on Payments.", key="alex.team", valid_from="2025-02-01")[1] == "known"
    assert promote(workspace(), PromoteRequest("work")).ended


def test_what_was_edited_rejected_or_promoted_since_is_added_again(workspace: Open) -> None:
    here = workspace(session="work")
    first, _ = _add(here)
    edit_memory(here, open_memory(here, first), {}, body="Alex likes coffee.")
    second, state = _add(here)
    assert state == "committed" and second != first
    reject(workspace(), "work", [second], "no")
    third, state = _add(workspace(session="work"))
    assert state == "committed" and third not in (first, second)


def test_a_repeated_add_is_no_operation_to_undo(workspace: Open) -> None:
    here = workspace(session="work")
    _add(here, "Something else.")
    _add(here)
    _add(here)
    assert undo(workspace(session="work")).summary == TEXT.removesuffix(".")
    assert len(_candidates(workspace())) == 1


@pytest.mark.parametrize("committed", [False, True])
def test_an_add_that_repeats_one_which_waits_is_told_of_it(repo: Repo, fast: Mem, committed: bool) -> None:
    fast("session", "start", "work")
    first = fast("add", TEXT, "--json").json()["id"] if committed else ""
    with _locked(repo):
        answers = [fast("add", TEXT, "--json", env={"MEM_LOCK_TIMEOUT": "0"}).json() for _ in range(3)]
    first = first or answers.pop(0)["id"]
    assert {(answer["id"], answer["state"]) for answer in answers} == {(first, "known")}
    review = fast("review", "work", "--json").json()
    assert [candidate["id"] for candidate in review["candidates"]] == [first]
    assert fast("status", "--json").json()["queued"] == 0


def test_a_batch_with_the_same_line_twice_makes_one(fast: Mem) -> None:
    lines = [{"body": TEXT}, {"body": "Alex likes rain."}, {"body": TEXT}]
    text = "\n".join(map(json.dumps, lines))
    added = fast("add", "--batch", "-", "--json", input=text).json()["memories"]
    assert [memory["state"] for memory in added] == ["committed", "committed", "known"]
    assert added[2]["id"] == added[0]["id"]
    again = fast("add", "--batch", "-", "--json", input=text).json()["memories"]
    assert {memory["state"] for memory in again} == {"known"}
    assert [memory["id"] for memory in again] == [memory["id"] for memory in added]


@pytest.mark.parametrize("key", ["first", "second"])
def test_once_and_a_repeated_text(workspace: Open, key: str) -> None:
    here = workspace(session="work")
    first, _ = _add(here, once="first")
    for _ in range(2):
        found, state = _add(here, once=key)
        assert found == first and state == ("committed" if key == "first" else "known")
    assert _candidates(workspace()) == [first]


def test_once_and_a_batch_with_the_same_line_twice(fast: Mem) -> None:
    text = "\n".join(json.dumps({"body": body}) for body in (TEXT, TEXT, "Alex likes rain."))
    answers = [fast("add", "--batch", "-", "--once", "k", "--json", input=text).json()["memories"] for _ in range(3)]
    for answer in answers:
        assert [memory["id"] for memory in answer] == [memory["id"] for memory in answers[0]]
    assert answers[0][0]["id"] == answers[0][1]["id"] and len({memory["id"] for memory in answers[0]}) == 2


def test_processes_that_add_the_same_at_once_make_one(repo: Repo, fast: Mem) -> None:
    fast("session", "start", "work")
    for number in range(3):
        body = f"Alex likes the number {number}."
        command = [str(Path(sys.executable).with_name("mem")), "add", body, "--json"]
        running = [subprocess.Popen(command, cwd=repo.path, stdout=subprocess.PIPE) for _ in range(6)]
        answers = [json.loads(process.communicate()[0])["data"] for process in running]
        assert len({answer["id"] for answer in answers}) == 1
        assert sorted(answer["state"] for answer in answers) == ["committed", *["known"] * 5]
        review = fast("review", "work", "--json").json()
        assert len(review["candidates"]) == number + 1
        assert answers[0]["id"] in {candidate["id"] for candidate in review["candidates"]}
    assert fast("status", "--json").json()["failed"] == []


def test_a_second_file_with_the_same_text_is_kept_and_told(fast: Mem) -> None:
    worktree = Path(fast("session", "start", "work", "--worktree", "--json").json()["worktree"])
    for name in ("one", "two"):
        (worktree / "semantic" / "drinks").mkdir(parents=True, exist_ok=True)
        (worktree / "semantic" / "drinks" / f"{name}.md").write_text(TEXT + "\n")
    review = fast("review", "work", "--json").json()
    assert len(review["candidates"]) == 2
    assert [finding["check"] for finding in review["findings"] if finding["severity"] == "block"] == ["duplicate"]
    assert all((worktree / "semantic" / "drinks" / f"{name}.md").exists() for name in ("one", "two"))
    other = next(each["id"] for each in review["candidates"] if each["id"] != review["findings"][0]["id"])
    assert fast("promote", "work", "--only", other, "--yes").code == 0
