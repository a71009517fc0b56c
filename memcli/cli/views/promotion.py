"""The result of `mem promote`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import typer

from memcli.cli.options import Call
from memcli.cli.views.findings import finding_data, finding_lines
from memcli.cli.views.merges import merge_lines, merged_data, other_lines
from memcli.cli.views.output import emit, note, printable
from memcli.core.finding import INFO, WARN, Finding
from memcli.core.memory.identity import short
from memcli.core.text.first_few import first_few
from memcli.operations.review.decisions import CandidateRef, Decided, Promoted

_SHOWN = 20
"""Candidates of a session that are listed at most, where several sessions are."""


def show_promoted(call: Call, promoted: Promoted, dry_run: bool = False) -> None:
    """Print what was (or would be) promoted of one session."""
    show_decided(call, Decided(None, promoted.review.result, (promoted,), ()), dry_run)


def show_decided(call: Call, decided: Decided, dry_run: bool = False) -> None:
    """Print what was (or would be) promoted, session by session."""
    sessions = [_session_data(promoted) | {"dry_run": dry_run} for promoted in decided.promoted]
    data = dict(sessions[0]) if len(sessions) == 1 else _together(decided.promoted) | {"dry_run": dry_run}
    data |= {"op": decided.op, "skipped": [vars(ref) for ref in decided.skipped], "sessions": sessions}
    warnings = list(dict.fromkeys(warning for promoted in decided.promoted for warning in promoted.warnings))
    emit(call, "promote", data, lambda: "\n".join(_decided_lines(decided)), warnings)
    if any(promoted.commit for promoted in decided.promoted):
        note(call, "'mem undo' undoes this")


def show_preview(decided: Decided) -> None:
    """Print on stderr what would land, for the question that follows."""
    typer.echo("\n".join(_decided_lines(decided)), err=True)


def show_nothing_promoted(call: Call, reason: str) -> None:
    """Print why nothing is promoted."""
    data = _together(()) | {"op": None, "skipped": [], "sessions": []}
    emit(call, "promote", data, lambda: f"nothing to promote: {reason}")


def show_ended(call: Call, session: str) -> None:
    """Print that a session has ended and leaves nothing to promote."""
    data: dict[str, object] = {"session": session, "commit": None, "parents": [], "promoted": [], "left": [],
                               "review": ""}  # fmt: skip
    emit(call, "promote", data, lambda: f"nothing to promote: {session} has ended")


def _session_data(promoted: Promoted) -> dict[str, Any]:
    return {
        "session": promoted.session, "commit": promoted.commit, "parents": list(promoted.parents),
        "result": promoted.review.result, "merged": merged_data(promoted.review),
        "also": [candidate.id for candidate in promoted.review.merge.others],
        "promoted": [candidate.id for candidate in promoted.promoted],
        "left": [candidate.id for candidate in promoted.left], "review": promoted.reviewer, "ended": promoted.ended,
        "findings": [finding_data(finding) for finding in promoted.review.findings],
    }  # fmt: skip


def _together(several: Sequence[Promoted]) -> dict[str, Any]:
    """The fields of one promotion for several: the commit is the last one, which holds what all of them made."""
    parts = [_session_data(promoted) for promoted in several]
    last: dict[str, Any] = next((part for part in reversed(parts) if part["commit"]), {"commit": None, "parents": []})
    lists = {name: [item for part in parts for item in part[name]]
             for name in ("merged", "also", "promoted", "left", "findings")}  # fmt: skip
    return {
        "session": None, "commit": last["commit"], "parents": last["parents"],
        "result": parts[0]["result"] if parts else "", **lists,
        "review": "; ".join(dict.fromkeys(part["review"] for part in parts)),
        "ended": bool(parts) and all(part["ended"] for part in parts),
    }  # fmt: skip


def _decided_lines(decided: Decided) -> Iterator[str]:
    """What lands, session by session, with a line for all where there are several, and what stays since it must."""
    if len(decided.promoted) == 1:
        yield from _promoted_lines(decided.promoted[0])
    elif not decided.promoted:
        yield "nothing to promote: everything selected is blocked or has warnings"
    else:
        yield _sum_line(decided)
        for promoted in decided.promoted:
            yield from _several_lines(promoted)
    yield from _skipped_lines(decided.skipped)


def _sum_line(decided: Decided) -> str:
    count = sum(len(outcome.promoted) for outcome in decided.promoted)
    what = f"{count} candidates of {len(decided.promoted)} sessions"
    return f"promoted {what}" if decided.op else f"would promote {what}: result {decided.result[:10]}"


def _several_lines(promoted: Promoted) -> Iterator[str]:
    """A session among several: how many, and each with its findings."""
    agent = f" by {promoted.review.session.agent}" if promoted.review.session.agent else ""
    commit = f": {promoted.commit[:10]}" if promoted.commit else ""
    yield printable(f"{promoted.session}{agent}, {len(promoted.promoted)}{commit}{_left(promoted)}")
    shown = promoted.promoted[:_SHOWN]
    findings = [finding for finding in promoted.review.findings if finding.severity != INFO]
    for candidate in shown:
        yield printable(f"  {candidate.change:<8} {short(candidate.id)}  {candidate.title}")
        yield from (f"           {line}" for line in merge_lines(promoted.review, candidate))
    if len(promoted.promoted) > _SHOWN:
        yield f"  and {len(promoted.promoted) - _SHOWN} more"
    yield from other_lines(promoted.review)
    yield from finding_lines(findings[:_SHOWN])
    if len(findings) > _SHOWN:
        yield f"  and {len(findings) - _SHOWN} more findings"


def _left(promoted: Promoted) -> str:
    if promoted.left:
        return f" ({len(promoted.left)} left)"
    return "" if promoted.ended or not _unsaved(promoted) else " (stays open: not all of its files are saved)"


def _skipped_lines(skipped: Iterable[CandidateRef]) -> Iterator[str]:
    by_session: dict[str, list[str]] = {}
    for ref in skipped:
        by_session.setdefault(ref.session, []).append(short(ref.id))
    for session, ids in by_session.items():
        yield printable(f"left in {session}, blocked or with warnings: {first_few(ids, 10)}")


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
