"""One session as the inbox shows it: who proposes what, without its texts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from memcli.core.review.candidates import Candidate
from memcli.core.session.names import is_dream
from memcli.core.session.state import BRANCH_MERGED, Session
from memcli.git.layout import Layout
from memcli.operations.provenance.code_branches import branch_state
from memcli.sessions import Sessions


@dataclass(frozen=True)
class InboxCandidate:
    """A candidate by its title; `conflicts`: both sides of a merge are in it, and nobody has chosen."""

    id: str
    change: str
    title: str
    path: str
    type: str
    topic: str
    conflicts: bool


@dataclass(frozen=True)
class InboxSession:
    """A session that awaits review. `agent` is None where a person works in it, whose name is `author` then.

    `branch` is what became of its code branch (`merged` into `merged_into`, `gone` or None); `steps`: (change, how
    many) of a dream."""

    name: str
    state: str
    agent: str | None
    author: str
    task: str
    updated: datetime | None
    branch: str | None
    merged_into: str | None
    candidates: tuple[InboxCandidate, ...]
    steps: tuple[tuple[str, int], ...] = ()

    @property
    def is_dream(self) -> bool:
        return is_dream(self.name)

    @property
    def proposes_something(self) -> bool:
        """Whether anything of it is to be decided."""
        return bool(self.candidates)


def waiting_session(sessions: Sessions, session: Session, layout: Layout) -> InboxSession:
    """A session with its candidates by title."""
    branch = branch_state(layout, session)
    return InboxSession(
        name=session.name,
        state=session.state,
        agent=session.agent,
        author=session.agent or session.author,
        task=" ".join(session.task.split()),
        updated=session.updated,
        branch=branch,
        merged_into=session.merged.into if session.merged and branch == BRANCH_MERGED else None,
        candidates=tuple(map(_inbox_candidate, sessions.candidates(session))),
        steps=_dream_steps(sessions, session) if is_dream(session.name) else (),
    )


def _inbox_candidate(candidate: Candidate) -> InboxCandidate:
    memory = candidate.after or candidate.before
    return InboxCandidate(
        id=candidate.id,
        change=candidate.change,
        title=candidate.title,
        path=candidate.path,
        type=memory.type or "" if memory else "",
        topic=memory.topic or "" if memory else "",
        conflicts=bool(candidate.after and candidate.after.conflict),
    )


def _dream_steps(sessions: Sessions, session: Session) -> tuple[tuple[str, int], ...]:
    from memcli.operations.dream.recorder import recorded_steps  # few sessions are dreams

    return tuple(Counter(step.change for step in recorded_steps(sessions, session)).items())
