"""Work beside the screen: each reading and each operation in a thread and with a workspace of its own.

A workspace is one call's view at one instant, and its index and git objects belong to the thread that opened them, so
none is kept. Readings do not hold up the end of the program; `finish` waits for an operation.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from textual.app import App
from textual.screen import Screen

from memcli.cli.boundary import as_mem_error
from memcli.cli.options import Call
from memcli.errors import MemError
from memcli.workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True)
class BackgroundJob(Generic[T]):
    """What a thread does with a workspace, and what becomes of its result, or of its error, on the screen's side.

    `screen`: the one that shows it; once that is closed, nothing becomes of it.
    """

    work: Callable[[Workspace], T]
    done: Callable[[T], None]
    failed: Callable[[MemError], None]
    screen: Screen[Any] | None = None


class Background:
    """Runs the jobs of the screens of one program."""

    def __init__(self, app: App[Any], call: Call) -> None:
        self._app, self._call, self._config = app, call, call.workspace.config
        self._newest: dict[str, BackgroundJob[Any]] = {}
        self._idle = threading.Event()
        self._idle.set()

    @property
    def agent(self) -> str | None:
        """The agent who acts; None for a person."""
        return self._config.agent

    def call(self, session: str | None = None) -> Call:
        """A new call of the program, in a session where one is named, for what needs the terminal itself."""
        call = Call(self._call.flags)
        call.workspace = Workspace(replace(self._config, session=session) if session else self._config)
        return call

    def read(self, group: str, job: BackgroundJob[T]) -> None:
        """Read something; of the jobs of a group only the newest delivers its result."""
        self._newest[group] = job
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._run, args=(job, lambda: self._newest[group] is job), daemon=True).start()

    def operate(self, job: BackgroundJob[T]) -> None:
        """Carry out an operation."""
        self._idle.clear()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._run, args=(job, lambda: True, self._idle.set), daemon=True).start()

    @property
    def is_operating(self) -> bool:
        """Whether an operation is being carried out."""
        return not self._idle.is_set()

    def finish(self) -> None:
        """Wait for an operation that is being carried out."""
        self._idle.wait()

    def _run(
        self, job: BackgroundJob[T], is_wanted: Callable[[], bool], ended: Callable[[], None] = lambda: None
    ) -> None:
        answer: Callable[[], None]
        try:
            result = job.work(self.call().workspace)
        except Exception as raised:
            error = as_mem_error(raised)
            answer = lambda: job.failed(error)  # noqa: E731
        else:
            answer = lambda: job.done(result)  # noqa: E731
        finally:
            ended()
        self._deliver(answer, lambda: is_wanted() and self._is_shown(job.screen))

    def _is_shown(self, screen: Screen[Any] | None) -> bool:
        """Whether the program goes on, and has not closed the screen: its widgets are gone then."""
        return self._app.is_running and (screen is None or screen in self._app.screen_stack)

    def _deliver(self, answer: Callable[[], None], is_wanted: Callable[[], bool]) -> None:
        def deliver() -> None:
            if is_wanted():
                answer()

        try:
            self._loop.call_soon_threadsafe(self._app.call_later, deliver)
        except RuntimeError:
            return  # the program has ended meanwhile
