"""The result of `mem reject`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import typer

from memcli.cli.options import Call
from memcli.cli.views.findings import finding_data, finding_lines
from memcli.cli.views.output import emit, note, printable
from memcli.core.memory.identity import short
from memcli.operations.review.decisions import Decided, Rejected


def show_rejected(call: Call, rejected: Rejected) -> None:
    """Print the rejected candidates of one session."""
    show_rejections(call, Decided(None, "", (), (rejected,)))


def show_rejections(call: Call, decided: Decided, dry_run: bool = False) -> None:
    """Print the candidates that were (or would be) rejected, and which sessions have ended."""
    sessions = [_session_data(rejected) for rejected in decided.rejected]
    data = dict(sessions[0]) if len(sessions) == 1 else _together(decided.rejected)
    data |= {"op": decided.op, "dry_run": dry_run, "sessions": sessions}
    emit(call, "reject", data, lambda: "\n".join(_rejected_lines(decided.rejected, dry_run)))
    if decided.op:
        note(call, "'mem undo' undoes this")


def show_to_reject(decided: Decided) -> None:
    """Print on stderr what would be rejected, for the question that follows."""
    typer.echo("\n".join(_rejected_lines(decided.rejected, dry_run=True)), err=True)


def show_nothing_rejected(call: Call) -> None:
    """Print that nothing is rejected."""
    data = _together(()) | {"op": None, "dry_run": False, "sessions": []}
    emit(call, "reject", data, lambda: "nothing to reject: nothing awaits review")


def _session_data(rejected: Rejected) -> dict[str, Any]:
    return {"session": rejected.session, "rejected": [candidate.id for candidate in rejected.rejected],
            "reason": rejected.reason, "ended": rejected.ended,
            "findings": [finding_data(finding) for finding in rejected.findings]}  # fmt: skip


def _together(several: Sequence[Rejected]) -> dict[str, Any]:
    """The fields of one rejection for several."""
    parts = [_session_data(rejected) for rejected in several]
    return {"session": None, "rejected": [id for part in parts for id in part["rejected"]],
            "reason": "; ".join(dict.fromkeys(part["reason"] for part in parts)),
            "ended": bool(parts) and all(part["ended"] for part in parts),
            "findings": [finding for part in parts for finding in part["findings"]]}  # fmt: skip


def _rejected_lines(several: Sequence[Rejected], dry_run: bool) -> Iterator[str]:
    verb, is_one = "would reject" if dry_run else "rejected", len(several) == 1
    if not is_one:
        yield f"{verb} {sum(len(session.rejected) for session in several)} candidates of {len(several)} sessions"
    for rejected in several:
        if not is_one:
            yield printable(f"{rejected.session}, {len(rejected.rejected)}")
        start = f"{verb} " if is_one else "  "
        yield from (printable(f"{start}{short(candidate.id)}  {candidate.title}") for candidate in rejected.rejected)
        if rejected.ended:
            yield f"{rejected.session} would end" if dry_run else f"{rejected.session} has ended"
        yield from finding_lines(rejected.findings)
