"""The order in which a person is asked about candidates."""

from __future__ import annotations

from collections.abc import Iterable

from memcli.core.review.waiting_candidate import WaitingCandidate


def in_order(candidates: Iterable[WaitingCandidate]) -> list[WaitingCandidate]:
    """The order of asking: what needs attention first, those that a finding compares beside each other, then by topic
    and age."""
    waiting = sorted(candidates, key=lambda each: (each.topic, each.session, each.id))
    ordered: list[WaitingCandidate] = []
    for group in (
        [each for each in waiting if each.is_blocked],
        [each for each in waiting if not each.is_blocked and not each.is_clean],
        [each for each in waiting if each.is_clean],
    ):
        for each in group:
            others = {other for finding in each.findings for other in finding.with_ids}
            ordered += [each, *(other for other in group if other.id in others)] if each not in ordered else []
    return list({(each.session, each.id): each for each in ordered}.values())
