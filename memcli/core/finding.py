"""Findings: what the checks report about a candidate; values, never exceptions, so that the user sees all at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

BLOCK, WARN, INFO = "block", "warn", "info"
SEVERITIES = (BLOCK, WARN, INFO)


@dataclass(frozen=True)
class Finding:
    """What the check named `check` reports about memory `id` (empty while it has none), and the next step; `with_ids`:
    the other memories that it is about."""

    check: str
    severity: str
    id: str
    message: str
    next: str = ""
    with_ids: tuple[str, ...] = ()


class Problem(NamedTuple):
    """What a check's function yields: the message, the next step, where they differ from the check's own severity and
    the memory that is looked at those, and the other memories that it is about."""

    message: str
    next: str
    severity: str = ""
    id: str = ""
    with_ids: tuple[str, ...] = ()


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that refuse a write or a promotion."""
    return [finding for finding in findings if finding.severity == BLOCK]


def findings_text(findings: Iterable[Finding]) -> str:
    """`check: message` of each finding, once where several say the same."""
    return "; ".join(dict.fromkeys(f"{finding.check}: {finding.message}" for finding in findings))
