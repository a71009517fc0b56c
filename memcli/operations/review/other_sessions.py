"""The sessions beside the one that is reviewed: what they propose, and what was rejected in any of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import islice

from memcli.core.memory.memory import Memory
from memcli.core.review.claim import claim_hash, is_new_claim, text_part
from memcli.core.session.state import RejectedClaim
from memcli.sessions import Sessions

_MAX_CANDIDATES = 200
"""Candidates of other sessions that new ones are compared with by their words; by their keys all are."""


class AllSessions:
    """What open sessions propose, and the decisions of all; read when it is needed, once for all reviews."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    @cached_property
    def active(self) -> Sequence[tuple[str, Memory]]:
        """(session, memory) of each active candidate, those of the sessions that were updated last first."""
        return [(session, after) for session, _, after in self._changes]

    @cached_property
    def values(self) -> Mapping[str, Mapping[str, Sequence[tuple[str, Memory]]]]:
        """{key: {session: (claim, active candidate) of each value that it gives the key}}."""
        values: dict[str, dict[str, list[tuple[str, Memory]]]] = {}
        for session, before, after in self._changes:
            if after.key and is_new_claim(before, after):
                values.setdefault(after.key, {}).setdefault(session, []).append((claim_hash(after), after))
        return values

    @cached_property
    def _changes(self) -> Sequence[tuple[str, Memory | None, Memory]]:
        return [
            (session.name, candidate.before, candidate.after)
            for session in self._sessions.all()
            for candidate in self._sessions.candidates(session)
            if candidate.after and candidate.after.status == "active"
        ]

    @cached_property
    def rejections(self) -> Mapping[str, RejectedClaim]:
        """{claim, or text of a claim: the newest rejection}; a text that was rejected without a key has that one."""
        every = [claim for session in self._sessions.all(ended=True) for claim in session.rejected_claims]
        rejections = sorted(every, key=lambda rejection: (rejection.at, rejection.session))
        parts = {text_part(rejection.claim): rejection for rejection in rejections}
        return parts | {rejection.claim: rejection for rejection in rejections}


class OpenSessions:
    """The open sessions beside those that are reviewed together, and the decisions of all sessions."""

    def __init__(self, every: AllSessions, reviewed: Collection[str]) -> None:
        self._every, self._reviewed = every, reviewed

    def candidates(self) -> Sequence[Memory]:
        """The first active candidates, of the sessions that were updated last."""
        return self._first_candidates

    def values_of(self, key: str) -> Mapping[str, Sequence[tuple[str, Memory]]]:
        """{session: (claim, active candidate) of each value that it gives a key}."""
        given = self._every.values.get(key, {})
        return {session: values for session, values in given.items() if session not in self._reviewed}

    def rejection(self, claim: str) -> RejectedClaim | None:
        """The newest rejection of a claim, in any session, open or ended; where there is none, of the same text with
        another key."""
        return self._every.rejections.get(claim) or self._every.rejections.get(text_part(claim))

    @cached_property
    def _first_candidates(self) -> list[Memory]:
        others = (after for session, after in self._every.active if session not in self._reviewed)
        return list(islice(others, _MAX_CANDIDATES))
