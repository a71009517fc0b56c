"""One session as the inbox shows it: who proposes what, without its texts; read from git or as remembered."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from memcli.core.finding import INFO, Finding
from memcli.core.memory.instants import format_instant, parse_instant
from memcli.core.session.names import is_dream
from memcli.core.session.state import BRANCH_MERGED, BranchMerge

if TYPE_CHECKING:
    from memcli.core.review.candidates import Candidate
    from memcli.core.session.state import Session
    from memcli.operations.views.visibility import VisibilityFilter
    from memcli.sessions import Sessions


@dataclass(frozen=True)
class InboxCandidate:
    """A candidate by its title; `conflicts`: both sides of a merge are in it, and nobody has chosen; `findings`: the
    checks that found something when it was last reviewed, `is_blocked` whether one of them blocks it."""

    id: str
    change: str
    title: str
    path: str
    type: str
    topic: str
    conflicts: bool
    findings: tuple[str, ...] = ()
    is_blocked: bool = False


@dataclass(frozen=True)
class InboxSession:
    """A session that awaits review. `agent` is None where a person works in it, whose name is `author` then.

    `updated`: when its newest candidate was changed; `branch`: what became of its code branch (`merged` into
    `merged_into`, `gone` or None); `steps`: (change, how many) of a dream; `unsaved`: files that could not be saved,
    counted where there are no candidates; `is_checked`: the findings are those of its candidates as they are, beside
    the store as it is."""

    name: str
    state: str
    agent: str | None
    author: str
    task: str
    updated: datetime | None
    code_branch: str | None
    merged: BranchMerge | None
    candidates: tuple[InboxCandidate, ...]
    steps: tuple[tuple[str, int], ...] = ()
    branch: str | None = None
    unsaved: int = 0
    is_checked: bool = False

    @property
    def is_dream(self) -> bool:
        return is_dream(self.name)

    @property
    def merged_into(self) -> str | None:
        """The branch that has its code branch now."""
        return self.merged.into if self.merged and self.branch == BRANCH_MERGED else None

    @property
    def proposes_something(self) -> bool:
        """Whether anything of it is to be decided."""
        return bool(self.candidates or self.unsaved)

    def with_unsaved(self, findings: Iterable[Finding]) -> InboxSession:
        """The session with the number of its files that no save can take."""
        return replace(self, unsaved=sum(finding.severity != INFO for finding in findings))

    def with_findings(self, findings: dict[str, tuple[list[str], bool]]) -> InboxSession:
        """The session as it was reviewed: {id: (checks, whether it is blocked)}; candidates with findings first."""
        candidates = [
            replace(candidate, findings=tuple(checks), is_blocked=is_blocked)
            for candidate in self.candidates
            for checks, is_blocked in [findings.get(candidate.id, ([], False))]
        ]
        candidates.sort(key=lambda candidate: (not candidate.is_blocked, not candidate.findings))
        return replace(self, candidates=tuple(candidates), is_checked=True)


def waiting_session(sessions: Sessions, session: Session, visibility: VisibilityFilter) -> InboxSession:
    """A session with those of its candidates that the caller may see, read from git."""
    candidates = visibility.visible(sessions.candidates(session))
    changed = [candidate.after.modified for candidate in candidates if candidate.after]
    return InboxSession(
        name=session.name,
        state=session.state,
        agent=session.agent,
        author=session.agent or session.author,
        task=" ".join(session.task.split()),
        updated=max(changed, default=session.updated),
        code_branch=session.code_branch,
        merged=session.merged,
        candidates=tuple(map(_inbox_candidate, candidates)),
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


def session_json(session: InboxSession) -> str:
    """A session as it is remembered."""
    updated = format_instant(session.updated) if session.updated else None
    return json.dumps({**asdict(session), "updated": updated}, ensure_ascii=False)


def parse_session_json(text: str) -> InboxSession:
    """The session in such a text. Raises ValueError, KeyError, TypeError for any other."""
    fields: dict[str, Any] = json.loads(text)
    candidates = (InboxCandidate(**{**each, "findings": tuple(each["findings"])}) for each in fields["candidates"])
    updated = parse_instant(fields["updated"]) if fields["updated"] else None
    merged = BranchMerge(**fields["merged"]) if fields["merged"] else None
    steps = tuple((str(change), int(count)) for change, count in fields["steps"])
    return InboxSession(
        **{**fields, "candidates": tuple(candidates), "updated": updated, "merged": merged, "steps": steps}
    )
