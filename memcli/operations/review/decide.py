"""What a person decides about candidates of any number of sessions, carried out as one operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from memcli.branch import ENDED, SESSIONS, store_to_write
from memcli.core.finding import Finding
from memcli.core.review.private import without_private
from memcli.core.review.recorded_text import refuse_secret
from memcli.core.review.verdict import EMPTY
from memcli.core.session.state import Session
from memcli.errors import Conflict, Refused
from memcli.git.objects import Move
from memcli.git.worktrees import Worktree
from memcli.operations.review.approval_rules import (
    Approval,
    refuse_blocked_reviews,
    refuse_empty_promotion,
    refuse_other_result,
    unsaved_findings,
)
from memcli.operations.review.decided_sessions import DecidedSession, DecisionCommits
from memcli.operations.review.decisions import (
    NO_CONSENT,
    Consent,
    Decided,
    Decisions,
    Promoted,
    Rejected,
)
from memcli.operations.review.gate import Review, open_gate
from memcli.operations.review.skipped import ReviewedTogether, review_decisions
from memcli.operations.sessions.save import save_if_present
from memcli.operations.views.reader import Reader
from memcli.operations.writing.checked_out_branch import refuse_checked_out
from memcli.operations.writing.promotion_builder import BuiltPromotion, Promotion, PromotionBuilder
from memcli.operations.writing.session_builder import CommitSources
from memcli.operations.writing.transaction import Transaction, drain_before_reading, write_transaction
from memcli.operations.writing.unsaved_files import unsaved_files
from memcli.operations.writing.waiting_entries import with_waiting_entries
from memcli.operations.writing.worktree_sync import remove_if_saved
from memcli.sessions import Sessions
from memcli.state import liveness
from memcli.state.oplog import Change
from memcli.store import Store
from memcli.workspace import Workspace

ATTEMPTS = 5
Unsaved = Mapping[str, tuple[Finding, ...]]
"""{session: the findings about its files that are in no commit}."""


def decide(workspace: Workspace, decisions: Decisions, consent: Consent = NO_CONSENT, dry_run: bool = False) -> Decided:
    """Promote and reject candidates, all of it or nothing; with `dry_run` only say what would become of it.

    Raises Refused (the gate, or nobody who may has approved), Conflict (something else would land than was shown),
    NotFound, Usage, Busy.
    """
    if decisions.keep_both and workspace.config.agent:
        raise Refused("agents cannot keep both sides of a conflict", "resolve it in the session, or ask a person")
    if agent := workspace.config.agent:
        _refuse_others_sessions(workspace.sessions, agent, workspace.selection.name, decisions)
    decisions = replace(decisions, reject={ref: _recordable(reason) for ref, reason in decisions.reject.items()})
    for name in decisions.promoted_sessions:
        save_if_present(workspace, name)
    deciding = _Deciding(workspace, decisions, consent)
    if dry_run:
        drain_before_reading(workspace)
        return deciding.preview()
    with write_transaction(workspace, *decisions.sessions) as tx:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return deciding.carry_out(tx)
            except Conflict as error:
                if attempt == ATTEMPTS or not error.retryable:
                    raise
    raise AssertionError("unreachable")


def _refuse_others_sessions(sessions: Sessions, agent: str, own: str | None, decisions: Decisions) -> None:
    """Raise Refused where an agent would reject what a session other than its own proposes."""
    for name in dict.fromkeys(ref.session for ref in decisions.reject):
        if name != own and sessions.load(name).agent != agent:
            raise Refused(
                "agents can reject only what their own sessions propose",
                f"leave {name} to a person; 'mem review {name}' shows it",
            )


def _recordable(reason: str) -> str:
    """A reason without what is marked as private. Raises Refused where it holds a secret."""
    public, _ = without_private(reason)
    refuse_secret(public, "reason")
    return public


@dataclass(frozen=True)
class _Approved:
    """What is to be done: the sessions with what is decided in them, the reviews of what lands, and who answers for
    each."""

    sessions: tuple[DecidedSession, ...]
    reviewed: ReviewedTogether
    approvers: tuple[str, ...]

    @property
    def result(self) -> str:
        """The id of the tree that lands; empty where nothing does."""
        return self.reviewed.reviews[0].result if self.reviewed.reviews else ""


@dataclass(frozen=True)
class _Deciding:
    """One decision on its way."""

    workspace: Workspace
    decisions: Decisions
    consent: Consent

    def preview(self) -> Decided:
        """What would be done now; nothing is written into the repository."""
        unsaved, op = self._unsaved(), self.workspace.clock.new_operation_id()
        approved = replace(self, workspace=with_waiting_entries(self.workspace))._approved(unsaved, op)
        pairs = zip(approved.reviewed.reviews, approved.approvers, strict=True)
        promoted = tuple(
            Promoted(review, approver, ended=not (review.left or unsaved_findings(review) or review.session.goes_on))
            for review, approver in pairs
        )
        rejected = _rejected(approved.sessions, unsaved)
        return Decided(None, approved.result, promoted, rejected, approved.reviewed.skipped)

    def carry_out(self, tx: Transaction) -> Decided:
        """Do it as one operation."""
        workspace, op, unsaved = self.workspace, self.workspace.clock.new_operation_id(), self._unsaved()
        approved = self._approved(unsaved, op)
        sessions = self._sessions(unsaved, op)  # as in the review, written into the repository now
        promotions = self._promotions(approved, {session.name: session.after for session in sessions}, op)
        built = PromotionBuilder(workspace.store, workspace.person).build(promotions) if promotions else []
        by_name = {promotion.session.name: made for promotion, made in zip(promotions, built, strict=True)}
        moves = (*self._main_moves(built), *_session_moves(tx, sessions, by_name))
        if moves:
            operation = workspace.actor.operation(*_described(sessions, promotions), op)
            tx.commit(replace(operation, moves=moves, changes=_changes(workspace.store, built)))
        pairs = zip(approved.reviewed.reviews, approved.approvers, strict=True)
        promoted = tuple(self._promoted(review, approver, by_name) for review, approver in pairs)
        rejected = _rejected(sessions, unsaved)
        return Decided(op if moves else None, approved.result, promoted, rejected, approved.reviewed.skipped)

    def _approved(self, unsaved: Unsaved, op: str) -> _Approved:
        """The reviews, made without writing into the repository. Raises Refused, SessionMoved, NotFound, Usage."""
        decisions, workspace = self.decisions, self.workspace
        ahead = workspace
        if decisions.promoted_sessions:
            refuse_checked_out(workspace.layout)
        if decisions.reject or decisions.edits:
            ahead = workspace.ahead(workspace.layout, workspace.journal)
        sessions = replace(self, workspace=ahead)._sessions(unsaved, op)
        by_name = {session.name: session.after for session in sessions}
        reviewed = review_decisions(open_gate(ahead), by_name, decisions, bool(self.consent.reviewed_by))
        refuse_other_result(ahead.store, ahead.layout, reviewed.reviews, self.consent.expect)
        refuse_blocked_reviews(reviewed.reviews)
        approval = Approval(self.consent, workspace.person, workspace.config.agent is not None)
        return _Approved(tuple(sessions), reviewed, tuple(map(approval.approver, reviewed.reviews)))

    def _sessions(self, unsaved: Unsaved, op: str) -> list[DecidedSession]:
        """The sessions with their edits and rejections committed in the workspace's store."""
        workspace, layout = self.workspace, self.workspace.layout
        sources = CommitSources(
            workspace.store, workspace.person, lambda: store_to_write(layout)[1], lambda: workspace.excludes
        )
        commits = DecisionCommits(workspace.sessions, sources, Reader(workspace), workspace.actor, op)
        return commits.sessions_of(self.decisions, [name for name, findings in unsaved.items() if findings])

    def _unsaved(self) -> Unsaved:
        """The findings about files that are in no commit, of the sessions of which something is rejected."""
        names = dict.fromkeys(ref.session for ref in self.decisions.reject)
        return {name: unsaved_files(self.workspace, name).findings for name in names}

    def _promotions(self, approved: _Approved, sessions: Mapping[str, Session], op: str) -> list[Promotion]:
        """What lands, session by session. Raises Refused where nothing does since no file could be read."""
        promotions = list[Promotion]()
        for review, approver in zip(approved.reviewed.reviews, approved.approvers, strict=True):
            if review.verdict == EMPTY:
                refuse_empty_promotion(review)
                continue
            session, goes_on = sessions[review.session.name], bool(unsaved_findings(review))
            promotions.append(Promotion(session, review.merge, review.chosen, review.left, approver, op, goes_on))
        return promotions

    def _main_moves(self, built: Sequence[BuiltPromotion]) -> Iterator[Move]:
        if built:
            yield Move(store_to_write(self.workspace.layout)[0], built[0].parents[0], built[-1].commit)

    def _promoted(self, review: Review, approver: str, built: Mapping[str, BuiltPromotion]) -> Promoted:
        """What became of a session; the directory of one that ended goes, unless its agent writes on in there."""
        workspace, made = self.workspace, built.get(review.session.name)
        if made is None:
            return Promoted(review, approver)
        warnings = made.warnings
        if made.ends and liveness.is_abandoned(workspace.layout.mem_dir, review.session.name):
            worktree = Worktree(workspace.layout, workspace.odb, review.session.name)
            warnings += remove_if_saved(workspace.store, worktree, made.session_tip)
        return Promoted(review, approver, made.commit, made.parents, made.ends, warnings)


def _session_moves(
    tx: Transaction, sessions: Sequence[DecidedSession], built: Mapping[str, BuiltPromotion]
) -> Iterator[Move]:
    """The moves of the sessions' refs; what no ref would reach any more stays reachable."""
    for session in sessions:
        ref, before, made = SESSIONS + session.name, session.before.tip, built.get(session.name)
        tip = made.session_tip if made else session.after.tip
        if made.ends if made else session.has_ended:
            yield from (Move(ref, before, None), Move(ENDED + session.name, None, tip))
        elif tip != before:
            yield Move(ref, before, tip)
            if made and made.parents[1] != before:  # else the merge commit keeps it
                yield tx.rescue(before)


def _rejected(sessions: Sequence[DecidedSession], unsaved: Unsaved) -> tuple[Rejected, ...]:
    return tuple(
        Rejected(session.name, session.rejected, session.reason, session.has_ended, unsaved[session.name])
        for session in sessions
        if session.rejected
    )


def _described(sessions: Sequence[DecidedSession], promotions: Sequence[Promotion]) -> tuple[str, str, str]:
    """Verb, session (none of several) and summary of the operation."""
    only = sessions[0].name if len(sessions) == 1 else ""
    rejected = sum(len(session.rejected) for session in sessions)
    if not promotions:
        of = f"of {sessions[0].total} candidates" if only else f"candidates of {len(sessions)} sessions"
        return "reject", only, f"{rejected} {of}"
    count = sum(len(promotion.merge.candidates) for promotion in promotions)
    memories = f"{count} {'memory' if count == 1 else 'memories'}"
    of = promotions[0].session.name if len(promotions) == 1 else f"{len(promotions)} sessions"
    return "promote", only, f"{memories} of {of}" + (f", {rejected} rejected" if rejected else "")


def _changes(store: Store, built: Sequence[BuiltPromotion]) -> tuple[Change, ...]:
    """What the promotions change in the store together."""
    if not built:
        return ()
    deltas = store.odb.diff(store.tree_of(built[0].parents[0]), store.tree_of(built[-1].commit))
    return tuple(Change(delta.path, delta.old, delta.new) for delta in deltas)
