"""`mem ui` driven by keys without a terminal: a step goes on once a fact is true."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from memcli.cli.options import Call
from memcli.config import Flags
from memcli.tui.candidate_page import CandidatePage
from memcli.tui.inbox_row import InboxRow
from memcli.tui.inbox_screen import InboxScreen
from memcli.tui.mem_ui import MemUi
from tests.waiting import LIMIT


class Driven:
    """A running interface."""

    def __init__(self, ui: MemUi, pilot: Pilot[int]) -> None:
        self.ui, self.pilot = ui, pilot

    async def until(self, fact: Callable[[], bool]) -> None:
        """Wait for a fact."""
        end = time.monotonic() + LIMIT
        while not fact():
            assert time.monotonic() < end, self.text()
            await self.pilot.pause(0.01)

    async def press(self, *keys: str) -> None:
        """Press keys, each once what the one before it has caused on the screen is done."""
        await self.pilot.press(*keys)

    @property
    def inbox(self) -> InboxScreen:
        """The inbox, once it is there."""
        assert self.ui.inbox
        return self.ui.inbox

    @property
    def page(self) -> CandidatePage:
        """The page of the chosen candidate."""
        return self.inbox.query_one(CandidatePage)

    async def judged(self) -> None:
        """Wait until everything is checked."""
        await self.until(lambda: self.ui.inbox is not None and bool(self.inbox.rows))
        await self.until(lambda: all(row.is_judged for row in self.inbox.rows))

    async def shows(self, *texts: str) -> None:
        """Wait until the screen shows texts."""
        await self.until(lambda: all(text in self.text() for text in texts))

    async def choose(self, title: str) -> InboxRow:
        """Choose a row of the inbox by a part of its title."""
        row = next(row for row in self.inbox.rows if title in row.title)
        self.inbox.list.choose(row.key)
        await self.pilot.pause()
        return row

    def text(self) -> str:
        """What is on the screen, and in its notices."""
        screen = self.ui.screen
        lines = ["".join(segment.text for segment in strip) for strip in screen._compositor.render_strips()]
        return "\n".join(lines)


def drive(
    path: Path, steps: Callable[[Driven], Awaitable[None]], size: tuple[int, int] = (120, 40), agent: str | None = None
) -> MemUi:
    """Run the interface in a repository, do what `steps` says, and end it."""
    ui = MemUi(Call(Flags(directory=str(path), agent=agent)))

    async def run() -> None:
        async with ui.run_test(size=size, notifications=True) as pilot:
            await steps(Driven(ui, pilot))

    asyncio.run(run())
    ui.background.finish()
    return ui
