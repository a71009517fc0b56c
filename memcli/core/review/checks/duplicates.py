"""Checks against what is known already: duplicate, near-duplicate and contradiction."""

from __future__ import annotations

from memcli.core.finding import BLOCK, WARN, Finding
from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import Candidate
from memcli.core.review.checks.context import ProposedStore, cited, memory_text, says_news
from memcli.core.review.secrets import find_secrets
from memcli.core.text.claim_differences import ClaimDifference, claim_differences
from memcli.core.text.first_few import first_few
from memcli.core.text.similarity import is_near_duplicate


def duplicates(candidate: Candidate, after: Memory, proposed: ProposedStore) -> list[Finding]:
    """The memories, in the store or this session, that say word for word the same under the same kind and key."""
    if not says_news(candidate, after):
        return []
    return [
        Finding(
            "duplicate",
            BLOCK,
            after.id,
            f"says the same as {cited(other)}",
            f"read `mem show {short(other.id)}` and improve that one, or leave this one out of the promotion",
        )
        for other in proposed.same_content(after)
    ]


def twin_findings(candidate: Candidate, after: Memory, proposed: ProposedStore) -> list[Finding]:
    """The memories that say much the same: with other claims a contradiction, else a near-duplicate."""
    if not says_news(candidate, after):
        return []
    same = {other.id for other in proposed.same_content(after)}
    found = (_twin(after, other, proposed) for other in proposed.similar(after) if other.id not in same)
    return [finding for finding in found if finding]


def _twin(after: Memory, other: Memory, proposed: ProposedStore) -> Finding | None:
    if proposed.proposes(other.id) and proposed.proposes(after.id) and other.id > after.id:
        return None  # of two candidates that are twins, the later one is told of the earlier
    if _related(after, other) or not is_near_duplicate(proposed.words(after), proposed.words(other)):
        return None
    differences = claim_differences(memory_text(after), memory_text(other))
    if differences:
        return _contradiction(after, other, differences) if _of_one_matter(after, other) else None
    step = (
        f"compare with `mem show {short(other.id)}`; if it says the same, improve it with `mem edit {short(other.id)}`"
    )
    return Finding("near-duplicate", WARN, after.id, f"says nearly the same as {cited(other)}", step)


def _contradiction(after: Memory, other: Memory, differences: tuple[ClaimDifference, ...]) -> Finding:
    told = "a claim" if find_secrets(memory_text(other)) else first_few(map(str, differences), separator="; ")
    step = (
        f"compare with `mem show {short(other.id)}`; if this one replaces it, record that with "
        f"`mem supersede {short(other.id)}`"
    )
    return Finding("contradiction", WARN, after.id, f"{told}: differs from {cited(other)}", step)


def _related(after: Memory, other: Memory) -> bool:
    """Whether the two are one timeline or lineage already: then their order says which holds."""
    if after.key is not None and after.key == other.key:
        return True
    mine = {*after.supersedes, *after.merged_from, after.superseded_by}
    theirs = {*other.supersedes, *other.merged_from, other.superseded_by}
    return other.id in mine or after.id in theirs


def _of_one_matter(after: Memory, other: Memory) -> bool:
    """Whether other claims contradict: not between two keys, two events, or times that do not meet."""
    if (after.key and other.key) or "episodic" in (after.kind, other.kind):
        return False
    apart = (after.valid_to and after.valid_to <= other.starts) or (other.valid_to and other.valid_to <= after.starts)
    return not apart
