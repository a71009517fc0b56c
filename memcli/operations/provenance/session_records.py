"""Where sessions leave their records: at the tips of open, ended and published sessions, and in promotions.

Invariant: a clone that has a promotion finds what its session recorded, through the promotion's second parent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from memcli.branch import ENDED, SESSIONS, store_to_read
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.errors import MemError
from memcli.git.layout import Layout
from memcli.git.ref_files import list_refs
from memcli.store import Store

_BRANCHES = ("refs/heads/", "refs/remotes/")
_PUBLISHED = "/mem/sessions/"


@dataclass(frozen=True)
class SessionCommit:
    """A commit of a session, which holds all that the session had recorded by then."""

    session: str
    commit: str


@dataclass(frozen=True)
class SessionRecords:
    """The records of all sessions that this clone knows; `tip` is the store's."""

    layout: Layout
    store: Store
    tip: str

    @staticmethod
    def of(layout: Layout, store: Store) -> SessionRecords:
        """The records in a repository. Raises NoStore."""
        return SessionRecords(layout, store, store_to_read(layout)[1])

    def commits(self) -> Iterator[SessionCommit]:
        """The last commit of every session: those with refs first, then those of promotions, newest first."""
        for prefix in (SESSIONS, ENDED):
            yield from (SessionCommit(ref.removeprefix(prefix), tip) for ref, tip in list_refs(self.layout, prefix))
        for prefix in _BRANCHES:
            refs = list_refs(self.layout, prefix)
            yield from (SessionCommit(ref.partition(_PUBLISHED)[2], tip) for ref, tip in refs if _PUBLISHED in ref)
        for commit in self.store.odb.first_parents(self.tip):
            session = dict(trailers_of(commit.message)).get(trailers.SESSION, "")
            yield from (SessionCommit(session, parent) for parent in commit.parents[1:])

    def latest(self, session: str) -> SessionCommit | None:
        """The last commit of a session, None where this clone does not have it."""
        return next((commit for commit in self.commits() if commit.session == session), None)

    def texts(self, path: str) -> Iterator[tuple[SessionCommit, str]]:
        """A file below `.session/` as each session has it; the same text is given once."""
        seen = set[str]()
        for commit in self.commits():
            try:
                blob = self._blob(commit, path)
                if blob and blob not in seen:
                    seen.add(blob)
                    yield commit, self.store.text(blob)
            except MemError:
                continue  # this clone does not have the session's objects

    def text(self, commit: SessionCommit, path: str) -> str:
        """A file below `.session/` at a commit; empty where this clone does not have it."""
        try:
            return self.store.text(self._blob(commit, path))
        except MemError:
            return ""

    def _blob(self, commit: SessionCommit, path: str) -> str | None:
        return self.store.odb.file(self.store.tree_of(commit.commit), path)
