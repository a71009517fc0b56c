"""What a check says about a candidate: a value, never an exception, so that the user sees all of it at once."""

from __future__ import annotations

from dataclasses import dataclass

BLOCK, WARN, INFO = "block", "warn", "info"
SEVERITIES = (BLOCK, WARN, INFO)


@dataclass(frozen=True)
class Finding:
    """One remark of the check named `check` about memory `id` (empty while it has none) and the next step."""

    check: str
    severity: str
    id: str
    message: str
    next: str = ""


def blocking(findings: list[Finding]) -> list[Finding]:
    """The findings that refuse a write or a promotion."""
    return [finding for finding in findings if finding.severity == BLOCK]
