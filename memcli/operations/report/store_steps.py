"""The steps of the store: each commit of its branch, with who wrote it, who reviewed it and what it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from memcli.branch import is_memory_path
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.core.session.names import is_dream
from memcli.git.history import LoggedStep, branch_steps
from memcli.git.layout import Layout
from memcli.git.objects import Delta
from memcli.git.odb import Odb
from memcli.operations.provenance.session_authors import SessionAuthor, session_authors
from memcli.operations.provenance.standing_commits import standing_commits

PROMOTION, DREAM, UNDO, OTHER = "promotion", "dream", "undo", "other"
"""Kinds of steps: `other` is a commit that no session made."""


@dataclass(frozen=True)
class StoreStep:
    """One commit of the store. `person` wrote it where `agent` is None; `is_undone`: a later one takes it back."""

    commit: str
    at: datetime
    kind: str
    session: str
    agent: str | None
    person: str
    reviewer: str
    is_undone: bool
    deltas: tuple[Delta, ...]

    @property
    def author(self) -> str:
        """Whose knowledge it is: the agent's, else the person's; what a dream did is nobody's."""
        return DREAM if self.kind == DREAM else self.agent or self.person


def store_steps(layout: Layout, odb: Odb, tip: str) -> tuple[StoreStep, ...]:
    """The commits of the store up to its tip that changed a memory, newest first. Raises Failure."""
    standing = list(standing_commits(odb, tip))
    authors, ids = session_authors(layout, odb, standing), {each.commit.id for each in standing}
    steps = (_step(logged, authors, logged.id in ids) for logged in branch_steps(layout.common_dir, tip))
    return tuple(step for step in steps if step.deltas)


def _step(logged: LoggedStep, authors: Mapping[str, SessionAuthor], stands: bool) -> StoreStep:
    fields = dict(trailers_of(logged.message))
    kind, session = _kind(fields), fields.get(trailers.SESSION, "")
    author = authors.get(session)
    return StoreStep(
        commit=logged.id,
        at=logged.at,
        kind=kind,
        session=session,
        agent=fields.get(trailers.AGENT),
        person=author.name if author else logged.author,
        reviewer=fields.get(trailers.REVIEW, ""),
        is_undone=not stands and kind != UNDO,
        deltas=tuple(delta for delta in logged.deltas if is_memory_path(delta.path)),
    )


def _kind(fields: Mapping[str, str]) -> str:
    if trailers.CANCELS in fields:
        return UNDO
    session = fields.get(trailers.SESSION)
    return DREAM if session and is_dream(session) else PROMOTION if session else OTHER
