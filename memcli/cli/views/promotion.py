"""The result of `mem promote`."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.cli.options import Call
from memcli.cli.views.findings import finding_data, finding_lines
from memcli.cli.views.output import emit, note, printable
from memcli.core.finding import WARN
from memcli.operations.review.promote import Promoted


def show_promoted(call: Call, promoted: Promoted, dry_run: bool = False) -> None:
    """Print what was (or would be) promoted."""
    data = {
        "session": promoted.session, "commit": None if dry_run else promoted.commit, "parents": list(promoted.parents),
        "promoted": [candidate.id for candidate in promoted.promoted],
        "left": [candidate.id for candidate in promoted.left], "review": promoted.reviewer, "ended": promoted.ended,
        "dry_run": dry_run, "findings": [finding_data(finding) for finding in promoted.review.findings],
    }  # fmt: skip
    emit(call, "promote", data, lambda: "\n".join(_promoted_lines(promoted, dry_run)), promoted.warnings)
    if promoted.commit and not dry_run:
        note(call, "'mem undo' undoes this")


def _promoted_lines(promoted: Promoted, dry_run: bool) -> Iterator[str]:
    if promoted.commit is None:
        yield f"nothing to promote in {promoted.session}"
        return
    verb = "would promote" if dry_run else "promoted"
    yield f"{verb} {len(promoted.promoted)} of {promoted.session}: {promoted.commit[:10]}"
    for candidate in promoted.promoted:
        yield printable(f"  {candidate.change:<8} {candidate.id[-6:]}  {candidate.title}")
    yield from finding_lines(finding for finding in promoted.review.findings if finding.severity == WARN)
    if promoted.left:
        yield f"{len(promoted.left)} left in {promoted.session}"


def show_ended(call: Call, session: str) -> None:
    """Print that a session has ended and leaves nothing to promote."""
    data: dict[str, object] = {"session": session, "commit": None, "parents": [], "promoted": [], "left": [],
                               "review": ""}  # fmt: skip
    emit(call, "promote", data, lambda: f"nothing to promote: {session} has ended")
