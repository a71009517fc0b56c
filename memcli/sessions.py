"""Sessions as refs: what state each is in, and what its candidates are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from memcli.branch import ENDED, SESSIONS, open_sessions
from memcli.core.session.names import standing_name, successor_name
from memcli.errors import Failure, MemError, NotFound
from memcli.git.layout import Layout
from memcli.git.ref_files import list_refs, read_ref

if TYPE_CHECKING:
    from memcli.core.review.candidates import Candidate
    from memcli.core.session.state import FoldedCommit, Session
    from memcli.git.odb import Odb
    from memcli.store import Store


class Sessions:
    """The states and candidates of sessions."""

    def __init__(self, layout: Layout, odb: Odb, store: Store) -> None:
        self._layout, self._odb, self._store = layout, odb, store
        self._changes: dict[tuple[str, str], list[Candidate]] = {}

    def load(self, name: str, ended: bool = False) -> Session:
        """An open session (or, with `ended`, also one that has ended). Raises NotFound with the names there are,
        Failure where its ref points to something else."""
        ref, tip = SESSIONS + name, read_ref(self._layout, SESSIONS + name)
        if tip is None and ended:
            ref, tip = ENDED + name, read_ref(self._layout, ENDED + name)
        session = self.at(name, tip) if tip else None
        if session is None and tip is not None:
            raise _damaged(ref, tip)
        if session is None:
            others = ", ".join(open_sessions(self._layout)) or "none"
            raise NotFound(
                f"no open session {name!r} (open: {others})", "'mem session list --all' shows ended ones too"
            )
        return session

    def at(self, name: str, tip: str) -> Session | None:
        """The session as its commits up to `tip` tell it; None where the ref points to something else."""
        from memcli.core.session.state import fold

        try:
            return fold(name, self._commits(tip))
        except MemError:
            return None

    def _commits(self, tip: str) -> Iterator[FoldedCommit]:
        from memcli.core.session.state import FoldedCommit

        for commit in self._odb.first_parents(tip):
            yield FoldedCommit(commit.id, commit.message, commit.author, commit.at, commit.email)

    def all(self, ended: bool = False) -> list[Session]:
        """Every open session, most recently updated first; with `ended`, the others too."""
        prefixes = (SESSIONS, ENDED) if ended else (SESSIONS,)
        tips = ((ref.removeprefix(prefix), tip) for prefix in prefixes for ref, tip in list_refs(self._layout, prefix))
        sessions = [session for name, tip in tips if (session := self.at(name, tip))]
        return sorted(
            sessions, key=lambda session: (session.updated is None, session.updated, session.name), reverse=True
        )

    def standing(self, person: str) -> str:
        """The name of a person's standing draft session: of the open one, else the first that is free."""
        name = standing_name(person)
        names = (name, *(successor_name(name, number) for number in range(2, 1000)))
        return next(name for name in names if self._is_free(name) or self._is_standing(name, person))

    def _is_free(self, name: str) -> bool:
        return not any(read_ref(self._layout, prefix + name) for prefix in (SESSIONS, ENDED))

    def _is_standing(self, name: str, person: str) -> bool:
        tip = read_ref(self._layout, SESSIONS + name)
        session = self.at(name, tip) if tip else None
        return session is not None and session.standing == person and session.state == "open"

    def changes(self, session: Session) -> list[Candidate]:
        """All differences from the recorded base to the tip, also those that were rejected."""
        between = session.base, session.tip
        if between not in self._changes:  # the same for ever, and one review asks several times
            self._changes[between] = self._store.candidates(*map(self._store.tree_of, between))
        return self._changes[between]

    def text(self, session: Session, path: str) -> str:
        """A file of the session's tree; empty where it is not there."""
        return self._store.text(self._odb.file(self._store.tree_of(session.tip), path))

    def candidates(self, session: Session) -> list[Candidate]:
        """What the session proposes: its changes without the rejected ones."""
        return [candidate for candidate in self.changes(session) if not is_rejected(session, candidate)]


def _damaged(ref: str, tip: str) -> Failure:
    place = f"points to {tip[:12]}, which is no session" if tip else "is empty"
    hint = f"nothing was changed; 'git log -3 {ref}' shows what is there, 'mem op log' the session's operations"
    return Failure(f"{ref} {place}", hint)


def is_rejected(session: Session, candidate: Candidate) -> bool:
    """Whether this content of this memory was rejected in the session."""
    from memcli.core.review.candidates import content_of

    content = content_of(candidate)
    return content is not None and session.rejects(candidate.id, content)
