"""`mem` alone: the state of the store and all that waits for a decision, as one value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from memcli.operations.inbox.waiting_session import InboxSession, waiting_session
from memcli.operations.memories.open_questions import OpenQuestion
from memcli.operations.status.store_state import StoreState, read_store_state
from memcli.operations.views.reader import Reader
from memcli.operations.writing.transaction import drain_before_reading
from memcli.operations.writing.waiting_entries import with_waiting_entries
from memcli.workspace import Workspace


@dataclass(frozen=True)
class NextStep:
    """A command to type, and what it does."""

    command: str
    purpose: str


@dataclass(frozen=True)
class Inbox:
    """What waits: `sessions` of agents and people, those whose code branch was merged first, since their work is done,
    then the most recently updated; and the open dream, which is no part of them."""

    state: StoreState
    sessions: tuple[InboxSession, ...]
    dream: InboxSession | None

    @property
    def questions(self) -> tuple[OpenQuestion, ...]:
        """The open questions of the store."""
        return self.state.questions

    @property
    def candidates(self) -> int:
        """How many candidates wait, those of the dream aside."""
        return sum(len(session.candidates) for session in self.sessions)

    @property
    def next_steps(self) -> tuple[NextStep, ...]:
        """What to type next, the most useful first; never empty."""
        return tuple(_next_steps(self)) or (NextStep("mem recall WORDS", "searches what is known"),)


def read_inbox(workspace: Workspace) -> Inbox:
    """All that waits, with what the journal holds carried out where that is possible. Raises NoStore."""
    drain_before_reading(workspace)
    ahead = with_waiting_entries(workspace)
    sessions = [waiting_session(ahead.sessions, session, ahead.layout) for session in ahead.sessions.all()]
    waiting = sorted(
        (session for session in sessions if session.proposes_something), key=lambda session: session.merged_into is None
    )
    return Inbox(
        state=read_store_state(Reader(workspace), workspace.journal, workspace.selection.name),
        sessions=tuple(session for session in waiting if not session.is_dream),
        dream=next((session for session in waiting if session.is_dream), None),
    )


def _next_steps(inbox: Inbox) -> Iterator[NextStep]:
    state = inbox.state
    if state.failed:
        yield NextStep("mem doctor --repair", "tries the failed writes again")
    if inbox.sessions:
        yield NextStep("mem review", "shows all that waits on one page")
        yield NextStep("mem ui", "decides in a full-screen view")
    if inbox.dream:
        yield NextStep(f"mem review {inbox.dream.name}", "shows what the dream proposes")
    if state.questions:
        yield NextStep("mem resolve", "lists the open questions")
    if not state.memories and not inbox.sessions:
        yield NextStep("mem add TEXT", "adds a memory")
        yield NextStep("mem bootstrap", "proposes memories from existing docs and history")
