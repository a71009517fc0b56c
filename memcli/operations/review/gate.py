"""The review gate: a session's candidates, what the checks find, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from memcli.branch import POLICY_FILE, READS, store_to_write
from memcli.core.finding import Finding
from memcli.core.memory.memory import Memory
from memcli.core.memory.summary import MemorySummary
from memcli.core.review.candidates import Candidate
from memcli.core.review.checks.context import Context
from memcli.core.review.checks.runner import run_checks
from memcli.core.review.policy import Policy, read_policy
from memcli.core.review.verdict import apply_overrides, review_verdict
from memcli.core.session.reads import read_lines
from memcli.core.session.state import Session
from memcli.index.database.view import View
from memcli.operations.views.reader import Reader
from memcli.sessions import Sessions, is_rejected
from memcli.store import Store, parse_memory
from memcli.workspace import Workspace

_MAX_OTHERS = 200
"""Candidates of other sessions that new ones are compared with."""


@dataclass(frozen=True)
class Review:
    """A session's candidates and rejected ones, the findings of the checks, and the verdict."""

    session: Session
    verdict: str
    candidates: tuple[Candidate, ...]
    findings: tuple[Finding, ...]
    rejected: tuple[Candidate, ...]
    policy: Policy


class _IndexedStore:
    """The store's tip through the index, and the candidates of other open sessions, as the checks query them."""

    def __init__(self, view: View, sessions: Sessions, session: str) -> None:
        self._view, self._sessions, self._session = view, sessions, session

    def memory(self, id: str) -> Memory | None:
        record = self._view.get(id)
        return self._read(record) if record else None

    def by_key(self, key: str) -> list[Memory]:
        return self._all(self._view.by_key(key))

    def same_content(self, content_hash: str) -> list[Memory]:
        return self._all(self._view.by_content(content_hash))

    def similar(self, text: str) -> list[Memory]:
        return self._all(self._view.similar(text, 10)) + self._others

    def _all(self, records: Sequence[MemorySummary]) -> list[Memory]:
        return [memory for memory in map(self._read, records) if memory]

    def _read(self, record: MemorySummary) -> Memory | None:
        return parse_memory(self._view.text(record), record.path).memory

    @cached_property
    def _others(self) -> list[Memory]:
        """Candidates of other open sessions: two agents may be writing down the same thing, or its opposite."""
        return list(islice(self._active_candidates(), _MAX_OTHERS))

    def _active_candidates(self) -> Iterator[Memory]:
        for session in self._sessions.all():
            if session.name != self._session:
                memories = (candidate.after for candidate in self._sessions.candidates(session))
                yield from (memory for memory in memories if memory and memory.status == "active")


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
        store, limit = _IndexedStore(view, sessions, session.name), policy.session_max_candidates
        context = Context(store, workspace.code, is_agents, reads, current, workspace.excludes, limit)
        findings = tuple(apply_overrides(run_checks(chosen, context), policy))
    verdict = review_verdict(chosen, findings, policy, agent_session=is_agents, reviewed=reviewed)
    return Review(session, verdict, chosen, findings, rejected, policy)


def last_shown(sessions: Sessions, session: Session) -> dict[str, str]:
    """{memory id: blob} of what the session was shown last."""
    lines = read_lines(sessions.text(session, READS))
    return {memory_id: blob for read in lines for memory_id, blob in read.ids}
