"""The sessions beside the one that is reviewed: what they propose, and what was rejected in any of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

from memcli.core.memory.memory import Memory
from memcli.core.review.claim import claim_hash, is_new_claim, text_part
from memcli.core.session.state import RejectedClaim
from memcli.sessions import Sessions

_MAX_CANDIDATES = 200
"""Candidates of other sessions that new ones are compared with by their words; by their keys all are."""


class OpenSessions:
    """The open sessions beside one, and the decisions of all sessions; each is read when it is needed, once."""

    def __init__(self, sessions: Sessions, session: str) -> None:
        self._sessions, self._session = sessions, session

    def candidates(self) -> Sequence[Memory]:
        """The first active candidates, of the sessions that were updated last."""
        return self._first_candidates

    def values_of(self, key: str) -> Mapping[str, Sequence[tuple[str, Memory]]]:
        """{session: (claim, active candidate) of each value that it gives a key}."""
        return self._values.get(key, {})

    def rejection(self, claim: str) -> RejectedClaim | None:
        """The newest rejection of a claim, in any session, open or ended; where there is none, of the same text with
        another key."""
        return self._rejections.get(claim) or self._rejections.get(text_part(claim))

    @cached_property
    def _first_candidates(self) -> list[Memory]:
        return list(islice((after for _, _, after in self._active()), _MAX_CANDIDATES))

    @cached_property
    def _values(self) -> Mapping[str, Mapping[str, list[tuple[str, Memory]]]]:
        values: dict[str, dict[str, list[tuple[str, Memory]]]] = {}
        for session, before, after in self._active():
            if after.key and is_new_claim(before, after):
                values.setdefault(after.key, {}).setdefault(session, []).append((claim_hash(after), after))
        return values

    def _active(self) -> Iterator[tuple[str, Memory | None, Memory]]:
        """(session, the memory before, the memory after) of each active candidate."""
        for session in self._sessions.all():
            for candidate in self._sessions.candidates(session) if session.name != self._session else ():
                if candidate.after and candidate.after.status == "active":
                    yield session.name, candidate.before, candidate.after

    @cached_property
    def _rejections(self) -> Mapping[str, RejectedClaim]:
        """{claim, or text of a claim: the newest rejection}; a text that was rejected without a key has that one."""
        every = [each for session in self._sessions.all(ended=True) for each in session.rejected_claims]
        rejections = sorted(every, key=lambda each: (each.at, each.session))
        return {text_part(each.claim): each for each in rejections} | {each.claim: each for each in rejections}
