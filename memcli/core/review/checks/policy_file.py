"""The check of the policy as a candidate: readable, free of credentials, and changed by persons only."""

from __future__ import annotations

from memcli.core.finding import BLOCK, WARN, Finding
from memcli.core.review.candidates import Candidate
from memcli.core.review.checks.form import escapes
from memcli.core.review.policy import examine
from memcli.core.review.secrets import secret_findings


def policy_findings(candidate: Candidate, agent: bool) -> list[Finding]:
    """What is wrong with a changed policy; an unreadable one would mean the defaults, so it blocks."""
    reading = examine(candidate.new_text)
    step = "correct it with `mem policy edit`"
    findings = [*secret_findings(candidate.new_text, candidate.id), *escapes(candidate)]
    findings += [Finding("schema", BLOCK, candidate.id, error, step) for error in reading.errors]
    findings += [Finding("schema", WARN, candidate.id, note, step) for note in reading.notes]
    if agent:
        step = "leave policy.yaml as it is and tell a person what should change"
        findings.append(Finding("read-only", BLOCK, candidate.id, "the policy is changed by persons only", step))
    return findings
