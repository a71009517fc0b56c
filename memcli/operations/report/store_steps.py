"""The steps of the store: each commit of its branch, with who wrote it, who reviewed it and what it changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from memcli.branch import is_memory_path
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.errors import MemError
from memcli.git.history import LoggedStep, branch_steps
from memcli.git.objects import Delta
from memcli.git.odb import Odb
from memcli.selection import is_dream

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
        return self.agent or self.person


def store_steps(odb: Odb, tip: str) -> tuple[StoreStep, ...]:
    """The commits of the store up to its tip that changed a memory, newest first. Raises Failure."""
    logged = [(step, trailers_of(step.message)) for step in branch_steps(str(odb.common), tip)]
    cancelled = _cancelled(pairs for _, pairs in logged)
    steps = (_step(odb, step, dict(pairs), cancelled) for step, pairs in logged)
    return tuple(step for step in steps if step.deltas)


def _cancelled(newest_first: Iterable[Sequence[tuple[str, str]]]) -> set[str]:
    """The operations that later ones took back for good."""
    cancelled: set[str] = set()
    for pairs in newest_first:
        if not cancelled.intersection(value for key, value in pairs if key == trailers.OP):
            cancelled.update(value for key, value in pairs if key == trailers.CANCELS)
    return cancelled


def _step(odb: Odb, logged: LoggedStep, fields: Mapping[str, str], cancelled: set[str]) -> StoreStep:
    deltas = tuple(delta for delta in logged.deltas if is_memory_path(delta.path))
    return StoreStep(
        commit=logged.id,
        at=logged.at,
        kind=_kind(fields),
        session=fields.get(trailers.SESSION, ""),
        agent=fields.get(trailers.AGENT),
        person=_person(odb, logged.parents, logged.author),
        reviewer=fields.get(trailers.REVIEW, ""),
        is_undone=fields.get(trailers.OP) in cancelled,
        deltas=deltas,
    )


def _kind(fields: Mapping[str, str]) -> str:
    if trailers.CANCELS in fields:
        return UNDO
    session = fields.get(trailers.SESSION)
    return DREAM if session and is_dream(session) else PROMOTION if session else OTHER


def _person(odb: Odb, parents: Sequence[str], author: str) -> str:
    """Who wrote the session that a commit merges: the author of its last commit; else that of the commit itself."""
    try:
        return odb.commit(parents[1]).author if len(parents) > 1 else author
    except MemError:
        return author
