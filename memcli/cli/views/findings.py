"""Findings of checks, and the edits of a curator that were refused, as JSON and as lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from memcli.cli.views.output import printable

if TYPE_CHECKING:
    from memcli.core.curator.curator_edit import RefusedEdit
    from memcli.core.finding import Finding


def finding_data(finding: Finding) -> dict[str, Any]:
    """A finding as the JSON contract has it."""
    return {"check": finding.check, "severity": finding.severity, "id": finding.id, "message": finding.message,
            "next": finding.next, "with": list(finding.with_ids)}  # fmt: skip


def finding_lines(findings: Iterable[Finding]) -> list[str]:
    """Findings as lines: severity, check, id, message, and the next step below."""
    lines = []
    for finding in findings:
        suffix = f" {finding.id[-6:]}" if finding.id else ""
        lines.append(printable(f"  {finding.severity}: {finding.check}{suffix}: {finding.message}"))
        if finding.next:
            lines.append(printable(f"         {finding.next}"))
    return lines


def refusal_data(refusals: Sequence[RefusedEdit]) -> list[dict[str, Any]]:
    """The refused edits of a curator as the JSON contract has them."""
    return [{"edit": refusal.form, "id": refusal.id, "reason": refusal.reason} for refusal in refusals]
