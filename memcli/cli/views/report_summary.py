"""The result of `mem report`: where the page is, and its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memcli.cli.options import Call
from memcli.cli.page_place import shown_place
from memcli.cli.views.output import emit, note, printable
from memcli.cli.views.quantities import quantity

if TYPE_CHECKING:
    from memcli.operations.report.contributors import Contributor
    from memcli.operations.report.store_report import StoreReport


@dataclass(frozen=True)
class WrittenPage:
    """A page that was written; `is_opened`: a browser was started, None where nobody asked for one."""

    file: Path
    size: int
    is_opened: bool | None


def show_report(call: Call, report: StoreReport, page: WrittenPage) -> None:
    """Print the path on stdout, and what the page tells beside it."""
    data = {
        "path": str(page.file.resolve()), "bytes": page.size, "opened": bool(page.is_opened), "commit": report.commit,
        "since": report.since, "memories": len(report.memories), "active": len(report.active),
        "learned": len(report.news), "questions": len(report.questions), "stale": len(report.doubtful),
        "waiting": len(report.waiting), "hidden": report.hidden, "unreadable": len(report.unreadable),
        "authors": list(map(_author_data, report.contributors)),
    }  # fmt: skip
    emit(call, "report", data, lambda: printable(shown_place(page.file)), report.warnings)
    note(call, ", ".join(_facts(report)))
    if page.is_opened is False:
        note(call, "no browser was found here; open the file in one")


def _author_data(contributor: Contributor) -> dict[str, Any]:
    counts = contributor.counts
    return {"name": contributor.name, "agent": contributor.is_agent, "learned": contributor.learned,
            "proposed": counts.proposed, "accepted": counts.accepted, "rejected": counts.rejected,
            "waiting": counts.waiting}  # fmt: skip


def _facts(report: StoreReport) -> Iterator[str]:
    yield f"{quantity(len(report.active), 'memory', 'memories')} in use"
    yield f"{len(report.news):,} added or changed lately" if report.news else "nothing new"
    yield quantity(len(report.questions), "open question") if report.questions else "no open questions"
    if report.unreadable:
        yield f"{quantity(len(report.unreadable), 'file')} that cannot be read"
