"""The verdict: what the gate makes of a session's candidates, their findings and the policy.

Nobody approves its own session: an agent's candidates are `promotable` only where the policy hands them to a reviewer
who has spoken, or to the checks alone. The policy itself is for persons, whatever it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from memcli.core.finding import BLOCK, WARN, Finding
from memcli.core.memory.memory import Memory, strength
from memcli.core.review.candidates import POLICY, RETIRED, Candidate, content_hash
from memcli.core.review.checks.check_registry import FIXED
from memcli.core.review.policy import Policy
from memcli.core.review.policy_keys import AUTO, REVIEWER

EMPTY, BLOCKED, BY_PERSON, PROMOTABLE = "empty", "blocked", "person", "promotable"


def review_verdict(
    candidates: Sequence[Candidate],
    findings: Iterable[Finding],
    policy: Policy,
    agent_session: bool,
    reviewed: bool = False,
) -> str:
    """`empty`, `blocked`, `person` or `promotable`; overrides are applied already, `reviewed`: a reviewer agreed."""
    findings = list(findings)
    severities = {finding.severity for finding in findings}
    rules = any(candidate.change == POLICY for candidate in candidates)
    if not candidates:
        return EMPTY
    if BLOCK in severities or (rules and agent_session):
        return BLOCKED
    if WARN in severities or rules:
        return BY_PERSON
    if agent_session and _asks_for_person(candidates, findings, policy, reviewed):
        return BY_PERSON
    return PROMOTABLE


def _asks_for_person(
    candidates: Sequence[Candidate], findings: Sequence[Finding], policy: Policy, reviewed: bool
) -> bool:
    """Whether the policy leaves an agent's session without warnings to a person."""
    if policy.promote not in (REVIEWER, AUTO) or (policy.promote == REVIEWER and not reviewed):
        return True
    owned = any(memory.topic in policy.owners for candidate in candidates for memory in _sides(candidate))
    weaker = any(finding.check == "key-conflict" for finding in findings)
    return owned or weaker or displaces_stronger(candidates)


def _sides(candidate: Candidate) -> tuple[Memory, ...]:
    return tuple(memory for memory in (candidate.before, candidate.after) if memory)


def displaces_stronger(candidates: Sequence[Candidate]) -> bool:
    """Whether an agent's candidates retire, supersede or rewrite what rests on stronger evidence than they do.

    Retiring rests on the agent's inference alone; so does rewriting what a person stated.
    """
    added = {candidate.id: candidate.after for candidate in candidates if candidate.after}
    return any(_displaces(candidate, added) for candidate in candidates)


def _displaces(candidate: Candidate, added: dict[str, Memory]) -> bool:
    before, after = candidate.before, candidate.after
    if before is None or before.status != "active":
        return False
    if candidate.change == RETIRED or after is None:
        return strength(before) > strength(None)
    if after.status == "superseded":
        return strength(before) > strength(added.get(after.superseded_by or ""))
    if content_hash(before) == content_hash(after):
        return False
    return strength(before) > strength(None if after.evidence == "human" else after)


def apply_overrides(findings: Iterable[Finding], policy: Policy) -> list[Finding]:
    """The findings with the policy's severities; the checks in `FIXED` keep their own."""
    return [
        replace(finding, severity=policy.checks.get(finding.check, finding.severity))
        if finding.check not in FIXED
        else finding
        for finding in findings
    ]
