"""The check of timelines: a newer claim under a key supersedes the older one, which is normal; what is not is here."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.core.finding import WARN, Finding
from memcli.core.memory.identity import short
from memcli.core.memory.memory import EVIDENCE, Memory
from memcli.core.review.candidates import Candidate, normalised_body
from memcli.core.review.checks.context import ProposedStore, cited, says_news


def strength(memory: Memory | None) -> int:
    """How much a memory's evidence weighs: 0 for inference or none, 4 for code."""
    return len(EVIDENCE) - 1 - EVIDENCE.index((memory and memory.evidence) or "inference")


def key_conflicts(candidate: Candidate, after: Memory, proposed: ProposedStore, agent: bool) -> list[Finding]:
    """Two different claims with one start under a key, and stronger evidence superseded by weaker."""
    if not (says_news(candidate, after) or _restated(candidate, after)):
        return []
    return [*_one_start(after, proposed), *_weaker(candidate, after, proposed, agent)]


def _restated(candidate: Candidate, after: Memory) -> bool:
    """Whether the same words got another place on the timeline, or other evidence."""
    before = candidate.before
    return before is not None and (before.starts, before.evidence, before.supersedes) != (
        after.starts,
        after.evidence,
        after.supersedes,
    )


def _one_start(after: Memory, proposed: ProposedStore) -> Iterator[Finding]:
    for other in _timeline(after, proposed):
        if other.starts == after.starts and normalised_body(other.body) != normalised_body(after.body):
            message = f"{after.key}: {cited(other)} claims something else from the same time on"
            step = f"compare with `mem show {short(other.id)}` and give the later one its own valid_from"
            yield Finding("key-conflict", WARN, after.id, message, step)


def _weaker(candidate: Candidate, after: Memory, proposed: ProposedStore, agent: bool) -> Iterator[Finding]:
    """The memories that this one supersedes although they rest on stronger evidence."""
    earlier = [other for other in _timeline(after, proposed) if other.starts < after.starts]
    named = {id for id in after.supersedes if candidate.before is None or id not in candidate.before.supersedes}
    superseded = earlier[-1:] + [other for other in map(proposed.stored, sorted(named)) if other]
    for other in {other.id: other for other in superseded}.values():
        if strength(other) > _strength_now(candidate, after, agent):
            message = f"supersedes {cited(other)}, which rests on stronger evidence ({other.evidence})"
            step = f"confirm it against the code or a test and say so with `mem edit {short(after.id)}`"
            yield Finding("key-conflict", WARN, after.id, message, step)


def _timeline(after: Memory, proposed: ProposedStore) -> list[Memory]:
    """The other memories of the same key that hold or held, by start."""
    if after.key is None:
        return []
    others = (memory for memory in proposed.by_key(after.key) if memory.id != after.id)
    return sorted(
        (one for one in others if one.status in ("active", "superseded")), key=lambda one: (one.starts, one.id)
    )


def _strength_now(candidate: Candidate, after: Memory, agent: bool) -> int:
    """The strength of what is said now; a person's word that an agent wrote down is its own inference."""
    inherited = candidate.before is not None and candidate.before.evidence == "human"
    return strength(None) if agent and after.evidence == "human" and not inherited else strength(after)
