"""Findings: what the checks report about a candidate; values, never exceptions, so that the user sees all at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

BLOCK, WARN, INFO = "block", "warn", "info"
SEVERITIES = (BLOCK, WARN, INFO)


@dataclass(frozen=True)
class Finding:
    """What the check named `check` reports about memory `id` (empty while it has none), and the next step."""

    check: str
    severity: str
    id: str
    message: str
    next: str = ""


class Problem(NamedTuple):
    """What a check's function yields: the message, the next step, and where it is not the check's own severity or not
    the memory that is looked at."""

    message: str
    next: str
    severity: str = ""
    id: str = ""


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that refuse a write or a promotion."""
    return [finding for finding in findings if finding.severity == BLOCK]


def findings_text(findings: Iterable[Finding]) -> str:
    """`check: message` of each finding, once where several say the same."""
    return "; ".join(dict.fromkeys(f"{finding.check}: {finding.message}" for finding in findings))
