"""What the index remembers of sessions for the inbox, so that it needs neither libgit2 nor the gate.

A session is remembered by its tip, its findings by that, the store's tip and the code's commit: whatever was moved
since is not remembered.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from memcli.core.finding import BLOCK, INFO, Finding
from memcli.index.database.index import Index
from memcli.index.storage.connection import IndexDamaged
from memcli.index.storage.session_cache import SessionFact
from memcli.operations.inbox.waiting_session import InboxSession, parse_session_json, session_json

_SUMMARY, _FINDINGS = "summary", "findings"
FoundById = dict[str, tuple[list[str], bool]]
"""{candidate's id: (the checks that found something, whether it is blocked)}."""


class SessionMemory:
    """What was known when it was opened, and what is to be remembered."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._facts = _read(index)
        self._new: list[SessionFact] = []

    def session(self, name: str, tip: str) -> InboxSession | None:
        """The session at a tip; None where that is not remembered."""
        fact = self._facts.get((name, _SUMMARY))
        if fact is None or fact.stamp != tip:
            return None
        try:
            return parse_session_json(fact.data)
        except (ValueError, KeyError, TypeError):
            return None

    def findings(self, name: str, stamp: str) -> FoundById | None:
        """The findings of its last review; None where that was of something else."""
        fact = self._facts.get((name, _FINDINGS))
        if fact is None or fact.stamp != stamp:
            return None
        try:
            return {str(key): (list(value[0]), bool(value[1])) for key, value in json.loads(fact.data).items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def learn_session(self, tip: str, session: InboxSession) -> None:
        """Remember a session as it is at a tip."""
        self._new.append(SessionFact(session.name, _SUMMARY, tip, session_json(session)))

    def learn_findings(self, name: str, stamp: str, findings: Iterable[Finding]) -> None:
        """Remember what a review has found."""
        found: FoundById = {}
        for finding in findings:
            if finding.severity != INFO:
                checks, is_blocked = found.get(finding.id, ([], False))
                found[finding.id] = ([*checks, finding.check], is_blocked or finding.severity == BLOCK)
        self._new.append(SessionFact(name, _FINDINGS, stamp, json.dumps(found)))

    def keep(self, sessions: Collection[str]) -> None:
        """Write what was learned, where that is possible; what is known of other than these sessions goes."""
        if self._new:
            self._index.cache_session_facts(self._new, sessions)


def _read(index: Index) -> dict[tuple[str, str], SessionFact]:
    try:
        return {(fact.session, fact.what): fact for fact in index.session_facts()}
    except IndexDamaged:
        return {}
