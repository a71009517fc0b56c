"""The inverse of an operation that others build on: commits that take its changes out again.

Everything here makes objects and moves no ref; `undo` publishes them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from memcli.branch import ENDED, FRONT_PAGE, SESSIONS
from memcli.core.session import trailers
from memcli.core.session.commit_message import commit_message, session_trailers
from memcli.core.session.state import CLOSED, OPEN, Session
from memcli.errors import Conflict, Refused
from memcli.git import refs
from memcli.git.objects import Move, Person
from memcli.operations.history.session_inverse import SessionInverse, session_changes
from memcli.operations.views.reader import Reader
from memcli.operations.writing.derived_files import store_time
from memcli.operations.writing.take_back import front_page_after, take_back
from memcli.sessions import Sessions
from memcli.state.oplog import Change, Operation
from memcli.store import Store

OF_THE_STORE = ("promote", "revert")
"""The verbs that move the store's branch."""
_DECISIONS = (*OF_THE_STORE, "reject")


@dataclass(frozen=True)
class Inverse:
    """The refs to move to take an operation back, and what that changes."""

    moves: tuple[Move, ...]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class InverseBuilder:
    """Builds inverses on top of the store's branch `main` (ref, tip), committed by a person or agent."""

    store: Store
    sessions: Sessions
    reader: Reader
    main: tuple[str, str]
    person: Person
    agent: str | None

    def build(self, operation: Operation) -> Inverse:
        """Raises Conflict where later work stands in the way, Refused where others build on the operation."""
        if operation.verb in _DECISIONS:
            return self._of_decision(operation)
        session, ref = self.sessions.load(operation.session, ended=True), SESSIONS + operation.session
        if refs.target(self.store.odb, ref) is not None:
            tip, changes = self._in_session(operation, session)
            return Inverse((Move(ref, session.tip, tip),), changes)
        if operation.verb != "close" or session.state != CLOSED:
            raise Conflict(f"the session {session.name} has ended since", "undo what ended it first: 'mem op log'")
        tip, changes = self._in_session(operation, session)
        return Inverse((Move(ENDED + session.name, session.tip, None), Move(ref, None, tip)), changes)

    def _in_session(self, operation: Operation, session: Session) -> tuple[str, tuple[Change, ...]]:
        """(the session's next tip, what it changes)."""
        verb = operation.verb
        if verb in ("start", "update", "reopen"):
            raise Refused(
                f"later operations depend on this '{verb}'", f"'mem session close {session.name}' ends the session"
            )
        tree, changes = take_back(self.store, self.store.tree_of(session.tip), operation.changes)
        pairs = session_trailers(session.name, self.agent, session.base)
        pairs += [(trailers.STATE, OPEN if verb == "close" else ""), (trailers.CANCELS, operation.op)]
        message = commit_message(f"undo: {verb} {operation.summary}", "", pairs)
        return self.store.odb.write_commit(tree, [session.tip], message, self.person), changes

    def _of_decision(self, operation: Operation) -> Inverse:
        """What was promoted taken out of the store, and every session as it was, with what it proposes now."""
        moves, changes = self._store_without(operation) if operation.verb in OF_THE_STORE else ((), ())
        base = moves[0].new if moves else None
        inverse = SessionInverse(self.store, self.sessions, self.person, operation, base)
        of_sessions = [inverse.moves(change) for change in session_changes(self.sessions, operation)]
        return Inverse((*moves, *(move for each in of_sessions for move in each)), changes)

    def _store_without(self, operation: Operation) -> tuple[tuple[Move, ...], tuple[Change, ...]]:
        """(the move of the store to a commit that takes the operation's changes out, what that changes)."""
        (ref, tip), odb = self.main, self.store.odb
        parent = odb.commit(tip)
        undone = [change for change in operation.changes if change.path != FRONT_PAGE]
        tree, changes = take_back(self.store, parent.tree, undone)
        tree = self.store.write(tree, {FRONT_PAGE: front_page_after(self.reader, self.store, changes)})
        at, _ = store_time(self.person.at, parent.at)
        subject = f"undo: {operation.verb} {operation.session or operation.summary}"
        pairs = [(trailers.SESSION, operation.session), (trailers.CANCELS, operation.op)]
        message = commit_message(subject, f"Takes back: {operation.summary}", pairs)
        commit = odb.write_commit(tree, [tip], message, replace(self.person, at=at))
        return (Move(ref, tip, commit),), changes
