"""The review gate: a session's candidates merged into the store, what the checks find, and the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from memcli.branch import READS, store_to_write
from memcli.core.finding import WARN, Finding, Problem
from memcli.core.merge.part_conflict import FILE
from memcli.core.review.candidates import Candidate
from memcli.core.review.checks.context import Context
from memcli.core.review.checks.proposed_store import ProposedStore
from memcli.core.review.checks.runner import run_checks
from memcli.core.review.policy import Policy
from memcli.core.review.verdict import apply_overrides, review_verdict
from memcli.core.session.reads import read_lines
from memcli.core.session.state import Session
from memcli.errors import Conflict
from memcli.operations.review.choose import choose_candidates
from memcli.operations.review.indexed_store import IndexedStore
from memcli.operations.review.other_sessions import AllSessions
from memcli.operations.review.rival_changes import rival_changes
from memcli.operations.review.stored_policy import load_policy
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

    @property
    def session_findings(self) -> tuple[Finding, ...]:
        """The findings about no candidate."""
        ids = {candidate.id for candidate in self.candidates}
        return tuple(finding for finding in self.findings if finding.id not in ids)


def open_gate(workspace: Workspace) -> Gate:
    """The gate of a repository, for any number of reviews of its present state."""

    def unsaved(session: str) -> tuple[Problem, ...]:
        if session_home(workspace, session) is None:
            return ()
        from memcli.operations.writing.unsaved_files import unsaved_files  # few sessions have files

        return unsaved_files(workspace, session).problems

    return Gate(
        scratch=workspace.scratch_store,
        sessions=workspace.sessions,
        reader=Reader(workspace),
        code=workspace.code,
        excludes=lambda: workspace.excludes,
        unsaved=unsaved,
    )


@dataclass(frozen=True)
class _Proposal:
    """What is judged of a session, beside what stays in it."""

    session: Session
    scope: GateScope
    chosen: tuple[Candidate, ...]
    left: tuple[Candidate, ...]
    rejected: tuple[Candidate, ...]


@dataclass(frozen=True)
class Gate:
    """What reviews are made with; objects are written to `scratch`, `unsaved` tells the files of a session that are in
    no commit."""

    scratch: Store
    sessions: Sessions
    reader: Reader
    code: Code | None
    excludes: Callable[[], Excludes | None]
    unsaved: Callable[[str], tuple[Problem, ...]]

    def review(self, session: Session, scope: GateScope = EVERYTHING) -> Review:
        """The review of a session as its candidates would land now; nothing is written into the repository.

        Raises NotFound, Usage for unknown ids, Conflict where the store keeps moving.
        """
        return self.review_together([(session, scope)])[0]

    def review_together(self, parts: Sequence[tuple[Session, GateScope]]) -> list[Review]:
        """The reviews of sessions whose candidates would land together, merged in this order: all have one result.

        Raises NotFound, Usage for unknown ids, Conflict where the store keeps moving.
        """
        return self._reviewed([list(parts)])

    def review_each(self, sessions: Iterable[Session]) -> list[Review]:
        """The reviews of sessions, each as if it landed alone. Raises Conflict where the store keeps moving."""
        groups = [[(session, EVERYTHING)] for session in sessions]
        return self._reviewed(groups) if groups else []  # without any, no store is needed that could be written

    def _reviewed(self, groups: Sequence[Sequence[tuple[Session, GateScope]]]) -> list[Review]:
        for _ in range(ATTEMPTS - 1):
            with suppress(Conflict):
                return self._reviewed_once(groups)
        return self._reviewed_once(groups)

    def _reviewed_once(self, groups: Sequence[Sequence[tuple[Session, GateScope]]]) -> list[Review]:
        """The reviews of each group, whose candidates land together."""
        tip = store_to_write(self.reader.layout)[1]
        policy, _ = load_policy(self.scratch, tip)
        proposed = [[self._proposal(session, scope) for session, scope in group] for group in groups]
        merged = [
            merge_into_store(self.scratch, self.reader, tip, [proposal.chosen for proposal in group])
            for group in proposed
        ]
        chosen = {proposal.session.name: proposal.chosen for group in proposed for proposal in group}
        unsaved, rivals = {name: self.unsaved(name) for name in chosen}, rival_changes(chosen)
        with self.reader.main_view() as view:
            judge = _Judge(self, IndexedStore(view, AllSessions(self.sessions)), policy, unsaved, rivals)
            return [
                review
                for group, merges in zip(proposed, merged, strict=True)
                for review in judge.reviews(group, merges)
            ]

    def _proposal(self, session: Session, scope: GateScope) -> _Proposal:
        changes = self.sessions.changes(session)
        rejected = tuple(candidate for candidate in changes if is_rejected(session, candidate))
        candidates = _without(changes, rejected)
        chosen = choose_candidates(candidates, scope.only)
        return _Proposal(session, scope, chosen, _without(candidates, chosen), rejected)


@dataclass(frozen=True)
class _Judge:
    """What the checks are run with beside one view of the store, and what is known of each session beforehand."""

    gate: Gate
    store: IndexedStore
    policy: Policy
    unsaved: Mapping[str, tuple[Problem, ...]]
    rivals: Mapping[str, Sequence[Finding]]

    def reviews(self, group: Sequence[_Proposal], merges: Sequence[MergeResult]) -> Iterator[Review]:
        """The reviews of what lands together."""
        store = self.store.beside([proposal.session.name for proposal in group])
        proposed = ProposedStore([candidate for merge in merges for candidate in merge.merged], store)
        for proposal, merge in zip(group, merges, strict=True):
            findings = run_checks(merge.merged, self._context(proposal.session, store), proposed)
            findings += self.rivals[proposal.session.name]
            yield self._review(proposal, merge, apply_overrides(findings, self.policy))

    def _review(self, proposal: _Proposal, merge: MergeResult, findings: Sequence[Finding]) -> Review:
        session, scope = proposal.session, proposal.scope
        if scope.keep_both:
            findings = _kept_both(findings, merge.candidates)
        is_agents = session.agent is not None
        verdict = review_verdict(merge.merged, findings, self.policy, agent_session=is_agents, reviewed=scope.reviewed)
        return Review(
            session, verdict, tuple(findings), self.policy, merge, proposal.chosen, proposal.left, proposal.rejected
        )

    def _context(self, session: Session, store: IndexedStore) -> Context:
        shown = {} if session.goes_on else last_shown(self.gate.sessions, session)  # its reads are of all kinds of work
        return Context(
            store=store,
            code=self.gate.code,
            agent=session.agent is not None,
            reads=shown,
            current={memory_id: blob for memory_id in shown if (blob := store.blob(memory_id))},
            excludes=self.gate.excludes(),
            max_candidates=self.policy.session_max_candidates,
            session=session.name,
            unsaved=self.unsaved[session.name],
        )


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
