"""`mem resolve`: nobody's question is settled without a choice, and an answer holds until something changes."""

from __future__ import annotations

import os
import pty
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Mem, Repo

TWELVE, TEN = "The bcrypt cost is 12.", "The bcrypt cost is 10."


def store(fast: Mem, *arguments: str) -> str:
    memory_id = fast("add", *arguments, "--json").json()["id"]
    assert fast("promote", "--yes", "-q").code == 0
    return str(memory_id)


def dream(fast: Mem) -> list[dict[str, Any]]:
    """The questions of a dream that is promoted, or was closed without changes."""
    done = fast("dream", "--json").json()
    if done["session"] and done["state"] != "closed":
        assert fast("dream", "promote", "--yes", "-q").code == 0
    return list(done["attention"])


def shown(fast: Mem, memory_id: str, *options: str) -> Any:
    return fast("show", memory_id, "--json", *options).json()


def refs(repo: Repo) -> str:
    return repo.git("for-each-ref")


@pytest.fixture
def pair(fast: Mem) -> tuple[str, str]:
    """Two memories that contradict each other; the second lists the question."""
    fast("init", "-q")
    ids = store(fast, TWELVE), store(fast, TEN)
    assert len(dream(fast)) == 1
    return ids


def test_questions_are_listed_with_both_titles_reason_and_day(fast: Mem, pair: tuple[str, str]) -> None:
    (asked,) = fast("resolve", "--json").json()["unsettled"]
    assert (asked["kind"], asked["with"], asked["reason"]) == (
        "contradiction",
        [pair[0]],
        "differs: number 12 against 10",
    )
    text = fast("resolve").out
    for part in ("The bcrypt cost is 12", "The bcrypt cost is 10", "contradiction since 20", "differs: number"):
        assert part in text


@pytest.mark.parametrize("place", [0, 1])
def test_without_a_choice_both_sides_are_shown_and_nothing_is_settled(
    fast: Mem, repo: Repo, pair: tuple[str, str], place: int
) -> None:
    before = refs(repo)
    done = fast("resolve", pair[place])
    assert done.code == 2 and refs(repo) == before
    for part in (TWELVE, TEN, "by a person", "evidence human", "written "):
        assert part in done.out
    for choice in (f"--keep {pair[0][-6:]}", f"--keep {pair[1][-6:]}", "--keep both", "--edit", "--retire"):
        assert choice in done.err
    as_json = fast("resolve", pair[place], "--json")
    assert as_json.code == 2 and as_json.error()["code"] == "usage"
    assert {side["id"] for side in as_json.json()["questions"][0]["sides"]} == set(pair)


@pytest.mark.parametrize("asked", [0, 1])
@pytest.mark.parametrize("kept", [0, 1])
def test_the_kept_memory_stays_and_the_other_is_retired_with_the_reason(
    fast: Mem, repo: Repo, pair: tuple[str, str], asked: int, kept: int
) -> None:
    before = fast("session", "list", "--json").json()
    done = fast("resolve", pair[asked], "--keep", pair[kept][-6:], "--because", "measured in CI", "--json")
    assert done.code == 0 and {memory["id"] for memory in done.json()["memories"]} == set(pair)
    loser = shown(fast, pair[1 - kept])
    assert (loser["status"], loser["retired"]["reason"]) == ("retired", "measured in CI")
    assert shown(fast, pair[kept])["status"] == "active"
    assert fast("resolve").out == "no open questions\n"
    assert fast("undo").code == 0, "one answer is one operation"
    assert len(fast("resolve", "--json").json()["unsettled"]) == 1 and shown(fast, pair[1 - kept])["status"] == "active"
    assert before != repo.git("for-each-ref")


def test_both_is_recorded_and_not_asked_again_until_a_claim_changes(fast: Mem, pair: tuple[str, str]) -> None:
    assert fast("resolve", pair[0], "--keep", "both", "--because", "two clusters").code == 0
    assert fast("promote", "--yes", "-q").code == 0
    for memory_id in pair:
        front = shown(fast, memory_id)
        assert (
            "attention" not in front and "kept both" in front["resolved"][0] and "two clusters" in front["resolved"][0]
        )
    fast("edit", pair[0], "--tag", "auth", "-q")
    checks = {finding["check"] for finding in fast("review", "--json").json()["findings"]}
    assert not checks & {"near-duplicate", "contradiction"}
    assert fast("promote", "--yes", "-q").code == 0
    assert dream(fast) == []
    fast("edit", pair[0], "--body", "The bcrypt cost is 14.", "-q")
    checks = {finding["check"] for finding in fast("review", "--json").json()["findings"]}
    assert checks & {"near-duplicate", "contradiction"}
    assert fast("promote", "--yes", "-q").code == 0
    assert len(dream(fast)) == 1


def test_a_memory_with_several_questions_needs_to_say_which(fast: Mem) -> None:
    fast("init", "-q")
    one, two, three = (store(fast, f"The bcrypt cost of the login service is {cost}.") for cost in (10, 12, 14))
    dream(fast)
    asked = fast("resolve", "--json").json()["unsettled"]
    middle = max((one, two, three), key=lambda each: sum(each in (item["id"], *item["with"]) for item in asked))
    others = [each for each in (one, two, three) if each != middle]
    refused = fast("resolve", middle, "--keep", "both")
    assert refused.code == 2 and "--with" in refused.err
    assert fast("resolve", middle, "--keep", "both", "--with", others[0]).code == 0
    assert fast("resolve", middle, "--keep", others[1], "--because", "no").code == 0
    assert shown(fast, middle)["status"] == "retired"


def test_a_retired_memory_settles_every_question_about_it(fast: Mem, pair: tuple[str, str]) -> None:
    assert fast("resolve", pair[0], "--retire", "--because", "obsolete").code == 0
    assert shown(fast, pair[0])["retired"]["reason"] == "obsolete"
    assert fast("resolve").out == "no open questions\n"


def test_a_doubt_is_answered_like_a_verification(fast: Mem, repo: Repo) -> None:
    fast("init", "-q")
    repo.commit("app", {"src/app.py": "RETRIES = 7\n"})
    one = store(fast, "Seven retries.", "--path", "src/app.py")
    repo.commit("change", {"src/app.py": "RETRIES = 9\n"})
    fast("edit", one, "--set", "holds_if=src/app.py contains RETRIES = 7", "-q")
    assert fast("verify", one).code in (0, 1)
    asked = fast("resolve", one)
    assert (
        asked.code == 2 and "doubt: holds_if is false" in asked.out and "suspect: src/app.py has changed" in asked.out
    )
    assert fast("resolve", one, "--keep", one, "--because", "the constant moved").code == 0
    front = shown(fast, one)
    assert "attention" not in front and front["verified"]["commit"] and "the constant moved" in front["resolved"][0]
    assert fast("promote", "--yes", "-q").code == 0
    assert dream(fast) == []


@pytest.fixture
def conflict(fast: Mem) -> str:
    """A memory that session d2 changes in another way than the store, where d1 was promoted."""
    fast("init", "-q")
    memory_id = store(fast, "The limit is 5.", "--tag", "one")
    for agent, session, body in (("codex", "d1", "The limit is 7."), ("gemini", "d2", "The limit is 9.")):
        fast("--agent", agent, "session", "start", session, "-q")
        options = ("--set", f"topic={session}", "--set", f"tags={session}", "--session", session, "-q")
        assert fast("--agent", agent, "edit", memory_id, "--body", body, *options).code == 0
    assert fast("promote", "d1", "--yes", "-q").code == 0
    return memory_id


def recorded(fast: Mem) -> None:
    assert fast("session", "update", "d2").code == 0


def pending(_fast: Mem) -> None:
    """The conflict is found before anything is merged."""


@pytest.mark.parametrize("before", [pending, recorded])
@pytest.mark.parametrize("choice", ["ours", "theirs", "both"])
def test_one_version_of_a_conflict_is_kept_exactly(
    fast: Mem, repo: Repo, conflict: str, before: Callable[[Mem], None], choice: str
) -> None:
    path = shown(fast, conflict, "--session", "none")["path"]
    texts = {side: repo.git("show", f"{ref}:{path}") for side, ref in
             (("ours", "refs/heads/mem/main"), ("theirs", "refs/mem/sessions/d2"))}  # fmt: skip
    before(fast)
    asked = fast("resolve", conflict, "--session", "d2")
    assert asked.code == 2 and "ours" in asked.out and "theirs" in asked.out
    if before is pending:
        assert "by codex in d1" in asked.out and "by gemini in d2" in asked.out
    assert "conflict" in fast("resolve", "--session", "d2").out
    assert fast("resolve", conflict, "--session", "d2", "--keep", choice).code == 0
    assert fast("resolve", "--session", "d2").out == "no open questions\n"
    front = shown(fast, conflict, "--session", "d2")
    assert not {"conflict", "title_other", "conflict_other", "conflict_sides"} & front.keys()
    if choice == "both":
        assert "limit is 7" in front["body"] and "limit is 9" in front["body"]
    else:
        text = repo.git("show", f"refs/mem/sessions/d2:{path}")
        stamped = [line for line in text.splitlines() if not line.startswith("modified:")]
        assert stamped == [line for line in texts[choice].splitlines() if not line.startswith("modified:")]
    assert fast("promote", "d2", "--yes", "-q").code == 0
    landed = shown(fast, conflict, "--session", "none")
    expected = {"ours": "The limit is 7.\n", "theirs": "The limit is 9.\n"}
    assert landed["body"] == expected.get(choice, landed["body"]) and "conflict" not in landed


def test_an_answer_to_a_pending_conflict_is_undone_in_one_step(fast: Mem, repo: Repo, conflict: str) -> None:
    before = repo.git("rev-parse", "refs/mem/sessions/d2")
    assert fast("resolve", conflict, "--session", "d2", "--keep", "theirs", "-q").code == 0
    assert fast("undo", "-q").code == 0
    assert repo.git("rev-parse", "refs/mem/sessions/d2") == before


def test_an_agents_answer_is_a_candidate_of_its_session(fast: Mem, pair: tuple[str, str]) -> None:
    fast("--agent", "codex", "session", "start", "s", "-q")
    assert fast("--agent", "codex", "resolve", pair[0], "--keep", pair[0], "--session", "s").code == 0
    assert shown(fast, pair[1], "--session", "none")["status"] == "active"
    assert shown(fast, pair[1], "--session", "s")["status"] == "retired"


def test_the_editor_shows_both_texts_and_saves_one(fast: Mem, repo: Repo, pair: tuple[str, str]) -> None:
    repo.write("ed", '#!/bin/sh\ncp "$1" seen; sed -i \'s/is 12/is 12 in production/\' "$1"\n').chmod(0o755)
    code = at_terminal(repo, "resolve", pair[0], "--edit", env={"EDITOR": "./ed"})
    assert code == 0
    seen = (repo.path / "seen").read_text()
    assert TWELVE in seen and TEN in seen
    front = shown(fast, pair[0])
    assert front["body"] == "The bcrypt cost is 12 in production.\n" and "edited" in front["resolved"][0]
    assert fast("resolve").out == "no open questions\n"


@pytest.mark.parametrize(("typed", "left"), [("s\n", 1), ("k\nmeasured\n", 0), ("b\n\n", 0)])
def test_at_a_terminal_the_choices_are_asked(
    fast: Mem, repo: Repo, pair: tuple[str, str], typed: str, left: int
) -> None:
    assert at_terminal(repo, "resolve", pair[0], typed=typed) == 0
    assert len(fast("resolve", "--json").json()["unsettled"]) == left
    if typed.startswith("k"):
        assert shown(fast, pair[1])["retired"]["reason"] == "measured"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--keep", "both", "--retire"), 2),
        (("--keep", "ours"), 2),
        (("--keep", "nosuch"), 2),
        (("--keep", "both", "--with", "doubt"), 2),
    ],
)
def test_an_answer_that_answers_nothing_is_refused(
    fast: Mem, repo: Repo, pair: tuple[str, str], options: tuple[str, ...], code: int
) -> None:
    before = refs(repo)
    assert fast("resolve", pair[0], *options).code == code and refs(repo) == before
    assert fast("resolve", "--keep", "both").code == 2
    other = store(fast, "Something else altogether.")
    assert fast("resolve", other, "--keep", "both").code == 4


def at_terminal(repo: Repo, *arguments: str, typed: str = "", env: dict[str, str] | None = None) -> int:
    """The exit code of `mem` with a terminal on stdin, at which something is typed."""
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover
        os.chdir(repo.path)
        os.execve(sys.executable, [sys.executable, "-m", "memcli", *arguments], {**os.environ, **(env or {})})
    os.write(terminal, typed.encode())
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:
        pass
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize("before", [pending, recorded])
def test_a_conflict_is_settled_by_retiring_or_editing_the_memory(
    fast: Mem, repo: Repo, conflict: str, before: Callable[[Mem], None]
) -> None:
    before(fast)
    assert fast("resolve", conflict, "--session", "d2", "--retire", "--because", "no limit any more").code == 0
    front = shown(fast, conflict, "--session", "d2")
    assert front["retired"]["reason"] == "no limit any more" and "conflict" not in front
    fast("undo", "-q")
    repo.write("ed", '#!/bin/sh\ncp "$1" seen; sed -i \'/limit is 9/d; s/is 7/is 8/\' "$1"\n').chmod(0o755)
    code = at_terminal(repo, "resolve", conflict, "--session", "d2", "--edit", env={"EDITOR": "./ed"})
    assert code == 0 and "The limit is 9" in (repo.path / "seen").read_text()
    assert fast("resolve", "--session", "d2").out == "no open questions\n"
    assert fast("promote", "d2", "--yes", "-q").code == 0
    landed = shown(fast, conflict, "--session", "none")
    assert (landed["title"], landed["body"].strip()) == ("The limit is 8", "The limit is 8.")


def test_a_refused_answer_is_kept_as_a_draft(fast: Mem, repo: Repo, pair: tuple[str, str]) -> None:
    repo.write("ed", "#!/bin/sh\nsed -i 's/^title: .*/title: [/' \"$1\"\n").chmod(0o755)
    assert at_terminal(repo, "resolve", pair[0], "--edit", env={"EDITOR": "./ed"}) != 0
    drafts = list((repo.path / ".git/mem/drafts").glob("resolve-*"))
    assert len(drafts) == 1 and TWELVE in drafts[0].read_text()
    drafts[0].write_text(drafts[0].read_text().replace("title: [", "title: The cost"))
    assert fast("resolve", pair[0], "--edit", "--draft", drafts[0].stem).code == 0
    assert shown(fast, pair[0])["title"] == "The cost" and not drafts[0].exists()


def test_a_person_sees_the_conflicts_of_every_session_and_an_agent_its_own(fast: Mem, conflict: str) -> None:
    for _ in range(2):
        (asked,) = fast("resolve", "--json").json()["unsettled"]
        assert (asked["id"], asked["kind"], asked["session"]) == (conflict, "conflict", "d2")
        assert "(in d2)" in fast("resolve").out
        assert fast("--agent", "codex", "resolve").out == "no open questions\n"
        assert len(fast("--agent", "gemini", "resolve", "--session", "d2", "--json").json()["unsettled"]) == 1
        missing = fast("resolve", conflict)
        assert missing.code == 4 and "--session d2" in missing.err
        recorded(fast)
