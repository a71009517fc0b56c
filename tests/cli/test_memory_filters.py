"""The filters of `list`, `log` and `recall` on a store whose authors, sessions, dates and code are known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import Mem, Repo, copy_of, forked
from tests.forks import Forks

SPRING, SUMMER = "2026-03-02T12:00:00Z", "2026-07-06T12:00:00Z"
QUERY = "gateway"
BEN = {"GIT_AUTHOR_NAME": "Ben Builder", "GIT_AUTHOR_EMAIL": "ben@builders.example",
       "GIT_COMMITTER_NAME": "Ben Builder", "GIT_COMMITTER_EMAIL": "ben@builders.example"}  # fmt: skip


def at(instant: str, env: Mapping[str, str] | None = None) -> dict[str, str]:
    return {**(env or {}), "GIT_COMMITTER_DATE": instant}


@pytest.fixture(scope="module")
def shared(started: Path, tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return copy_of(started, tmp_path_factory.mktemp("filters"))


@pytest.fixture(scope="module")
def store(shared: Repo, fork: Forks) -> Mem:
    """What all tests read, and none changes.

    Memories about the gateway, by the colour in their title. Spring: claude's `blue` (about src/app.py, which has
    changed since) and `red` (superseded in summer by `pink`), Ada's `green`. Summer: codex's `white`, retired; Ben's
    `black` waits in the session `night`."""
    fast = forked(fork, shared.path)
    fast("init")
    fast("--agent", "claude", "session", "start", "morning", env=at(SPRING))
    claude = ("--agent", "claude", "--session", "morning", "add")
    fast(*claude, "The blue gateway retries.", "--path", "src/app.py", "--evidence", "code", env=at(SPRING))
    fast(*claude, "The red gateway sleeps.", "--key", "gateway.red", "--topic", "nets", env=at(SPRING))
    fast("promote", "morning", "--yes", env=at(SPRING))
    fast("session", "start", "noon", env=at(SPRING))
    fast("add", "The green gateway is new.", "--type", "decision", "--session", "noon", env=at(SPRING))
    fast("promote", "noon", "--yes", env=at(SPRING))
    fast("--agent", "codex", "session", "start", "evening", env=at(SUMMER))
    codex = ("--agent", "codex", "--session", "evening", "add")
    fast(*codex, "The white gateway is gone.", env=at(SUMMER))
    fast(*codex, "The pink gateway never sleeps.", "--key", "gateway.red", "--topic", "nets", env=at(SUMMER))
    fast("promote", "evening", "--yes", env=at(SUMMER))
    white = next(memory["id"] for memory in fast("list", "--json").json()["memories"] if "white" in memory["title"])
    fast("session", "start", "tidy", env=at(SUMMER)), fast("retire", white, "-m", "outdated", env=at(SUMMER))
    fast("promote", "tidy", "--yes", env=at(SUMMER))
    fast("session", "start", "night", env=at(SUMMER, BEN))
    fast("add", "The black gateway waits.", "--evidence", "test", "--session", "night", env=at(SUMMER, BEN))
    (shared.path / ".git/mem/session").unlink(missing_ok=True)
    shared.commit("change", {"src/app.py": "RETRIES = 8\n"})
    return fast


def colours(store: Mem, command: str, *options: str) -> set[str]:
    """The colours in the titles that a command shows as JSON, which it also shows as text."""
    words = (command, *((QUERY,) if command == "recall" else ()), *options)
    done, text = store(*words, "--json"), store(*words)
    assert (done.code, text.code) == (0, 0), done.err
    titles = [shown["title"] for shown in next(value for value in done.json().values() if isinstance(value, list))]
    assert all(title in text.out for title in titles)
    return {title.split()[1] for title in titles}


def words_in_order(words: tuple[str, ...] | set[str]) -> str:
    """The same in every process, as pytest-xdist needs it."""
    return " ".join(sorted(words) if isinstance(words, set) else words)


ACTIVE = {"blue", "green", "pink"}


@pytest.mark.parametrize("command", ["list", "recall"])
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), ACTIVE),
        (("--by", "claude"), {"blue"}),
        (("--by", "CLAUDE", "--all"), {"blue", "red"}),
        (("--by", "ada"), {"green"}),
        (("--by", "ada@example.com"), {"green"}),
        (("--by", "codex", "--by", "claude"), {"blue", "pink"}),
        (("--by", "cod"), set()),
        (("--since", "2026-06-01"), {"pink"}),
        (("--since", "2026-06-01", "--all"), {"white", "pink"}),
        (("--status", "superseded"), {"red"}),
        (("--status", "superseded", "--status", "retired"), {"red", "white"}),
        (("--evidence", "code"), {"blue"}),
        (("--evidence", "code", "--evidence", "human"), {"blue", "green"}),
        (("--stale",), {"blue"}),
        (("--stale", "--by", "ada"), set()),
        (("--session", "morning"), {"blue"}),
        (("--session", "morning", "--all"), {"blue", "red"}),
        (("--session", "noon"), {"green"}),
        (("--session", "night"), {"black"}),
        (("--session", "night", "--by", "ben"), {"black"}),
        (("--session", "night", "--by", "builders.example", "--evidence", "test"), {"black"}),
        (("--session", "none"), ACTIVE),
        (("--as-of", "2026-04-01"), {"blue", "red", "green"}),
        (("--as-of", "2026-04-01", "--by", "claude"), {"blue", "red"}),
        (("--as-of", "2026-04-01", "--session", "morning", "--topic", "nets"), {"red"}),
        (("--as-of", "2026-04-01", "--since", "2026-03-03"), set()),
        (("--valid-at", "2026-05-01", "--by", "claude"), {"blue", "red"}),
        (("--valid-at", "2026-05-01", "--status", "superseded"), {"red"}),
        (("--topic", "nets", "--by", "codex", "--since", "2026-01-01", "--status", "active"), {"pink"}),
    ],
    ids=words_in_order,
)
def test_list_and_recall_filter_alike(store: Mem, command: str, options: tuple[str, ...], expected: set[str]) -> None:
    assert colours(store, command, *options) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), {"blue", "red", "green", "white", "pink"}),
        (("--by", "claude"), {"blue", "red"}),
        (("--by", "ada"), {"green", "white"}),
        (("--since", "2026-06-01"), {"red", "white", "pink"}),
        (("--status", "superseded"), {"red"}),
        (("--status", "retired"), {"white"}),
        (("--evidence", "code"), {"blue"}),
        (("--stale",), {"blue"}),
        (("--session", "evening"), {"red", "white", "pink"}),
        (("--session", "noon", "--by", "claude"), set()),
        (("--topic", "nets", "--by", "claude"), {"red"}),
        (("--type", "decision"), {"green"}),
        (("-n", "1"), {"white"}),
        (("-n", "1", "--by", "claude"), {"blue", "red"}),
        (("--key", "gateway.red", "--by", "codex"), {"red", "pink"}),
        (("--key", "gateway.red", "-n", "1"), {"red", "pink"}),
    ],
    ids=words_in_order,
)
def test_log_filters_promotions_and_their_memories(store: Mem, options: tuple[str, ...], expected: set[str]) -> None:
    assert colours(store, "log", *options) == expected


@pytest.mark.parametrize("command", ["list", "log", "recall"])
def test_an_unknown_author_is_told_with_near_names(store: Mem, command: str) -> None:
    words = (command, *((QUERY,) if command == "recall" else ()), "--by", "cluade")
    done, text = store(*words, "--json"), store(*words)
    assert (done.code, text.code) == (0, 0)
    assert "\"warnings\": [\"no agent or person is called 'cluade'; did you mean 'claude'?\"]" in done.out
    assert text.err == "warning: no agent or person is called 'cluade'; did you mean 'claude'?\n"


@pytest.mark.parametrize("command", ["list", "log", "recall"])
def test_an_unknown_session_is_an_error(store: Mem, command: str) -> None:
    done = store(command, *((QUERY,) if command == "recall" else ()), "--session", "nigt")
    assert (done.code, done.out) == (4, "")
    assert "no session 'nigt'" in done.err and "did you mean 'night'?" in done.err


@pytest.mark.parametrize("place", ["before", "after"])
def test_the_session_filters_wherever_it_stands(store: Mem, place: str) -> None:
    words = ("--session", "noon", "list") if place == "before" else ("list", "--session", "noon")
    assert "green" in store(*words).out and "blue" not in store(*words).out
    assert "blue" in store("list", env={"MEM_SESSION": "noon"}).out


@pytest.mark.parametrize("command", ["list", "log", "recall"])
@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "2026-02-30", "7 parsecs", "-3d", "99999999999d", "d7"])
def test_a_since_that_means_nothing_is_refused(store: Mem, command: str, text: str) -> None:
    done = store(command, *((QUERY,) if command == "recall" else ()), "--since", text)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error: --since: {text!r} is ") and "hint: give a date (2026-05-01)" in done.err


@pytest.mark.parametrize("option", ["--status", "--evidence"])
def test_an_unknown_status_or_evidence_is_refused(store: Mem, option: str) -> None:
    for command in (("list",), ("log",), ("recall", QUERY)):
        assert store(*command, option, "activ").code == 2


def test_recall_tells_of_channels_only_where_it_explains(store: Mem) -> None:
    lean, explained = store("recall", QUERY, "--json"), store("recall", QUERY, "--json", "--explain")
    assert all("channels" not in hit for hit in lean.json()["hits"])
    assert all(hit["channels"] for hit in explained.json()["hits"])
    assert [hit["id"] for hit in lean.json()["hits"]] == [hit["id"] for hit in explained.json()["hits"]]


def test_a_recall_that_finds_nothing_in_a_session_says_what_was_searched(store: Mem) -> None:
    done = store("recall", "zebra crossings", "--session", "noon")
    assert done.out == "nothing relevant is known\n" and "only what noon wrote or proposes was searched" in done.err


def test_another_clone_knows_the_authors_of_what_was_promoted(store: Mem, shared: Repo, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    shared.git("clone", "-q", str(shared.path), str(clone))
    done = store("list", "--by", "ada", "--json", cwd=clone)
    assert [memory["title"].split()[1] for memory in done.json()["memories"]] == ["green"]
    assert store("list", "--session", "morning", cwd=clone).out.count("gateway") == 1
    assert store("log", "--session", "tidy", cwd=clone).out.count("gateway") == 1
