"""The head of a pull request page: who proposes what, the verdict, the findings by candidate."""

from __future__ import annotations

import typer

from memcli.cli.options import Call
from memcli.cli.views.output import finding_lines, printable
from memcli.operations.review.gate import Review

_SIGNS = {"added": "+", "retired": "-"}


def summary(this: Call, found: Review) -> list[str]:
    """Who proposes what, the verdict, the findings by candidate."""
    one = found.session
    title = printable(f"{one.name}: {one.task.splitlines()[0]}" if one.task else one.name)
    counts = ", ".join(
        f"{n} {word}" for word in ("added", "changed", "retired", "policy") if (n := _count(found, word))
    )
    lines = [typer.style(title, bold=True) if this.color else title]
    lines.append(
        printable(f"by {one.agent or one.author}, on {one.base[:10]}, tip {one.tip[:10]}: {counts or 'no candidates'}")
    )
    lines.append(f"verdict: {verdict_words(this, found)}")
    lines += [printable(f"the reviewer says: {one.opinion}")] if one.opinion else []
    for candidate in found.candidates:
        lines += [
            "",
            printable(
                f"{_SIGNS.get(candidate.change, '~')} {candidate.title}  ({candidate.id[-6:]}, {candidate.path})"
            ),
        ]
        lines += finding_lines([each for each in found.findings if each.id == candidate.id])
    rest = [each for each in found.findings if each.id not in {candidate.id for candidate in found.candidates}]
    lines += finding_lines(rest)
    lines += [printable(f"rejected before: {each.title} ({each.id[-6:]})") for each in found.rejected]
    return lines


def _count(found: Review, change: str) -> int:
    return sum(1 for one in found.candidates if one.change == change)


_VERDICTS = {
    "empty": ("nothing to promote", None),
    "blocked": ("blocked: a finding refuses it", "red"),
    "person": ("a person decides", "yellow"),
    "promotable": ("can be promoted", "green"),
}


def verdict_words(this: Call, found: Review) -> str:
    words, colour = _VERDICTS[found.verdict]
    return typer.style(words, fg=colour) if this.color and colour else words
