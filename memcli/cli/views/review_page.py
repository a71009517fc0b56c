"""A session as a pull request page: who proposes what, the verdict, the findings, a diff per memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from memcli.cli.options import Call
from memcli.cli.views.candidate_diff import candidate_diff
from memcli.cli.views.dream_report import dream_data, dream_lines
from memcli.cli.views.findings import finding_data, finding_lines
from memcli.cli.views.merges import conflict_data, conflict_lines, merge_lines, merged_data, other_lines
from memcli.cli.views.output import emit, note, print_result, printable
from memcli.cli.views.terminal import coloured_diff, show_diff, show_paged
from memcli.core.review.candidates import Candidate
from memcli.core.review.verdict import BLOCKED
from memcli.operations.review.gate import Review

if TYPE_CHECKING:
    from memcli.operations.dream.start_resume import DreamResult

_SIGNS = {"added": "+", "retired": "-"}
_VERDICTS = {
    "empty": ("nothing to promote", None),
    "blocked": ("blocked; fix the blocking findings first", "red"),
    "person": ("requires approval by a person", "yellow"),
    "promotable": ("can be promoted", "green"),
}
_NONE: dict[str, Any] = {"session": None, "base": None, "tip": None, "result": None, "verdict": "empty",
                         "candidates": [], "findings": []}  # fmt: skip


def show_review(call: Call, review: Review, dream: DreamResult | None = None) -> None:
    """Print the page, its diffs through the pager at a terminal; `dream`: what the session says where it is one."""
    if call.flags.json:
        emit(call, "review", review_data(review) | {"dream": dream_data(dream) if dream else None}, str)
        return
    print_result("\n".join(page_head(call, review)))
    if dream:
        print_result("\n".join(["", *dream_lines(dream)]))
    if review.candidates:
        show_paged(call, "\n" + _diffs(review))
        note(call, f"next: {_next_step(review)}")


def show_nothing_waiting(call: Call) -> None:
    """Print that no session awaits review."""
    emit(call, "review", _NONE, lambda: "nothing awaits review")


def review_data(review: Review) -> dict[str, Any]:
    """A review as the JSON contract has it."""
    session = review.session
    return {
        "session": session.name, "base": session.base, "tip": session.tip,
        "result": review.result, "main": review.merge.main, "verdict": review.verdict,
        "candidates": list(map(_candidate_data, review.candidates)),
        "findings": [finding_data(finding) for finding in review.findings],
        "merged": merged_data(review), "also": list(map(_candidate_data, review.merge.others)),
        "left": [candidate.id for candidate in review.left],
        "rejected": [{"id": candidate.id, "title": candidate.title} for candidate in review.rejected],
        "agent": session.agent, "task": session.task,
    }  # fmt: skip


def _candidate_data(candidate: Candidate) -> dict[str, Any]:
    return {"id": candidate.id, "change": candidate.change, "title": candidate.title, "path": candidate.path,
            "diff": candidate.diff, **conflict_data(candidate)}  # fmt: skip


def page_head(call: Call, review: Review) -> Iterator[str]:
    """Who proposes what, the verdict, the findings by candidate."""
    session = review.session
    title = printable(f"{session.name}: {session.task.splitlines()[0]}" if session.task else session.name)
    yield typer.style(title, bold=True) if call.color else title
    author, counts = session.agent or session.author, _counts(review) or "no candidates"
    yield printable(f"by {author}, on {session.base[:10]}, tip {session.tip[:10]}: {counts}")
    yield f"result {review.result[:10]}, merged into {review.merge.main[:10]}"
    yield f"verdict: {verdict_text(call, review)}"
    if session.opinion:
        yield printable(f"the reviewer says: {session.opinion}")
    for candidate in review.candidates:
        sign = _SIGNS.get(candidate.change, "~")
        yield printable(f"\n{sign} {candidate.title}  ({candidate.id[-6:]}, {candidate.path})")
        yield from (f"  {line}" for line in (*merge_lines(review, candidate), *conflict_lines(candidate)))
        yield from finding_lines(finding for finding in review.findings if finding.id == candidate.id)
    if review.merge.others:
        yield "\nchanged with them:"
        yield from other_lines(review)
    ids = {candidate.id for candidate in review.candidates}
    yield from finding_lines(finding for finding in review.findings if finding.id not in ids)
    yield from (printable(f"rejected before: {one.title} ({one.id[-6:]})") for one in review.rejected)


def _counts(review: Review) -> str:
    changes = [candidate.change for candidate in review.candidates]
    kinds = ("added", "changed", "retired", "policy")
    return ", ".join(f"{changes.count(kind)} {kind}" for kind in kinds if kind in changes)


def verdict_text(call: Call, review: Review) -> str:
    """The verdict in words, coloured where the call wants colour."""
    text, colour = _VERDICTS[review.verdict]
    return typer.style(text, fg=colour) if call.color and colour else text


def short_verdict(review: Review) -> str:
    """The verdict in a few words."""
    return _VERDICTS[review.verdict][0].partition(";")[0]


def _next_step(review: Review) -> str:
    name = review.session.name
    if review.verdict == BLOCKED:
        others = f"or promote the others with 'mem promote {name} --only ID'"
        return f"fix the blocked candidates, reject them with 'mem reject {name} ID', {others}"
    only = "".join(f" --only {candidate.id[-6:]}" for candidate in review.chosen) if review.left else ""
    expect = f"'mem promote {name}{only} --expect {review.result[:10]}'"
    return f"{expect}, or 'mem review {name} -p' to decide one by one"


def _diffs(review: Review) -> str:
    return "\n\n".join(map(candidate_diff, review.candidates))


def show_for_approval(call: Call, review: Review) -> None:
    """Print the page on stderr, for the question that follows."""
    typer.echo("\n".join(page_head(call, review)), err=True)
    diffs = _diffs(review)
    typer.echo("\n" + (coloured_diff(diffs) if call.color else printable(diffs)) + "\n", err=True)


def show_candidate(call: Call, review: Review, candidate: Candidate, position: str) -> None:
    """Print one candidate with its diff and findings, for the question that follows."""
    typer.echo(printable(f"\n{position} {candidate.title}"))
    show_diff(call, candidate_diff(candidate))
    for line in (*merge_lines(review, candidate), *conflict_lines(candidate)):
        typer.echo(f"  {line}")
    for line in finding_lines(finding for finding in review.findings if finding.id == candidate.id):
        typer.echo(line)
