"""`mem promote`: reviewed candidates become part of the store, as a merge commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from memcli.branch import ENDED, SESSIONS
from memcli.core.finding import BLOCK
from memcli.core.memory.identity import id_matches
from memcli.core.review.candidates import Candidate
from memcli.core.review.verdict import BLOCKED, EMPTY, PROMOTABLE
from memcli.core.session.state import Session
from memcli.errors import Conflict, NotFound, Refused
from memcli.git.objects import Move
from memcli.operations.review.gate import Review, run_gate
from memcli.operations.sessions.save import save_if_present
from memcli.operations.writing.checkout import refuse_checked_out
from memcli.operations.writing.promotion import Built, build
from memcli.operations.writing.session_files import tidy
from memcli.operations.writing.transaction import Transaction, transaction
from memcli.state import liveness
from memcli.state.oplog import Change, Operation
from memcli.workspace import Workspace

ATTEMPTS = 5


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


def promote(
    workspace: Workspace,
    name: str,
    only: Sequence[str] = (),
    expect: str | None = None,
    consent: bool = False,
    dry_run: bool = False,
    reviewed_by: str = "",
) -> Promoted:
    """Merge a session's candidates (or those of `only`) into the store.

    `consent` is a person's word, needed where the verdict is `person`; `reviewed_by` names a reviewer who has agreed to
    what is at `expect`. Raises Refused (the gate, or an agent's own
    session), Conflict (the session moved since `expect`, or the store kept moving), Busy.
    """
    save_if_present(workspace, name)
    with transaction(workspace, name) as tx:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return _promote(workspace, tx, name, only, expect, consent, dry_run, reviewed_by)
            except Conflict as error:
                if attempt == ATTEMPTS or not error.retryable or isinstance(error, SessionMoved):
                    raise
    raise AssertionError("unreachable")


class SessionMoved(Conflict):
    """The session is not what the person was shown; trying again would promote something unseen."""


def _promote(
    workspace: Workspace,
    tx: Transaction,
    name: str,
    only: Sequence[str],
    expect: str | None,
    consent: bool,
    dry_run: bool,
    reviewed_by: str,
) -> Promoted:
    refuse_checked_out(workspace)
    session = workspace.sessions.load(name)
    if expect:
        _expect(workspace, session, expect)
    everything = workspace.sessions.candidates(session)
    chosen_ids = [resolve(everything, text) for text in only] or [one.id for one in everything]
    review = run_gate(workspace, session, chosen_ids, bool(reviewed_by))
    left = tuple(one for one in everything if one.id not in chosen_ids)
    reviewer = _reviewer(workspace, review, consent, reviewed_by)
    if review.verdict == EMPTY:
        return Promoted(name, None, (), (), left, review, reviewer, ended=False)
    op = workspace.new_op()
    built = build(workspace, session, review.candidates, left, reviewer, op)
    if not dry_run:
        tx.commit(_promotion(workspace, tx, session, built, op, len(review.candidates)))
        if built.ends and liveness.is_abandoned(workspace.layout.mem_dir, name):  # else its agent writes on in there
            tidy(workspace, name, built.session_tip)
    return Promoted(
        name, built.commit, built.parents, review.candidates, left, review, reviewer, built.ends, built.warnings
    )


def resolve(candidates: Sequence[Candidate], text: str) -> str:
    """The id of the candidate meant by an id, or a unique beginning or end of one. Raises NotFound."""
    found = {one.id for one in candidates if id_matches(text, one.id)}
    if len(found) != 1:
        problem = "no candidate" if not found else f"{len(found)} candidates"
        raise NotFound(f"{problem} with the id {text!r} in this session", "'mem review' lists the candidates")
    return found.pop()


def _reviewer(workspace: Workspace, review: Review, consent: bool, reviewed_by: str) -> str:
    """Who answers for the promotion. Raises Refused where nobody who may has said yes."""
    if review.verdict == BLOCKED:
        stopping = [one for one in review.findings if one.severity == BLOCK]
        words = "; ".join(f"{one.check} ({one.id[-6:]}): {one.message}" for one in stopping[:5])
        raise Refused(f"blocked: {words}", stopping[0].next or f"'mem review {review.session.name}' shows all findings")
    if reviewed_by and review.verdict == PROMOTABLE:
        return reviewed_by
    if workspace.config.agent:
        if review.verdict == PROMOTABLE and review.policy.promote == "auto":
            return "policy auto"
        if review.verdict != EMPTY:
            raise Refused(
                "an agent does not approve a session: a person reviews and promotes it",
                f"ask for 'mem review {review.session.name}'; the candidates are safe in their session",
            )
    elif review.verdict not in (PROMOTABLE, EMPTY) and not consent:
        raise Refused(
            f"this needs a person's word: {_reasons(review)}",
            f"read 'mem review {review.session.name}', then promote at a terminal, or with '--yes'",
        )
    person = workspace.person
    return f"{person.name} <{person.email}>"


def _reasons(review: Review) -> str:
    warned = sorted({one.check for one in review.findings if one.severity == "warn"})
    return ", ".join(warned) if warned else "it is an agent's session" if review.session.agent else "the policy says so"


def _expect(workspace: Workspace, session: Session, expect: str) -> None:
    """Compare what was shown with what is there; reads recorded since do not count as a change."""
    shown = workspace.odb.resolve(expect)
    deltas = workspace.store.deltas(workspace.store.tree_of(shown), workspace.store.tree_of(session.tip))
    if deltas:
        raise SessionMoved(
            f"the session {session.name} has moved since {expect[:10]}: {deltas[0].path}",
            f"'mem review {session.name}' shows it as it is",
        )


def counted(number: int) -> str:
    return "1 memory" if number == 1 else f"{number} memories"


def _promotion(workspace: Workspace, tx: Transaction, session: Session, built: Built, op: str, count: int) -> Operation:
    main = workspace.main()[0]
    moves = [Move(main, built.parents[0], built.commit)]
    if built.ends:
        moves += [
            Move(SESSIONS + session.name, session.tip, None),
            Move(ENDED + session.name, None, built.session_tip),
        ]
    else:
        moves += [Move(SESSIONS + session.name, session.tip, built.session_tip), tx.rescue(session.tip)]
    deltas = workspace.odb.diff(workspace.store.tree_of(built.parents[0]), workspace.store.tree_of(built.commit))
    said = workspace.operation(op, "promote", session.name, f"{counted(count)} of {session.name}")
    return replace(said, moves=tuple(moves), changes=tuple(Change(one.path, one.old, one.new) for one in deltas))
