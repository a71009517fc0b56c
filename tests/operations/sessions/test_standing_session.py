"""A person's standing draft session: made without a word, one in the repository, and it never ends by itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import Mem, Repo
from tests.githooks import install

BOB = {"USER": "bob"}


@pytest.fixture
def store(mem: Mem) -> Mem:
    assert mem("init").code == 0
    return mem


def session_of(mem: Mem, text: str, *options: str, **env: str) -> str:
    """The session that `mem add` writes a text into."""
    session: str = mem("add", text, *options, "--json", env=env).json()["session"]
    return session


def open_sessions(mem: Mem, *options: str) -> dict[str, int]:
    """Names of the sessions that `mem session list` shows, with the number of their candidates."""
    sessions = mem("session", "list", *options, "--json").json()["sessions"]
    return {session["session"]: session["candidates"] for session in sessions}


def titles(mem: Mem) -> set[str]:
    """What the store holds, whoever reads."""
    return {memory["title"] for memory in mem("list", "--session", "none", "--json").json()["memories"]}


def test_the_first_write_makes_it_without_a_word(store: Mem) -> None:
    added = store("add", "Retries are limited to 7")
    assert "session" not in added.out + added.err
    assert open_sessions(store) == {"ada": 1}
    assert "Retries" in store("recall", "retries").out


def test_it_goes_on_after_a_promotion_and_after_a_rejection(store: Mem, repo: Repo) -> None:
    session_of(store, "One")
    promoted = store("promote", "--json").json()
    assert not promoted["ended"]
    assert open_sessions(store) == {}
    assert open_sessions(store, "--all") == {"ada": 0}
    assert session_of(store, "Two") == "ada"
    rejected = store("reject", "--reason", "not so", "--json").json()
    assert not rejected["ended"]
    assert session_of(store, "Three") == "ada"
    assert titles(store) == {"One"}
    assert "Three" in store("review").out
    assert not repo.git("for-each-ref", "refs/mem/rescue", "refs/mem/ended")


def test_what_was_promoted_is_reachable_and_its_records_go_with_it(store: Mem, repo: Repo) -> None:
    session_of(store, "One")
    store("recall", "one")
    store("promote")
    session_of(store, "Two")
    store("promote")
    first, second = repo.git("rev-list", "--first-parent", "--reverse", "mem/main").split()[1:]
    assert repo.git("show", f"{first}^2:.session/reads.jsonl")
    assert "reads.jsonl" not in repo.git("ls-tree", "-r", "--name-only", f"{second}^2")
    assert repo.git("log", "-1", "--format=%(trailers:key=Mem-Standing,valueonly)", second) == "ada"


def test_undo_of_a_promotion_keeps_what_was_added_since(store: Mem) -> None:
    session_of(store, "One")
    store("promote")
    op: str = store("op", "log", "--json").json()["operations"][0]["op"]
    session_of(store, "Two")
    assert store("undo", op).code == 0
    assert titles(store) == set()
    assert open_sessions(store) == {"ada": 2}
    store("promote")
    assert titles(store) == {"One", "Two"}


def test_undo_of_the_first_add_leaves_nothing_to_review(store: Mem) -> None:
    session_of(store, "One")
    assert store("undo").code == 0
    assert open_sessions(store) == {}
    assert store("review").code == 0
    assert session_of(store, "Two") == "ada"


def test_a_named_session_comes_before_it_and_closing_that_returns_to_it(store: Mem) -> None:
    session_of(store, "Draft")
    store("session", "start", "task")
    assert session_of(store, "Work") == "task"
    store("session", "close")
    assert session_of(store, "Another draft") == "ada"


def test_closed_it_ends_and_the_next_write_makes_it_again(store: Mem) -> None:
    session_of(store, "One")
    store("promote")
    closed = store("session", "close", "ada", "--json").json()
    assert (closed["waiting"], open_sessions(store)) == (0, {})
    again = session_of(store, "Two")
    assert again == "ada-2"
    store("promote")
    assert session_of(store, "Three") == again


def test_closed_with_candidates_it_awaits_review_and_ends(store: Mem) -> None:
    session_of(store, "One")
    assert store("session", "close", "--json").json()["waiting"] == 1
    assert session_of(store, "Two") == "ada-2"
    assert store("promote", "ada", "--json").json()["ended"]
    assert open_sessions(store) == {"ada-2": 1}


def test_it_is_the_same_in_every_worktree_of_the_code(store: Mem, repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "-q", str(tmp_path / "other"))
    assert session_of(store, "One") == "ada"
    files = Path(store("session", "path", "--json").json()["path"])
    assert store("add", "Two", "--json", cwd=tmp_path / "other").json()["session"] == "ada"
    assert Path(store("session", "path", "--json", cwd=tmp_path / "other").json()["path"]) == files


def test_each_person_has_one_of_their_own(store: Mem) -> None:
    assert session_of(store, "One") == "ada"
    assert session_of(store, "Two", USER="bob") == "bob"
    assert "Two" not in store("recall", "two").out


@pytest.mark.parametrize(
    ("login", "name"),
    [("Ada Lovelace", "ada-lovelace"), ("李明", "user"), ("none", "drafts-none"), ("dream-team", "drafts-dream-team")],
)
def test_a_login_that_cannot_name_a_session_gives_a_near_name(store: Mem, login: str, name: str) -> None:
    assert session_of(store, "One", USER=login) == name
    store("promote", env={"USER": login})
    assert session_of(store, "Two", USER=login) == name


def test_two_logins_with_one_name_do_not_share_it(store: Mem) -> None:
    assert session_of(store, "One", USER="李明") == "user"
    assert session_of(store, "Two", USER="王芳") == "user-2"
    assert session_of(store, "Three", USER="李明") == "user"


def test_it_gives_way_to_a_session_that_somebody_started_under_its_name(store: Mem, repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "-q", str(tmp_path / "other"))
    assert store("session", "start", "ada", env=BOB, cwd=tmp_path / "other").code == 0
    assert session_of(store, "One") == "ada-2"
    assert store("session", "start", "ada-2").code == 2


def test_processes_at_once_make_one(store: Mem) -> None:
    with ThreadPoolExecutor(6) as pool:
        sessions = list(pool.map(lambda number: session_of(store, f"Memory number {number}"), range(6)))
    assert set(sessions) == {"ada"}
    assert open_sessions(store) == {"ada": 6}


def test_an_empty_one_does_not_hide_what_an_agent_proposes(store: Mem) -> None:
    session_of(store, "One")
    store("promote")
    store("add", "From an agent", "--agent", "codex")
    assert "From an agent" in store("review").out


def test_an_agent_that_adds_to_it_does_not_make_it_an_agents_session(store: Mem) -> None:
    session_of(store, "One")
    session_of(store, "By an agent", "--agent", "codex", "--session", "ada")
    assert store("review", "ada", "--json").json()["agent"] == "codex"
    store("promote", "ada", "--yes")
    session_of(store, "Two")
    assert store("review", "ada", "--json").json()["agent"] is None


def test_a_lost_pointer_is_found_again(store: Mem, repo: Repo) -> None:
    session_of(store, "One")
    (repo.path / ".git/mem/standing/ada").unlink()
    assert session_of(store, "Two") == "ada"


def test_a_commit_message_does_not_name_it(store: Mem, repo: Repo) -> None:
    install(repo)
    session_of(store, "One")
    repo.commit("a change", {"src/app.py": "RETRIES = 8\n"})
    assert "Mem-Session" not in repo.git("log", "-1", "--format=%B")


def test_each_of_its_promotions_counts_for_the_next_dream(store: Mem) -> None:
    for number in range(5):
        session_of(store, f"Fact number {number} stands alone")
        store("promote", "--yes")
    assert store("dream", "--auto", "--json").json()["gate"] is None
