"""The order in which a person is asked about candidates."""

from __future__ import annotations

from collections.abc import Iterable

from memcli.core.review.waiting_candidate import WaitingCandidate


def in_order(candidates: Iterable[WaitingCandidate]) -> list[WaitingCandidate]:
    """The order of asking: what needs attention first, those that a finding compares beside each other, then by topic
    and age."""
    waiting = sorted(candidates, key=lambda candidate: (candidate.topic, candidate.session, candidate.id))
    ordered: list[WaitingCandidate] = []
    for group in (
        [candidate for candidate in waiting if candidate.is_blocked],
        [candidate for candidate in waiting if not candidate.is_blocked and not candidate.is_clean],
        [candidate for candidate in waiting if candidate.is_clean],
    ):
        for candidate in group:
            compared = {memory_id for finding in candidate.findings for memory_id in finding.with_ids}
            if candidate not in ordered:
                ordered += [candidate, *(other for other in group if other.id in compared)]
    return list({(candidate.session, candidate.id): candidate for candidate in ordered}.values())
