"""The inverse of an operation that others build on: a commit that takes its changes out again.

Everything here makes objects and moves no ref; `undo` publishes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from memcli.branch import ENDED, FRONT_PAGE, SESSION_DIRECTORY, SESSIONS
from memcli.core.session import trailers
from memcli.core.session.commit_message import commit_message, session_trailers, trailers_of
from memcli.core.session.state import CLOSED, OPEN, REJECTED, Session
from memcli.errors import Conflict, Refused
from memcli.git import refs
from memcli.git.objects import Move, Person
from memcli.operations.views.reader import Reader
from memcli.operations.writing.derived_files import store_time
from memcli.operations.writing.take_back import front_page_after, take_back
from memcli.sessions import Sessions
from memcli.state.oplog import Change, Operation
from memcli.store import Store

OF_THE_STORE = ("promote", "revert")
"""The verbs that move the store's branch."""
_DECISIONS = ("reject", "close")


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
        if operation.verb in OF_THE_STORE:
            return self._of_promotion(operation)
        session, ref = self.sessions.load(operation.session, ended=True), SESSIONS + operation.session
        if self._is_open(session.name):
            tip, changes = self._in_session(operation, session)
            return Inverse((Move(ref, session.tip, tip),), changes)
        if operation.verb not in _DECISIONS or session.state not in (REJECTED, CLOSED):
            raise Conflict(f"the session {session.name} has ended since", "undo what ended it first: 'mem op log'")
        tip, changes = self._in_session(operation, session)
        return Inverse((Move(ENDED + session.name, session.tip, None), Move(ref, None, tip)), changes)

    def _is_open(self, name: str) -> bool:
        return refs.target(self.store.odb, SESSIONS + name) is not None

    def _in_session(self, operation: Operation, session: Session) -> tuple[str, tuple[Change, ...]]:
        """(the session's next tip, what it changes)."""
        verb = operation.verb
        if verb in ("start", "update", "reopen"):
            raise Refused(
                f"later operations depend on this '{verb}'", f"'mem session close {session.name}' ends the session"
            )
        tree, changes = take_back(self.store, self.store.tree_of(session.tip), operation.changes)
        pairs = session_trailers(session.name, self.agent, session.base)
        if verb == "reject":
            commit = next((move.new for move in operation.moves if move.new), session.tip)
            rejections = self._rejections(commit)
            pairs += [(trailers.UNREJECT, rejection) for rejection in rejections]
            tree = self._with_rejected(session, tree, commit, [text.split(" ")[0] for text in rejections])
        if verb in _DECISIONS:
            pairs.append((trailers.STATE, OPEN))
        pairs.append((trailers.CANCELS, operation.op))
        message = commit_message(f"undo: {verb} {operation.summary}", "", pairs)
        return self.store.odb.write_commit(tree, [session.tip], message, self.person), changes

    def _rejections(self, commit: str) -> list[str]:
        pairs = trailers_of(self.store.odb.commit(commit).message)
        return [value for key, value in pairs if key in (trailers.REJECT, trailers.REJECT_CLAIM)]

    def _with_rejected(self, session: Session, tree: str, commit: str, ids: Sequence[str]) -> str:
        """The tree with what a commit rejected, where a promotion has carried the session on without it."""
        before = self.sessions.at(session.name, commit)
        present = {change.id for change in self.sessions.changes(session)}
        rejected = [change for change in self.sessions.changes(before) if change.id in ids] if before else []
        missing = [change for change in rejected if change.id not in present]
        return self.store.write(tree, self.store.merge_onto(missing, tree, lambda _: None))

    def _of_promotion(self, operation: Operation) -> Inverse:
        """A commit on the store that takes the promotion's changes out, and its session open again."""
        (ref, tip), odb = self.main, self.store.odb
        parent = odb.commit(tip)
        undone = [change for change in operation.changes if change.path != FRONT_PAGE]
        tree, changes = take_back(self.store, parent.tree, undone)
        tree = self.store.write(tree, {FRONT_PAGE: front_page_after(self.reader, self.store, changes)})
        at, _ = store_time(self.person.at, parent.at)
        pairs = [(trailers.SESSION, operation.session), (trailers.CANCELS, operation.op)]
        subject, body = f"undo: {operation.verb} {operation.session}", f"Takes back: {operation.summary}"
        message = commit_message(subject, body, pairs)
        commit = odb.write_commit(tree, [tip], message, replace(self.person, at=at))
        ended = any(move.ref == ENDED + operation.session for move in operation.moves)
        again = self._reopened(operation.session) if ended else self._proposed_again(operation, commit)
        return Inverse((Move(ref, tip, commit), *again), changes)

    def _reopened(self, name: str) -> tuple[Move, ...]:
        """The ended session as an open one, so that what was taken back can be proposed again."""
        tip = refs.target(self.store.odb, ENDED + name)
        if tip is None or self._is_open(name):
            return ()
        session = self.sessions.load(name, ended=True)
        pairs = [*session_trailers(name, session.agent, session.base), (trailers.STATE, OPEN)]
        tree, message = self.store.tree_of(tip), commit_message("reopen", "", pairs)
        commit = self.store.odb.write_commit(tree, [tip], message, self.person)
        return Move(ENDED + name, tip, None), Move(SESSIONS + name, None, commit)

    def _proposed_again(self, operation: Operation, base: str) -> tuple[Move, ...]:
        """The session that went on with what was left, on the new tip, proposing again what was taken back."""
        name, odb = operation.session, self.store.odb
        promoted = self._promoted(operation)
        if promoted is None:
            return ()
        session, is_open = self.sessions.load(name, ended=True), self._is_open(name)
        tree = self._carried(promoted, session if is_open else None, base)
        records = odb.files(self.store.tree_of(session.tip), SESSION_DIRECTORY)
        pairs = [*session_trailers(name, session.agent, base), (trailers.STATE, OPEN), (trailers.CANCELS, operation.op)]
        message = commit_message(f"undo: promote {name}", "", pairs)
        tip = odb.write_commit(odb.update(tree, dict(records)), [session.tip, base], message, self.person)
        if is_open:
            return (Move(SESSIONS + name, session.tip, tip),)
        return Move(ENDED + name, session.tip, None), Move(SESSIONS + name, None, tip)

    def _promoted(self, operation: Operation) -> Session | None:
        """The session as it was promoted: the second parent of the merge."""
        commits = (self.store.odb.commit(move.new) for move in operation.moves if move.new)
        merge = next((commit for commit in commits if len(commit.parents) == 2), None)
        return self.sessions.at(operation.session, merge.parents[1]) if merge else None

    def _carried(self, promoted: Session, session: Session | None, base: str) -> str:
        """The tree of a commit of the store with what was promoted, and what the open session proposes."""
        tree = self.store.tree_of(base)
        texts: dict[str, str] = {}
        for each in filter(None, (promoted, session)):
            texts |= self.store.merge_onto(self.sessions.changes(each), tree, lambda _: None)
        return self.store.write(tree, texts)
