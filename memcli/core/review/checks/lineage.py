"""Checks of what leaves use for another memory: that one has to know of it, and nothing may have come in between."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.core.finding import BLOCK, Finding
from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import Candidate, normalised_body
from memcli.core.review.checks.context import ProposedStore, cited


def lineage(candidate: Candidate, after: Memory, proposed: ProposedStore) -> Iterator[Finding]:
    """Findings about a memory that another one without its key takes the place of; timelines are arranged by others."""
    before = candidate.before
    if after.status != "superseded" or before is None or before.status != "active" or after.key:
        return
    heir = proposed.memory(after.superseded_by or "")
    if heir is None or not {after.id} & {*heir.merged_from, *heir.supersedes}:
        message = (
            f"{cited(heir) if heir else 'what'} takes its place, but does not say so here: its words would be lost"
        )
        yield Finding("orphaned", BLOCK, after.id, message, "promote both together, or reject both")
    now = proposed.in_store(after.id)
    if now is not None and normalised_body(now.body) != normalised_body(before.body):
        step = f"`mem show {short(after.id)}`, then reject this one; the next dream looks again"
        yield Finding("overtaken", BLOCK, after.id, "was edited since, and the edit would go out of use with it", step)
