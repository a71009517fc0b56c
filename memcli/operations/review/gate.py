"""The review gate: a session's candidates merged into the store, what the checks find, and the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from memcli.branch import POLICY_FILE, READS, store_to_write
from memcli.core.finding import WARN, Finding, Problem
from memcli.core.merge.part_conflict import FILE
from memcli.core.review.candidates import Candidate
from memcli.core.review.checks.context import Context
from memcli.core.review.checks.runner import run_checks
from memcli.core.review.policy import Policy, read_policy
from memcli.core.review.verdict import apply_overrides, review_verdict
from memcli.core.session.reads import read_lines
from memcli.core.session.state import Session
from memcli.errors import Conflict
from memcli.operations.review.choose import choose_candidates
from memcli.operations.review.indexed_store import IndexedStore
from memcli.operations.views.index_update import ATTEMPTS
from memcli.operations.views.reader import Reader
from memcli.operations.writing.merge_result import MergeResult, merge_into_store
from memcli.operations.writing.session_home import session_home
from memcli.sessions import Sessions, is_rejected
from memcli.store import Store
from memcli.workspace import Workspace

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes
    from memcli.git.code_tree import Code


@dataclass(frozen=True)
class GateScope:
    """What to judge: the candidates of `only` (ids, or unique beginnings or ends; empty: all).

    `reviewed`: a reviewer has approved them already; `keep_both`: a person lets both sides of a conflict stand.
    """

    only: Sequence[str] = ()
    reviewed: bool = False
    keep_both: bool = False


EVERYTHING = GateScope()
"""All candidates, which nobody has approved."""


@dataclass(frozen=True)
class Review:
    """A session beside the store: the findings of the checks, the verdict, and what would land.

    `chosen` are the candidates as the session proposes them, `left` those that stay in it, `rejected` those that were
    rejected before.
    """

    session: Session
    verdict: str
    findings: tuple[Finding, ...]
    policy: Policy
    merge: MergeResult
    chosen: tuple[Candidate, ...]
    left: tuple[Candidate, ...]
    rejected: tuple[Candidate, ...]

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """What would land, as changes of the store."""
        return self.merge.candidates

    @property
    def result(self) -> str:
        """The id of the tree that would land."""
        return self.merge.tree


def load_policy(store: Store, tip: str) -> tuple[Policy, list[str]]:
    """The policy at a commit of the store, and what is wrong with it."""
    return read_policy(store.text(store.odb.file(store.tree_of(tip), POLICY_FILE)))


def review_candidates(workspace: Workspace, session: Session, scope: GateScope = EVERYTHING) -> Review:
    """The review of a session as its candidates would land now; nothing is written into the repository.

    Raises NotFound, Usage for unknown ids, Conflict where the store keeps moving.
    """
    gate = Gate(
        scratch=workspace.scratch_store,
        sessions=workspace.sessions,
        reader=Reader(workspace),
        code=workspace.code,
        excludes=lambda: workspace.excludes,
        unsaved=lambda: _unsaved(workspace, session.name),
    )
    for _ in range(ATTEMPTS - 1):
        try:
            return gate.review(session, scope)
        except Conflict:
            continue
    return gate.review(session, scope)


def review_sessions(workspace: Workspace, sessions: Iterable[Session]) -> list[Review]:
    """The reviews of sessions, each by itself. Raises as `review_candidates`."""
    return [review_candidates(workspace, session) for session in sessions]


def _unsaved(workspace: Workspace, session: str) -> tuple[Problem, ...]:
    """The files of a session that are in no commit."""
    if session_home(workspace, session) is None:
        return ()
    from memcli.operations.writing.unsaved_files import unsaved_files  # few sessions have files

    return unsaved_files(workspace, session).problems


@dataclass(frozen=True)
class Gate:
    """What reviews are made with; objects are written to `scratch`."""

    scratch: Store
    sessions: Sessions
    reader: Reader
    code: Code | None
    excludes: Callable[[], Excludes | None]
    unsaved: Callable[[], tuple[Problem, ...]]

    def review(self, session: Session, scope: GateScope) -> Review:
        """The review of a session's candidates, merged into the store's tip.

        Raises NotFound, Usage for unknown ids, Conflict where the store moved meanwhile.
        """
        tip = store_to_write(self.reader.layout)[1]
        changes = self.sessions.changes(session)
        rejected = tuple(candidate for candidate in changes if is_rejected(session, candidate))
        proposed = _without(changes, rejected)
        chosen = choose_candidates(proposed, scope.only)
        merge = merge_into_store(self.scratch, self.reader, tip, chosen)
        policy, _ = load_policy(self.scratch, tip)
        findings = tuple(self._findings(session, merge, policy))
        if scope.keep_both:
            findings = _kept_both(findings, merge.candidates)
        is_agents = session.agent is not None
        verdict = review_verdict(merge.merged, findings, policy, agent_session=is_agents, reviewed=scope.reviewed)
        return Review(session, verdict, findings, policy, merge, chosen, _without(proposed, chosen), rejected)

    def _findings(self, session: Session, merge: MergeResult, policy: Policy) -> list[Finding]:
        """What the checks find in the merged candidates."""
        unsaved = self.unsaved()  # reads the index, too
        with self.reader.main_view() as view:
            shown = {} if session.goes_on else last_shown(self.sessions, session)  # its reads are of all kinds of work
            current = {memory_id: record.blob for memory_id in shown if (record := view.get(memory_id))}
            context = Context(
                store=IndexedStore(view, self.sessions, session.name),
                code=self.code,
                agent=session.agent is not None,
                reads=shown,
                current=current,
                excludes=self.excludes(),
                max_candidates=policy.session_max_candidates,
                session=session.name,
                unsaved=unsaved,
            )
            return apply_overrides(run_checks(merge.merged, context), policy)


def _without(candidates: Sequence[Candidate], others: Iterable[Candidate]) -> tuple[Candidate, ...]:
    paths = {candidate.path for candidate in others}
    return tuple(candidate for candidate in candidates if candidate.path not in paths)


def _kept_both(findings: Iterable[Finding], candidates: Sequence[Candidate]) -> tuple[Finding, ...]:
    """The findings with a warning for each conflict whose memory holds both sides; a file cannot."""
    holding = {
        candidate.id
        for candidate in candidates
        if candidate.after and candidate.after.conflict and all(part.part != FILE for part in candidate.conflicts)
    }
    return tuple(
        replace(finding, severity=WARN) if finding.check == "conflict" and finding.id in holding else finding
        for finding in findings
    )


def last_shown(sessions: Sessions, session: Session) -> dict[str, str]:
    """{memory id: blob} of what the session was shown last."""
    lines = read_lines(sessions.text(session, READS))
    return {memory_id: blob for read in lines for memory_id, blob in read.ids}
