"""Questions, search and history in `mem ui`, and its help."""

from __future__ import annotations

import threading

import pytest

from memcli.tui.background import BackgroundJob
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo
from tests.tui.conftest import TOKENS
from tests.tui.driven import Driven, drive
from tests.waiting import LIMIT


@pytest.fixture
def conflict(inbox: Repo, mem: Mem) -> Repo:
    """An agent and a person have changed the same memory, differently."""
    (stored,) = mem("list", "--json").json()["memories"]
    mem("--agent", "codex", "session", "start", "fix")
    mem("--agent", "codex", "--session", "fix", "edit", stored["id"], "--body", "Access tokens live for 20 minutes.")
    edited = mem("edit", stored["id"], "--body", "Access tokens live for 30 minutes.", "--json")
    assert mem("promote", edited.json()["session"], "--yes").code == 0
    return inbox


@pytest.mark.parametrize("size", [(80, 40), (140, 40)])
def test_both_sides_of_a_question_are_shown(conflict: Repo, size: tuple[int, int]) -> None:
    async def steps(driven: Driven) -> None:
        await driven.judged()
        await driven.press("o")
        await driven.shows("1 open question", "for 20 minutes", "for 30 minutes", "keep the store's", "by codex")
        lines = driven.text().split("\n")
        together = any("20 minutes" in line and "30 minutes" in line for line in lines)
        assert together == (size[0] == 140)

    drive(conflict.path, steps, size)


def test_a_question_is_answered_with_a_reason(conflict: Repo, mem: Mem) -> None:
    async def steps(driven: Driven) -> None:
        await driven.judged()
        await driven.press("o")
        await driven.shows("for 20 minutes")
        await driven.press("2")
        await driven.shows("Because")
        await driven.press(*"measured", "enter")
        await driven.shows("0 open questions")

    drive(conflict.path, steps)
    assert mem("resolve").out.strip() == "no open questions"
    assert "20 minutes" in mem("review", "fix").out


def test_search_finds_what_waits_and_what_is_stored(inbox: Repo, mem: Mem) -> None:
    mem("session", "start", "mine")

    async def steps(driven: Driven) -> None:
        await driven.judged()
        await driven.press("slash", *"access tokens")
        await driven.shows("Waiting", "In the store", "live for 15 minutes")
        await driven.press("enter")
        await driven.until(lambda: driven.ui.screen is driven.inbox)
        assert driven.inbox.list.row and "60 minutes" in driven.inbox.list.row.title

    drive(inbox.path, steps)
    assert not mem("stats", "--json").json().get("reads") or TOKENS not in mem("log").out


def test_the_history_of_a_memory_has_its_changes(conflict: Repo) -> None:
    async def steps(driven: Driven) -> None:
        await driven.judged()
        await driven.choose("for 20 minutes")
        await driven.press("h")
        await driven.shows("changed", "added", "reviewed by Ada Example", "- Access tokens live for 15", "line by line")
        await driven.press("escape")
        await driven.until(lambda: driven.ui.screen is driven.inbox)

    drive(conflict.path, steps)


def test_a_candidate_without_a_history_is_told(inbox: Repo) -> None:
    async def steps(driven: Driven) -> None:
        await driven.judged()
        await driven.choose("ledger")
        await driven.press("h")
        await driven.shows("not in the store yet")

    drive(inbox.path, steps)


def test_help_lists_the_keys(inbox: Repo) -> None:
    async def steps(driven: Driven) -> None:
        await driven.judged()
        await driven.press("question_mark")
        await driven.shows("Accept the candidate", "Take back the last operation")
        await driven.press("escape")
        await driven.until(lambda: driven.ui.screen is driven.inbox)

    drive(inbox.path, steps, (100, 60))


def test_what_was_read_for_a_closed_screen_is_dropped(inbox: Repo) -> None:
    closed, delivered = threading.Event(), list[object]()

    def work(_: Workspace) -> bool:
        return closed.wait(LIMIT)

    async def steps(driven: Driven) -> None:
        await driven.judged()
        await driven.press("o")
        background, questions = driven.ui.background, driven.ui.screen
        background.read(
            "closed", BackgroundJob(work, lambda _: delivered.append("closed"), delivered.append, questions)
        )
        await driven.press("q")
        await driven.until(lambda: driven.ui.screen is driven.inbox)
        closed.set()
        background.read("open", BackgroundJob(work, lambda _: delivered.append("open"), delivered.append, driven.inbox))
        await driven.until(lambda: "open" in delivered)

    drive(inbox.path, steps)
    assert delivered == ["open"]
