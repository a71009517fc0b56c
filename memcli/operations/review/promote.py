"""`mem promote`: reviewed candidates become part of the store, as a merge commit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from memcli.branch import ENDED, SESSIONS, store_to_write
from memcli.core.finding import BLOCK, INFO, WARN, Finding
from memcli.core.review.verdict import BLOCKED, EMPTY, PROMOTABLE
from memcli.core.session.state import Session
from memcli.errors import Conflict, NotFound, Refused
from memcli.git.layout import Layout
from memcli.git.objects import Move, Person
from memcli.git.revision import commits_named, resolve_commit
from memcli.git.worktrees import Worktree
from memcli.operations.review.decisions import Promoted
from memcli.operations.review.gate import GateScope, Review, review_candidates
from memcli.operations.review.review import review_session
from memcli.operations.sessions.save import save_if_present
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
    """What to promote: the candidates of `only` (empty: all), if what would land is what was shown.

    `expect`: the id of the tree that was shown (or its beginning), or the session's commit that was; `consent`: a
    person approves, needed where the verdict is `person`; `reviewed_by`: a reviewer who has approved what is expected;
    `keep_both`: a person lets both sides of a conflict stand.
    """

    session: str
    only: Sequence[str] = ()
    expect: str | None = None
    consent: bool = False
    reviewed_by: str = ""
    keep_both: bool = False
    dry_run: bool = False

    @property
    def scope(self) -> GateScope:
        """What the gate is to judge."""
        return GateScope(self.only, bool(self.reviewed_by), self.keep_both)


class SessionMoved(Conflict):
    """What would land is not what the person was shown; trying again would promote something unseen."""

    retryable = False


def promote(workspace: Workspace, request: PromoteRequest) -> Promoted:
    """Merge a session's candidates into the store.

    Raises Refused (the gate, or an agent without approval), Conflict (what would land is not what was expected, or the
    store kept moving), NotFound, Busy.
    """
    if request.keep_both and workspace.config.agent:
        raise Refused("agents cannot keep both sides of a conflict", "resolve it in the session, or ask a person")
    is_agent = workspace.config.agent is not None
    if request.dry_run:
        refuse_checked_out(workspace.layout)
        review = review_session(workspace, request.session, request.scope)
        _refuse_moved(workspace.store, workspace.layout, review, request.expect)
        approver = _approver(review, request, workspace.person, is_agent)
        goes_on = review.left or _unsaved(review) or review.session.goes_on
        return Promoted(review, approver, ended=not goes_on)
    save_if_present(workspace, request.session)
    with write_transaction(workspace, request.session) as tx:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return _promote(workspace, tx, request)
            except Conflict as error:
                if attempt == ATTEMPTS or not error.retryable:
                    raise
    raise AssertionError("unreachable")


def _promote(workspace: Workspace, tx: Transaction, request: PromoteRequest) -> Promoted:
    refuse_checked_out(workspace.layout)
    session, store = workspace.sessions.load(request.session), workspace.store
    review = review_candidates(workspace, session, request.scope)
    _refuse_moved(store, workspace.layout, review, request.expect)
    approver = _approver(review, request, workspace.person, workspace.config.agent is not None)
    if review.verdict == EMPTY:
        _refuse_unreadable(review)
        return Promoted(review, approver)
    op = workspace.clock.new_operation_id()
    promotion = Promotion(
        session, review.merge, review.chosen, review.left, approver, op, goes_on=bool(_unsaved(review))
    )
    built = PromotionBuilder(store, workspace.person).build(promotion)
    count = len(review.candidates)
    summary = f"{count} {'memory' if count == 1 else 'memories'} of {session.name}"
    operation = workspace.actor.operation("promote", session.name, summary, op)
    main, tip = store_to_write(workspace.layout)[0], review.merge.main
    moves = (Move(main, tip, built.commit), *_session_moves(tx, session, built))
    tx.commit(replace(operation, moves=moves, changes=_changes(store, built)))
    warnings = built.warnings
    if built.ends and liveness.is_abandoned(workspace.layout.mem_dir, session.name):
        worktree = Worktree(workspace.layout, store.odb, session.name)  # else its agent writes on in there
        warnings += remove_if_saved(store, worktree, built.session_tip)
    return Promoted(review, approver, built.commit, built.parents, built.ends, warnings)


def _refuse_moved(store: Store, layout: Layout, review: Review, expect: str | None) -> None:
    """Compare what was shown with what would land or, for a commit, with the session; reads recorded since do not
    count as a change. Raises SessionMoved, NotFound."""
    is_id = expect is not None and re.fullmatch(r"[0-9a-f]{7,40}", expect) is not None
    if not expect or (is_id and review.result.startswith(expect)):
        return
    session, hint = review.session, f"'mem review {review.session.name}' shows it as it is"
    shown = _commit_shown(store, layout, expect)
    if shown is None and is_id:
        moved = f"what would land is {review.result[:10]}, no longer {expect[:10]}"
        raise SessionMoved(f"{moved}: the session or the store has moved since", hint)
    try:
        commit = shown or resolve_commit(store.odb, layout, expect)
    except NotFound as error:
        problem = f"{expect[:60]!r} is neither a result of 'mem review' nor a session's tip"
        raise NotFound(problem, f"take the result that 'mem review {session.name}' shows") from error
    deltas = store.deltas(store.tree_of(commit), store.tree_of(session.tip))
    if deltas:
        raise SessionMoved(f"the session {session.name} has moved since {expect[:10]}: {deltas[0].path}", hint)


def _commit_shown(store: Store, layout: Layout, expect: str) -> str | None:
    """The commit that a text names; None where it names none, such as the id of a tree that was never written."""
    if len(expect) == 40 and not store.odb.has(expect):
        return None
    commits = commits_named(store.odb, layout, expect)
    return commits[0] if len(commits) == 1 else None


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


def _unsaved(review: Review) -> list[Finding]:
    """The findings about files that are in no commit; the session goes on with them."""
    return [finding for finding in review.findings if finding.check == "unsaved"]


def _refuse_unreadable(review: Review) -> None:
    """Raise Refused where there is nothing to promote since no file could be read."""
    unreadable = [finding for finding in _unsaved(review) if finding.severity != INFO]
    if unreadable:
        messages = "; ".join(finding.message for finding in unreadable[:5])
        raise Refused(f"nothing can be promoted: {messages}", unreadable[0].next)


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
    is_kept = built.parents[1] == session.tip  # by the merge commit
    return [Move(ref, session.tip, built.session_tip), *([] if is_kept else [tx.rescue(session.tip)])]


def _changes(store: Store, built: BuiltPromotion) -> tuple[Change, ...]:
    deltas = store.odb.diff(store.tree_of(built.parents[0]), store.tree_of(built.commit))
    return tuple(Change(delta.path, delta.old, delta.new) for delta in deltas)
