"""The result of `mem check`: the verdict and findings of each session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from memcli.cli.options import Call
from memcli.cli.views.findings import finding_lines
from memcli.cli.views.output import emit, printable
from memcli.cli.views.quantities import quantity
from memcli.cli.views.review_data import review_data
from memcli.cli.views.review_page import short_verdict
from memcli.operations.review.gate import Review


def show_checks(call: Call, reviews: Sequence[Review]) -> None:
    """Print the verdict and findings of each session, for `mem check`."""
    sessions = [review_data(review) for review in reviews]
    data = {"sessions": [{key: value for key, value in session.items() if key != "task"} for session in sessions]}
    lines = [line for review in reviews for line in _check_lines(review)]
    emit(call, "check", data, lambda: "\n".join(lines) or "nothing awaits review")


def _check_lines(review: Review) -> Iterator[str]:
    count = quantity(len(review.candidates), "candidate")
    yield printable(f"{review.session.name}: {short_verdict(review)}, {count}")
    yield from finding_lines(review.findings)
