"""Who has proposed what a session proposes: an agent, else the person who started it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from memcli.branch import ENDED, SESSIONS
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.errors import MemError
from memcli.git.layout import Layout
from memcli.git.odb import Odb
from memcli.git.ref_files import list_refs
from memcli.operations.provenance.standing_commits import StandingCommit


@dataclass(frozen=True)
class SessionAuthor:
    """The agent of a session, None for a person's, and the git identity that started it."""

    agent: str | None
    name: str
    email: str

    @property
    def label(self) -> str:
        """The agent's name, else the person's."""
        return self.agent or self.name

    def is_person(self, name: str) -> bool:
        """Whether a name is a part of the person's name or email, in upper or lower case."""
        return name.casefold() in f"{self.name} <{self.email}>".casefold()


def session_authors(layout: Layout, odb: Odb, commits: Iterable[StandingCommit]) -> dict[str, SessionAuthor]:
    """The authors of the sessions that were promoted by these commits (newest first) or have a ref in this clone.

    The first promotion of a session counts: what is left of it then begins anew, by whoever promoted the rest.
    """
    refs = [(ref.removeprefix(prefix), tip) for prefix in (SESSIONS, ENDED) for ref, tip in list_refs(layout, prefix)]
    tips = dict(refs) | {commit.session: commit.session_tip for commit in commits if commit.session_tip}
    authors = ((name, _author(odb, tip)) for name, tip in tips.items())
    return {name: author for name, author in authors if author}


def _author(odb: Odb, tip: str) -> SessionAuthor | None:
    """The author of the commit that began the session; None where this clone does not have it."""
    try:
        for commit in odb.first_parents(tip):
            values = dict(trailers_of(commit.message))
            if trailers.START in values:
                return SessionAuthor(values.get(trailers.AGENT), commit.author, commit.email)
    except MemError:
        return None
    return None
