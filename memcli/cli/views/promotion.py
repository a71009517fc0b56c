"""The result of `mem promote`."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.cli.options import Call
from memcli.cli.views.findings import finding_data, finding_lines
from memcli.cli.views.merges import merge_lines, merged_data, other_lines
from memcli.cli.views.output import emit, note, printable
from memcli.core.finding import WARN, Finding
from memcli.operations.review.decisions import Promoted


def show_promoted(call: Call, promoted: Promoted, dry_run: bool = False) -> None:
    """Print what was (or would be) promoted."""
    data = {
        "session": promoted.session, "commit": promoted.commit, "parents": list(promoted.parents),
        "result": promoted.review.result, "merged": merged_data(promoted.review),
        "also": [candidate.id for candidate in promoted.review.merge.others],
        "promoted": [candidate.id for candidate in promoted.promoted],
        "left": [candidate.id for candidate in promoted.left], "review": promoted.reviewer, "ended": promoted.ended,
        "dry_run": dry_run, "findings": [finding_data(finding) for finding in promoted.review.findings],
    }  # fmt: skip
    emit(call, "promote", data, lambda: "\n".join(_promoted_lines(promoted)), promoted.warnings)
    if promoted.commit:
        note(call, "'mem undo' undoes this")


def _promoted_lines(promoted: Promoted) -> Iterator[str]:
    if not promoted.promoted:
        yield f"nothing to promote in {promoted.session}"
        yield from finding_lines(_unsaved(promoted))
        return
    count = f"{len(promoted.promoted)} of {promoted.session}"
    result = promoted.review.result[:10]
    yield f"promoted {count}: {promoted.commit[:10]}" if promoted.commit else f"would promote {count}: result {result}"
    for candidate in promoted.promoted:
        yield printable(f"  {candidate.change:<8} {candidate.id[-6:]}  {candidate.title}")
        yield from (f"           {line}" for line in merge_lines(promoted.review, candidate))
        if candidate.conflicts:
            yield f"           both sides stand until 'mem resolve {candidate.id[-6:]}'"
    yield from other_lines(promoted.review)
    yield from finding_lines(finding for finding in promoted.review.findings if finding.severity == WARN)
    if promoted.left:
        yield f"{len(promoted.left)} left in {promoted.session}"
    elif unsaved := _unsaved(promoted):
        yield f"{promoted.session} stays open: not all of its files are saved"
        yield from finding_lines(finding for finding in unsaved if finding.severity != WARN)


def _unsaved(promoted: Promoted) -> list[Finding]:
    return [finding for finding in promoted.review.findings if finding.check == "unsaved"]


def show_ended(call: Call, session: str) -> None:
    """Print that a session has ended and leaves nothing to promote."""
    data: dict[str, object] = {"session": session, "commit": None, "parents": [], "promoted": [], "left": [],
                               "review": ""}  # fmt: skip
    emit(call, "promote", data, lambda: f"nothing to promote: {session} has ended")
