"""The line above the inbox: how much waits, what needs attention, and what is decided so far."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from memcli.cli.views.quantities import quantity
from memcli.operations.review.pending_decisions import ACCEPT, REJECT
from memcli.tui.inbox_row import InboxRow
from memcli.tui.marks import Marks
from memcli.tui.safe_content import ACCEPTED, BOLD, DIM, NOTED, REFUSED, safe


def inbox_status(
    rows: Sequence[InboxRow], shown: Sequence[InboxRow], marks: Marks, is_judged: bool, questions: int
) -> Content:
    """The line; `shown`: what the filter has left, `questions`: how many are open."""
    attention = sum(row.severity is not None for row in rows)
    accepted, rejected = (len(marks.marked(rows, verdict)) for verdict in (ACCEPT, REJECT))
    parts = [safe(f"mem  {len(rows)} waiting", BOLD)]
    parts += [safe(f"{attention} need attention", NOTED)] if attention else []
    parts += [safe(f"{quantity(questions, 'question')} (o)", NOTED)] if questions else []
    parts += [] if is_judged else [safe("checking…", DIM)]
    parts += [safe(f"{len(shown)} shown", DIM)] if len(shown) != len(rows) else []
    parts += [safe(f"✓ {accepted}", ACCEPTED)] if accepted else []
    parts += [safe(f"✗ {rejected}", REFUSED)] if rejected else []
    return safe(" · ", DIM).join(parts)
