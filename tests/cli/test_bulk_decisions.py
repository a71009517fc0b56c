"""`mem promote` and `mem reject` of many: names, ids, globs and filters, what is shown and asked, and JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Mem, Repo
from tests.terminal import Terminal


@pytest.fixture
def ids(fast: Mem) -> dict[str, str]:
    """{first word: id} of five candidates in three sessions, two of which are an agent's."""
    fast("init")
    added: dict[str, str] = {}
    for session, agent, text, topic in (
        ("one", "codex", "Deliveries are retried at most 7 times.", "payments"),
        ("one", "codex", "Horses are stabled in barn 4 over winter.", "stable"),
        ("two", "claude-code", "Ledgers are closed on the last day of a month.", "payments"),
        ("two", "claude-code", "Queues hold 300 messages at most.", "queue"),
        ("three", "", "Trains leave from platform 9.", "stable"),
    ):
        fast("session", "start", session)
        words = ("--agent", agent) if agent else ()
        done = fast(*words, "add", text, "--topic", topic, "--session", session, "--json")
        added[text.split()[0]] = done.json()["id"]
    return added


def _leave(repo: Repo) -> None:
    """Nobody has a current session."""
    (repo.path / ".git/mem/session").unlink(missing_ok=True)


def test_a_filter_promotes_across_sessions_and_undo_takes_all_back(fast: Mem, repo: Repo, ids: dict[str, str]) -> None:
    refused = fast("promote", "--topic", "payments")
    assert refused.code == 6 and "requires approval by a person" in refused.err
    preview = fast("promote", "--topic", "payments", "--dry-run", "--json").json()
    assert preview["dry_run"] and preview["commit"] is None
    done = fast("promote", "--topic", "payments", "--yes", "--json")
    data = done.json()
    assert data["session"] is None and data["result"] == preview["result"]
    assert set(data["promoted"]) == {ids["Deliveries"], ids["Ledgers"]}
    assert [part["session"] for part in data["sessions"]] == ["one", "two"]
    assert data["commit"] == data["sessions"][-1]["commit"] == repo.git("rev-parse", "mem/main")
    assert set(data["left"]) == {ids["Horses"], ids["Queues"]}
    assert fast("op", "log", "--json").json()["operations"][0]["sessions"] == ["one", "two"]
    dry = fast("undo", "--dry-run")
    assert dry.out == "would undo: promote: 2 memories of 2 sessions; back to review in one, two\n"
    assert fast("undo").code == 0
    assert fast("log").out.strip() == "no promotions"
    assert len(fast("promote", "--all", "--yes", "--json").json()["promoted"]) == 5


def test_ids_of_several_sessions(fast: Mem, ids: dict[str, str]) -> None:
    words = (ids["Deliveries"][-8:].lower(), ids["Queues"], ids["Trains"])
    data = fast("promote", *words, "--yes", "--json").json()
    assert set(data["promoted"]) == {ids["Deliveries"], ids["Queues"], ids["Trains"]}
    rejected = fast("reject", ids["Horses"], ids["Ledgers"], "-m", "not wanted here", "--json").json()
    assert set(rejected["rejected"]) == {ids["Horses"], ids["Ledgers"]} and rejected["reason"] == "not wanted here"
    assert [part["session"] for part in rejected["sessions"]] == ["one", "two"]
    assert fast("undo").out == "undone: reject: 2 candidates of 2 sessions; back to review in one, two\n"


@pytest.mark.parametrize(
    ("words", "first_words"),
    [
        (("one", "three"), "Deliveries Horses Trains"),
        (("payments/*",), "Deliveries Ledgers"),
        (("one", "semantic/stable/*"), "Horses"),
        (("--by", "claude-code"), "Ledgers Queues"),
        (("--by", "ada@"), "Trains"),
        (("--session", "t*"), "Ledgers Queues Trains"),
        (("--session", "one", "--topic", "stable"), "Horses"),
        (("--topic", "stable", "--topic", "queue"), "Horses Queues Trains"),
        (("--type", "fact", "--session", "two"), "Ledgers Queues"),
        (("--all",), "Deliveries Horses Ledgers Queues Trains"),
    ],
    ids=" ".join,
)
def test_what_is_selected(fast: Mem, ids: dict[str, str], words: tuple[str, ...], first_words: str) -> None:
    expected = {ids[word] for word in first_words.split()}
    for verb, field in (("promote", "promoted"), ("reject", "rejected")):
        done = fast(verb, *words, "--dry-run", "--json")
        assert done.code == 0 and set(done.json()[field]) == expected, done


def test_with_nothing_given_several_sessions_are_named(fast: Mem, repo: Repo, ids: dict[str, str]) -> None:
    _leave(repo)
    for verb in ("promote", "reject"):
        done = fast(verb)
        assert done.code == 4 and ids and all(name in done.err for name in ("one", "two", "three", "--all")), done


def test_the_session_may_be_named_before_the_command(fast: Mem, ids: dict[str, str]) -> None:
    done = fast("--session", "two", "promote", "--yes", "--json").json()
    assert done["session"] == "two" and set(done["promoted"]) == {ids["Ledgers"], ids["Queues"]}


def test_one_block_refuses_all_unless_it_is_skipped(fast: Mem, ids: dict[str, str]) -> None:
    fast("session", "start", "four")
    copy = fast(
        "add", "Deliveries are retried at most 7 times.", "--topic", "other", "--session", "four", "--json"
    ).json()
    refused = fast("promote", "one", "four", "--yes")
    assert refused.code == 6 and "duplicate" in refused.err and "--skip-blocked" in refused.err
    data = fast("promote", "one", "four", "--yes", "--skip-blocked", "--json").json()
    assert set(data["promoted"]) == {ids["Deliveries"], ids["Horses"]}
    assert data["skipped"] == [{"session": "four", "id": copy["id"]}]
    text = fast("promote", "four", "--yes", "--skip-blocked").out
    assert "nothing to promote" in text and copy["id"][-6:] in text


def test_only_what_is_clean(fast: Mem, ids: dict[str, str]) -> None:
    fast("session", "start", "four")
    fast("add", "Queues hold 400 messages at most.", "--topic", "queue", "--session", "four")
    data = fast("promote", "--clean", "--yes", "--json").json()
    assert ids["Queues"] not in data["promoted"] and len(data["promoted"]) == 4
    done = fast("promote", "--clean", "--yes")
    assert (done.code, done.out) == (0, "nothing to promote: no candidate is without warnings\n")


def test_at_a_terminal_the_list_is_shown_and_one_question_asked(
    fast: Mem, repo: Repo, ids: dict[str, str], tmp_path: Path
) -> None:
    terminal = Terminal(repo, tmp_path / "editor")
    code, output = terminal.run("promote", "--topic", "payments", editor="exit 1", typed="n\n")
    assert code == 6 and "Deliveries are retried" in output and output.count("promote?") == 1
    code, output = terminal.run("promote", "--topic", "payments", editor="exit 1", typed="y\n")
    assert code == 0 and "promoted 2 candidates of 2 sessions" in output
    code, output = terminal.run("reject", "--topic", "stable", editor="exit 1", typed="n\n")
    assert "would reject 2 candidates of 2 sessions" in output and "nothing was changed" in output
    assert set(fast("reject", "--topic", "stable", "--json").json()["rejected"]) == {ids["Horses"], ids["Trains"]}


def test_a_dream_among_the_sessions_sets_the_watermark(fast: Mem, repo: Repo, ids: dict[str, str]) -> None:
    assert fast("promote", "--all", "--yes").code == 0
    fast("session", "start", "old")
    fast("add", "Barn 4 is closed today.", "--expires", "2020-01-01", "--promote", "--session", "old")
    dream = fast("dream", "--json").json()["session"]
    fast("session", "start", "more")
    fast("add", "Ships leave from pier 3.", "--session", "more")
    done = fast("promote", dream, "more", "--yes", "--json").json()
    assert ids and [part["session"] for part in done["sessions"]] == [dream, "more"]
    assert "Mem-Watermark: " in repo.git("show", "-s", "--format=%B", done["sessions"][0]["commit"])
    assert fast("dream", "--json").json()["watermark"]["from"]
    assert fast("dream", "revert", dream, "--yes").code == 0
