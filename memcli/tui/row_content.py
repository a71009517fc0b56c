"""A row of the inbox as one line: its mark, the change, title, author, age and what was found."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from memcli.cli.views.quantities import time_ago
from memcli.core.finding import BLOCK, WARN
from memcli.operations.review.pending_decisions import ACCEPT, PendingDecision
from memcli.tui.inbox_row import InboxRow, RowGroup
from memcli.tui.safe_content import ACCEPTED, BOLD, DIM, NOTED, REFUSED, one_line_of, safe

_AUTHOR, _AGE, _BADGE = 11, 7, 7
_SIGN_STYLES = {"+": "$text-success", "-": "$text-error", "~": "$text-warning", "?": "$text-error"}
_BADGE_STYLES = {BLOCK: REFUSED, WARN: NOTED}


def row_line(row: InboxRow, mark: PendingDecision | None, width: int, now: datetime) -> Content:
    """The row within a width."""
    title_width = width - 4 - _AUTHOR - _AGE - _BADGE - 3
    line = [_mark(mark), safe(f"{row.sign} ", _SIGN_STYLES[row.sign])]
    line += [one_line_of(row.title, title_width, DIM if mark else ""), safe(" ")]
    line += [one_line_of(row.author, _AUTHOR, DIM), safe(" "), one_line_of(_age(row, now), _AGE, DIM)]
    line += [safe(" "), one_line_of(row.badge, _BADGE, _BADGE_STYLES.get(row.severity or "", DIM))]
    return safe("").join(line)


def _age(row: InboxRow, now: datetime) -> str:
    age = time_ago(row.waiting.updated, now) if row.waiting and row.waiting.updated else ""
    return age.removesuffix(" ago").removeprefix("just ")


def _mark(mark: PendingDecision | None) -> Content:
    if mark is None:
        return safe("  ")
    return safe("✓ ", ACCEPTED) if mark.verdict == ACCEPT else safe("✗ ", REFUSED)


def heading_line(group: RowGroup, decided: int, width: int) -> Content:
    """The heading above a group's rows, with how many of them are decided."""
    count = f"{decided}/{len(group.rows)}"
    return one_line_of(group.heading, width - len(count) + 1, BOLD) + safe(f" {count}", DIM)
