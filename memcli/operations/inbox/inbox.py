"""`mem` alone: the state of the store and all that waits for a decision, as one value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from memcli.branch import SESSIONS
from memcli.core.session.entry_verbs import RECORDS
from memcli.git.layout import Layout, session_worktrees
from memcli.git.ref_files import list_refs, read_ref
from memcli.operations.inbox.session_memory import SessionMemory
from memcli.operations.inbox.waiting_session import InboxSession, waiting_session
from memcli.operations.memories.store_questions import OpenQuestion
from memcli.operations.provenance.branch_fate import branch_state
from memcli.operations.status.store_state import StoreState, read_store_state
from memcli.operations.views.reader import Reader
from memcli.operations.writing.transaction import drain_before_reading
from memcli.operations.writing.waiting_entries import with_waiting_entries
from memcli.workspace import Workspace

if TYPE_CHECKING:
    from memcli.index.database.index import Index
    from memcli.operations.review.gate import Review
    from memcli.sessions import Sessions


Opens = Callable[[], "Sessions"]


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
    reader, ahead = Reader(workspace), workspace
    reader.tip()
    if any(getattr(entry, "verb", "") not in RECORDS for _, entry in workspace.journal.pending()):
        drain_before_reading(workspace)
        ahead = with_waiting_entries(workspace)
    state = read_store_state(reader, workspace.journal, workspace.selection.name)
    sessions = list(_sessions(lambda: ahead.sessions, ahead.layout, reader, state.tip))
    homes = {name for name, _ in session_worktrees(workspace.layout)}
    for number, session in enumerate(sessions):
        if not session.candidates and session.name in homes:
            from memcli.operations.writing.unsaved_files import unsaved_files  # few sessions are without candidates

            sessions[number] = session.with_unsaved(unsaved_files(workspace, session.name).findings)
    waiting = _in_order(session for session in sessions if session.proposes_something)
    return Inbox(
        state=state,
        sessions=tuple(session for session in waiting if not session.is_dream),
        dream=next((session for session in waiting if session.is_dream), None),
    )


def _in_order(sessions: Iterable[InboxSession]) -> list[InboxSession]:
    """Those whose code branch was merged first, then the most recently updated, then by name."""
    by_name = sorted(sessions, key=lambda session: session.name)
    by_name.sort(key=lambda session: session.updated.timestamp() if session.updated else 0.0, reverse=True)
    return sorted(by_name, key=lambda session: session.merged_into is None)


def _sessions(open_sessions: Opens, layout: Layout, reader: Reader, main: str) -> Iterator[InboxSession]:
    """The open sessions, from what is remembered where that is as they are; those that `open_sessions` gives, which
    loads libgit2, have the refs of `layout`."""
    memory, code = SessionMemory(reader.index), read_ref(reader.layout, "HEAD")
    tips = {ref.removeprefix(SESSIONS): tip for ref, tip in list_refs(layout, SESSIONS)}
    for name, tip in tips.items():
        session = None if reader.visibility.is_limited else memory.session(name, tip)
        if session is None:
            sessions = open_sessions()
            loaded = sessions.at(name, tip)
            if loaded is None:
                continue
            session = waiting_session(sessions, loaded, reader.visibility)
            if layout is reader.layout and not reader.visibility.is_limited:
                memory.learn_session(tip, session)
        findings = memory.findings(name, findings_stamp(tip, main, code))
        session = session if findings is None else session.with_findings(findings)
        yield replace(session, branch=branch_state(layout, session))
    memory.keep(tips)


def findings_stamp(tip: str, main: str, code: str | None) -> str:
    """What the findings about a session follow from: the commits of the session, the store and the code."""
    return f"{tip} {main} {code}"


def remember_findings(index: Index, layout: Layout, reviews: Iterable[Review]) -> None:
    """Remember what the reviews of whole sessions have found, for the inbox; not being able to does no harm."""
    memory, code = SessionMemory(index), read_ref(layout, "HEAD")
    for review in reviews:
        if not review.left:
            stamp = findings_stamp(review.session.tip, review.merge.main, code)
            memory.learn_findings(review.session.name, stamp, review.findings)
    memory.keep([ref.removeprefix(SESSIONS) for ref, _ in list_refs(layout, SESSIONS)])


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
        yield NextStep("mem bootstrap", "proposes what the repository already knows")
