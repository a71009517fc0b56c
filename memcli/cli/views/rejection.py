"""The result of `mem reject`."""

from __future__ import annotations

from memcli.cli.options import Call
from memcli.cli.views.findings import finding_data, finding_lines
from memcli.cli.views.output import emit, printable
from memcli.operations.review.decisions import Rejected


def show_rejected(call: Call, rejected: Rejected) -> None:
    """Print the rejected candidates, and whether their session has ended."""
    data = {"session": rejected.session, "rejected": [candidate.id for candidate in rejected.rejected],
            "reason": rejected.reason, "ended": rejected.ended,
            "findings": [finding_data(finding) for finding in rejected.findings]}  # fmt: skip
    lines = [printable(f"rejected {candidate.id[-6:]}  {candidate.title}") for candidate in rejected.rejected]
    lines += [f"{rejected.session} has ended"] if rejected.ended else []
    lines += finding_lines(rejected.findings)
    emit(call, "reject", data, lambda: "\n".join(lines))
