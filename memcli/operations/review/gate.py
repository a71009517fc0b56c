"""The review gate: a session's candidates, what the checks say of them, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from memcli.branch import POLICY_FILE, READS
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
from memcli.sessions import is_rejected
from memcli.store import parse_memory
from memcli.workspace import Workspace

_MAX_OTHERS = 200


@dataclass(frozen=True)
class Review:
    """The pull request page of a session at `tip`: what it proposes, what was rejected, the findings, the verdict."""

    session: Session
    verdict: str
    candidates: tuple[Candidate, ...]
    findings: tuple[Finding, ...]
    rejected: tuple[Candidate, ...]
    policy: Policy


class _IndexedStore:
    """The store's tip through the index, and what other open sessions propose, as the checks ask for it."""

    def __init__(self, workspace: Workspace, view: View, session: str) -> None:
        self._workspace, self._view, self._session = workspace, view, session

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
        """What other open sessions propose: two agents may be writing down the same thing, or its opposite."""
        sessions = (one for one in self._workspace.sessions.all() if one.name != self._session)
        found = (one.after for other in sessions for one in self._workspace.sessions.candidates(other))
        return list(islice((memory for memory in found if memory and memory.status == "active"), _MAX_OTHERS))


def load_policy(workspace: Workspace, tip: str) -> tuple[Policy, list[str]]:
    """The policy in force, from a commit of the store, and what is wrong with it."""
    blob = workspace.odb.file(workspace.store.tree_of(tip), POLICY_FILE)
    return read_policy(workspace.store.text(blob))


def run_gate(
    workspace: Workspace, session: Session, only: Sequence[str] | None = None, reviewed: bool = False
) -> Review:
    """Run the gate over a session's candidates (or those named) as they would enter the store's tip now."""
    tip = workspace.main()[1]
    policy, _ = load_policy(workspace, tip)
    changes = workspace.sessions.changes(session)
    rejected = tuple(one for one in changes if is_rejected(session, one))
    chosen = tuple(one for one in changes if one not in rejected and (only is None or one.id in only))
    with _context(workspace, session, policy) as context:
        findings = apply_overrides(run_checks(chosen, context), policy)
    said = review_verdict(chosen, findings, policy, agent_session=session.agent is not None, reviewed=reviewed)
    return Review(session, said, chosen, tuple(findings), rejected, policy)


@contextmanager
def _context(workspace: Workspace, session: Session, policy: Policy) -> Iterator[Context]:
    with Reader(workspace).main_view() as view:
        reads = last_shown(workspace, session)
        current = {memory_id: record.blob for memory_id in reads if (record := view.get(memory_id))}
        store = _IndexedStore(workspace, view, session.name)
        yield Context(
            store,
            workspace.code,
            session.agent is not None,
            reads,
            current,
            workspace.excludes,
            policy.session_max_candidates,
        )


def last_shown(workspace: Workspace, session: Session) -> dict[str, str]:
    """{memory id: blob} of what the session was shown last."""
    text = workspace.sessions.text(session, READS)
    return {memory_id: blob for read in read_lines(text) for memory_id, blob in read.ids}
