"""What git said of anchors at a commit of the code, remembered: the same question has the same answer for ever.

It is no part of the index's rows, nor of their digest. Only the last few commits' answers are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from memcli.core.memory.staleness import AnchorStatus, RecordedAnchor

if TYPE_CHECKING:
    import sqlite3

HEADS = 8
"""Commits whose answers are kept: a few worktrees, and the way back from a branch."""
_ASKED = "head = ? AND path = ? AND blob = ? AND verified = ? AND written = ?"


def cached_statuses(
    connection: sqlite3.Connection, head: str, claims: Iterable[RecordedAnchor]
) -> dict[RecordedAnchor, AnchorStatus]:
    """Those of the claims that were looked at in that commit."""
    statement = f"SELECT earlier, present, moved_to, moved FROM anchor_statuses WHERE {_ASKED}"
    rows = ((claim, connection.execute(statement, _place(head, claim)).fetchone()) for claim in claims)
    return {claim: AnchorStatus(tuple(row[0].split()), *row[1:]) for claim, row in rows if row}


def cache_statuses(connection: sqlite3.Connection, head: str, statuses: Mapping[RecordedAnchor, AnchorStatus]) -> None:
    """Remember what was seen, inside the caller's transaction."""
    rows = [(*_place(head, claim), " ".join(seen.earlier), *seen[1:]) for claim, seen in statuses.items()]
    connection.executemany("INSERT OR REPLACE INTO anchor_statuses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.execute(
        "DELETE FROM anchor_statuses WHERE head NOT IN"
        " (SELECT head FROM anchor_statuses GROUP BY head ORDER BY max(rowid) DESC LIMIT ?)",
        (HEADS,),
    )


def _place(head: str, claim: RecordedAnchor) -> tuple[str, str, str, str, str]:
    return head, claim.path, claim.blob or "", claim.verified or "", claim.written or ""
