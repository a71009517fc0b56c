"""The inbox of `mem ui`: what it shows, and what its keys decide."""

from __future__ import annotations

import pytest

from tests.conftest import Mem, Repo
from tests.tui.conftest import LEDGER, QUEUE
from tests.tui.driven import Driven, drive


def test_what_needs_attention_comes_first(inbox: Repo) -> None:
    async def steps(driven: Driven) -> None:
        await driven.judged()
        await driven.shows("Access tokens live for 60", "Access tokens live for 15", "ledger books")
        text = driven.text()
        assert text.index("Warned") < text.index("payments")
        assert driven.inbox.list.row and driven.inbox.list.row.badge == "warned"

    drive(inbox.path, steps)


def test_decisions_of_several_sessions_are_one_operation(inbox: Repo, mem: Mem) -> None:
    before = len(mem("op", "log", "--json").json()["operations"])

    async def steps(driven: Driven) -> None:
        await driven.judged()
        await driven.press("r", *"old value", "enter", "A", "enter")
        await driven.shows("3 accepted", "1 rejected", "old value")
        await driven.press("enter")
        await driven.until(lambda: not driven.inbox.rows)

    drive(inbox.path, steps)
    front = inbox.git("show", "mem/main:MEMORY.md")
    assert LEDGER.rstrip(".") in front and QUEUE.rstrip(".") in front and "60 minutes" not in front
    assert len(mem("op", "log", "--json").json()["operations"]) == before + 1


def test_undo_takes_everything_back(inbox: Repo) -> None:
    before = inbox.git("rev-parse", "mem/main^{tree}")

    async def steps(driven: Driven) -> None:
        await driven.judged()
        await driven.press("A", "enter")
        await driven.shows("3 accepted")
        await driven.press("enter")
        await driven.until(lambda: len(driven.inbox.rows) == 1)
        await driven.press("u")
        await driven.shows("Undo the last operation?")
        await driven.press("y")
        await driven.until(lambda: len(driven.inbox.rows) == 4)

    drive(inbox.path, steps)
    assert inbox.git("rev-parse", "mem/main^{tree}") == before


def test_a_session_that_moves_behind_the_question_is_shown_again(inbox: Repo, mem: Mem) -> None:
    async def steps(driven: Driven) -> None:
        await driven.judged()
        await driven.choose("ledger")
        await driven.press("a", "enter")
        await driven.shows("1 accepted")
        assert mem("add", "Another fact, by a person.", "--promote").code == 0
        before = inbox.git("rev-parse", "mem/main")
        await driven.press("enter")
        await driven.shows("moved since")
        assert inbox.git("rev-parse", "mem/main") == before
        assert len(driven.inbox.marks.by_key) == 1

    drive(inbox.path, steps)


def test_an_agent_may_look_but_not_decide(inbox: Repo) -> None:
    async def steps(driven: Driven) -> None:
        await driven.judged()
        await driven.press("A")
        await driven.shows("agents may look")
        assert not driven.inbox.marks.by_key

    drive(inbox.path, steps, agent="codex")


def test_hostile_titles_are_text(inbox: Repo) -> None:
    async def steps(driven: Driven) -> None:
        await driven.judged()
        await driven.choose("markup")
        await driven.shows("[bold]markup[/bold] and [@click=app.exit]a link[/]")

    drive(inbox.path, steps, size=(140, 50))


@pytest.mark.parametrize("size", [(80, 24), (140, 50)])
def test_every_row_fits(inbox: Repo, size: tuple[int, int]) -> None:
    async def steps(driven: Driven) -> None:
        await driven.judged()
        await driven.shows("warned", "gemini")
        assert all(len(line) <= size[0] for line in driven.text().split("\n"))

    drive(inbox.path, steps, size=size)
