"""The review gate: a session's candidates, what the checks find, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from memcli.branch import POLICY_FILE, READS, store_to_write
from memcli.core.finding import Finding
from memcli.core.review.candidates import Candidate
from memcli.core.review.checks.context import Context
from memcli.core.review.checks.runner import run_checks
from memcli.core.review.policy import Policy, read_policy
from memcli.core.review.verdict import apply_overrides, review_verdict
from memcli.core.session.reads import read_lines
from memcli.core.session.state import Session
from memcli.operations.review.indexed_store import IndexedStore
from memcli.operations.views.reader import Reader
from memcli.sessions import Sessions, is_rejected
from memcli.store import Store
from memcli.workspace import Workspace


@dataclass(frozen=True)
class Review:
    """A session's candidates and rejected ones, the findings of the checks, and the verdict."""

    session: Session
    verdict: str
    candidates: tuple[Candidate, ...]
    findings: tuple[Finding, ...]
    rejected: tuple[Candidate, ...]
    policy: Policy


def load_policy(store: Store, tip: str) -> tuple[Policy, list[str]]:
    """The policy at a commit of the store, and what is wrong with it."""
    return read_policy(store.text(store.odb.file(store.tree_of(tip), POLICY_FILE)))


def run_gate(
    workspace: Workspace, session: Session, only: Sequence[str] | None = None, reviewed: bool = False
) -> Review:
    """The review of a session's candidates (or those of `only`) as they would enter the store's tip now.

    `reviewed`: a reviewer has approved them already.
    """
    sessions, is_agents = workspace.sessions, session.agent is not None
    policy, _ = load_policy(workspace.store, store_to_write(workspace.layout)[1])
    changes = sessions.changes(session)
    rejected = tuple(candidate for candidate in changes if is_rejected(session, candidate))
    chosen = tuple(one for one in changes if one not in rejected and (only is None or one.id in only))
    reads = last_shown(sessions, session)
    with Reader(workspace).main_view() as view:
        current = {id: record.blob for id in reads if (record := view.get(id))}
        store, limit = IndexedStore(view, sessions, session.name), policy.session_max_candidates
        context = Context(store, workspace.code, is_agents, reads, current, workspace.excludes, limit)
        findings = tuple(apply_overrides(run_checks(chosen, context), policy))
    verdict = review_verdict(chosen, findings, policy, agent_session=is_agents, reviewed=reviewed)
    return Review(session, verdict, chosen, findings, rejected, policy)


def last_shown(sessions: Sessions, session: Session) -> dict[str, str]:
    """{memory id: blob} of what the session was shown last."""
    lines = read_lines(sessions.text(session, READS))
    return {memory_id: blob for read in lines for memory_id, blob in read.ids}
