"""The inverse of a decision in one of its sessions: open again, with what it proposed, beside what it proposes now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from memcli.branch import ENDED, SESSION_DIRECTORY, SESSIONS
from memcli.core.review.candidates import Candidate
from memcli.core.session import trailers
from memcli.core.session.commit_message import commit_message, session_trailers
from memcli.core.session.state import OPEN, PROMOTED, Session
from memcli.errors import Conflict
from memcli.git import refs
from memcli.git.objects import Move, Person
from memcli.sessions import Sessions
from memcli.state.oplog import Operation
from memcli.store import Store


@dataclass(frozen=True)
class SessionChange:
    """What a decision has made of a session; `ended`: it has ended it."""

    before: Session
    after: Session
    ended: bool

    @property
    def name(self) -> str:
        """The session's name."""
        return self.before.name

    def rejections(self) -> Iterator[str]:
        """The values of the trailers of the rejections that were made with it."""
        contents, claims = set(self.before.rejections), set(self.before.rejected_claims)
        yield from (f"{e.id} {e.content} {e.reason}" for e in self.after.rejections if e not in contents)
        yield from (f"{e.id} {e.claim} {e.reason}" for e in self.after.rejected_claims if e not in claims)


def session_changes(sessions: Sessions, operation: Operation) -> list[SessionChange]:
    """What an operation has made of each session whose ref it has moved."""
    ended = {move.ref.removeprefix(ENDED): move.new for move in operation.moves if move.ref.startswith(ENDED)}
    changes = list[SessionChange]()
    for move in operation.moves:
        name = move.ref.removeprefix(SESSIONS)
        if move.ref.startswith(SESSIONS) and move.old:
            before, after = sessions.at(name, move.old), sessions.at(name, move.new or ended.get(name) or move.old)
            if before and after:
                changes.append(SessionChange(before, after, move.new is None))
    return changes


@dataclass(frozen=True)
class SessionInverse:
    """Takes an operation back in its sessions. `base`: the commit of the store that they go on from, None where the
    store is as it was."""

    store: Store
    sessions: Sessions
    person: Person
    operation: Operation
    base: str | None

    def moves(self, change: SessionChange) -> Iterator[Move]:
        """The moves of one session; none where another session has its name now, or it was deleted.

        Raises Conflict where it was promoted since and the store is as it was.
        """
        name, is_open = change.name, self._tip(SESSIONS + change.name) is not None
        if not (is_open or self._tip(ENDED + name)):
            return
        session = self.sessions.load(name, ended=True)
        if change.ended and session.started != change.before.started:
            return
        is_promoted = not is_open and session.state == PROMOTED
        if is_promoted and not (change.ended or self.base):
            raise Conflict(f"the session {name} has ended since", "undo what ended it first: 'mem op log'")
        is_as_left = change.ended and not is_open
        tip = self._reopened(change, session) if is_as_left else self._proposed_again(change, session)
        if is_open:
            yield Move(SESSIONS + name, session.tip, tip)
        else:
            yield from (Move(ENDED + name, session.tip, None), Move(SESSIONS + name, None, tip))

    def _tip(self, ref: str) -> str | None:
        return refs.target(self.store.odb, ref)

    def _reopened(self, change: SessionChange, session: Session) -> str:
        """The ended session as it was before, so that what was taken back can be proposed again."""
        return self._commit(change, session, self.store.tree_of(change.before.tip), change.before.base)

    def _proposed_again(self, change: SessionChange, session: Session) -> str:
        """The session that went on: what was decided, and what it proposes now (nothing once it was promoted)."""
        base = self.base or session.base
        own, tree = [] if session.state == PROMOTED else self.sessions.changes(session), self.store.tree_of(base)
        texts = self._merged(self._decided(change, own), tree) | self._merged(own, tree)
        return self._commit(change, session, self.store.write(tree, texts), base)

    def _decided(self, change: SessionChange, own: Sequence[Candidate]) -> list[Candidate]:
        """The candidates that the decision has taken out of the session and that it does not have now."""
        left = [] if change.ended else self.sessions.candidates(change.after)
        present = {candidate.id for candidate in (*own, *left)}
        return [candidate for candidate in self.sessions.candidates(change.before) if candidate.id not in present]

    def _merged(self, candidates: Sequence[Candidate], tree: str) -> dict[str, str]:
        return self.store.merge_onto(candidates, tree, lambda _: None)

    def _commit(self, change: SessionChange, session: Session, tree: str, base: str) -> str:
        """The session's next commit, with its records."""
        odb, operation = self.store.odb, self.operation
        tree = odb.update(tree, dict(odb.files(self.store.tree_of(session.tip), SESSION_DIRECTORY)))
        pairs = [
            *session_trailers(session.name, session.agent, base),
            (trailers.STATE, OPEN),
            *((trailers.UNREJECT, value) for value in change.rejections()),
            (trailers.CANCELS, operation.op),
        ]
        parents = [session.tip] if change.ended or self.base is None else [session.tip, self.base]
        message = commit_message(f"undo: {operation.verb} {operation.session or operation.summary}", "", pairs)
        return odb.write_commit(tree, parents, message, self.person)
