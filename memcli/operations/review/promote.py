"""`mem promote`: reviewed candidates become part of the store, as a merge commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from memcli.branch import ENDED, SESSIONS, store_to_write
from memcli.core.finding import BLOCK, WARN
from memcli.core.review.candidates import Candidate
from memcli.core.review.verdict import BLOCKED, EMPTY, PROMOTABLE
from memcli.core.session.state import Session
from memcli.errors import Conflict, Refused
from memcli.git.layout import Layout
from memcli.git.objects import Move, Person
from memcli.git.revision import resolve_commit
from memcli.git.worktrees import Worktree
from memcli.operations.review.choose import choose_candidates
from memcli.operations.review.gate import Review, run_gate
from memcli.operations.sessions.save import save_if_present
from memcli.operations.views.reader import Reader
from memcli.operations.writing.checked_out_branch import refuse_checked_out
from memcli.operations.writing.promotion_builder import BuiltPromotion, Promotion, PromotionBuilder
from memcli.operations.writing.transaction import Transaction, write_transaction
from memcli.operations.writing.worktree_sync import remove_if_saved
from memcli.state import liveness
from memcli.state.oplog import Change
from memcli.store import Store
from memcli.workspace import Workspace

ATTEMPTS = 5


@dataclass(frozen=True)
class PromoteRequest:
    """What to promote: the candidates of `only` (empty: all), if the session is still at `expect`.

    `consent`: a person approves, needed where the verdict is `person`; `reviewed_by`: a reviewer who has approved what
    is at `expect`.
    """

    session: str
    only: Sequence[str] = ()
    expect: str | None = None
    consent: bool = False
    reviewed_by: str = ""
    dry_run: bool = False


@dataclass(frozen=True)
class Promoted:
    """`commit` is None where there was nothing to promote; `left` names the candidates that stay in the session."""

    session: str
    commit: str | None
    parents: tuple[str, ...]
    promoted: tuple[Candidate, ...]
    left: tuple[Candidate, ...]
    review: Review
    reviewer: str
    ended: bool
    warnings: tuple[str, ...] = ()


class SessionMoved(Conflict):
    """The session is not what the person was shown; trying again would promote something unseen."""


def promote(workspace: Workspace, request: PromoteRequest) -> Promoted:
    """Merge a session's candidates into the store.

    Raises Refused (the gate, or an agent without approval), Conflict (the session moved since `expect`, or the store
    kept moving), NotFound, Busy.
    """
    save_if_present(workspace, request.session)
    with write_transaction(workspace, request.session) as tx:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return _promote(workspace, tx, request)
            except Conflict as error:
                if attempt == ATTEMPTS or not error.retryable or isinstance(error, SessionMoved):
                    raise
    raise AssertionError("unreachable")


def _promote(workspace: Workspace, tx: Transaction, request: PromoteRequest) -> Promoted:
    refuse_checked_out(workspace.layout)
    session, store, person = workspace.sessions.load(request.session), workspace.store, workspace.person
    if request.expect:
        _refuse_moved(store, workspace.layout, session, request.expect)
    candidates = workspace.sessions.candidates(session)
    chosen = choose_candidates(candidates, request.only)
    left = tuple(candidate for candidate in candidates if candidate not in chosen)
    review = run_gate(workspace, session, [candidate.id for candidate in chosen], bool(request.reviewed_by))
    approver = _approver(review, request, person, is_agent=workspace.config.agent is not None)
    if review.verdict == EMPTY:
        return Promoted(session.name, None, (), (), left, review, approver, ended=False)
    main, tip = store_to_write(workspace.layout)
    promotion = Promotion(session, review.candidates, left, approver, workspace.clock.new_operation_id())
    built = PromotionBuilder(store, Reader(workspace), tip, person).build(promotion)
    if not request.dry_run:
        count = len(review.candidates)
        summary = f"{count} {'memory' if count == 1 else 'memories'} of {session.name}"
        operation = workspace.actor.operation("promote", session.name, summary, promotion.op)
        moves = (Move(main, tip, built.commit), *_session_moves(tx, session, built))
        tx.commit(replace(operation, moves=moves, changes=_changes(store, built)))
        if built.ends and liveness.is_abandoned(workspace.layout.mem_dir, session.name):
            worktree = Worktree(workspace.layout, store.odb, session.name)  # else its agent writes on in there
            remove_if_saved(store, worktree, built.session_tip)
    return Promoted(
        session.name, built.commit, built.parents, review.candidates, left, review, approver, built.ends, built.warnings
    )


def _refuse_moved(store: Store, layout: Layout, session: Session, expect: str) -> None:
    """Compare what was shown with what is there; reads recorded since do not count as a change. Raises SessionMoved."""
    shown = resolve_commit(store.odb, layout, expect)
    deltas = store.deltas(store.tree_of(shown), store.tree_of(session.tip))
    if deltas:
        raise SessionMoved(
            f"the session {session.name} has moved since {expect[:10]}: {deltas[0].path}",
            f"'mem review {session.name}' shows it as it is",
        )


def _approver(review: Review, request: PromoteRequest, person: Person, is_agent: bool) -> str:
    """Who answers for the promotion. Raises Refused where nobody who may has approved it."""
    name, is_promotable = review.session.name, review.verdict == PROMOTABLE
    if review.verdict == BLOCKED:
        raise _blocked(review)
    if request.reviewed_by and is_promotable:
        return request.reviewed_by
    if is_agent and is_promotable and review.policy.promote == "auto":
        return "policy auto"
    if is_agent and review.verdict != EMPTY:
        raise Refused(
            "agents cannot approve sessions; a person must review and promote",
            f"ask a person to run 'mem review {name}'; the candidates are kept",
        )
    if review.verdict not in (PROMOTABLE, EMPTY) and not request.consent:
        raise Refused(
            f"requires approval by a person: {_reasons(review)}",
            f"read 'mem review {name}', then promote at a terminal, or with '--yes'",
        )
    return f"{person.name} <{person.email}>"


def _blocked(review: Review) -> Refused:
    name = review.session.name
    blocking = [finding for finding in review.findings if finding.severity == BLOCK]
    messages = "; ".join(f"{finding.check} ({finding.id[-6:]}): {finding.message}" for finding in blocking[:5])
    hint = f"see 'mem review {name}'; promote the others with 'mem promote {name} --only ID'"
    return Refused(f"blocked: {messages}", hint)


def _reasons(review: Review) -> str:
    warnings = sorted({finding.check for finding in review.findings if finding.severity == WARN})
    if warnings:
        return ", ".join(warnings)
    return "it is an agent's session" if review.session.agent else "the policy says so"


def _session_moves(tx: Transaction, session: Session, built: BuiltPromotion) -> list[Move]:
    ref = SESSIONS + session.name
    if built.ends:
        return [Move(ref, session.tip, None), Move(ENDED + session.name, None, built.session_tip)]
    return [Move(ref, session.tip, built.session_tip), tx.rescue(session.tip)]


def _changes(store: Store, built: BuiltPromotion) -> tuple[Change, ...]:
    deltas = store.odb.diff(store.tree_of(built.parents[0]), store.tree_of(built.commit))
    return tuple(Change(delta.path, delta.old, delta.new) for delta in deltas)
