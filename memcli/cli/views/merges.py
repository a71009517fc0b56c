"""What a promotion merges: how the store has changed a candidate's memory meanwhile, and the memories that follow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from memcli.cli.views.output import printable

if TYPE_CHECKING:
    from memcli.core.review.candidates import Candidate
    from memcli.operations.review.gate import Review

_ABSENT = "(nothing)"


def merged_data(review: Review) -> list[dict[str, Any]]:
    """The candidates that were merged with a later version of their memory, as the JSON contract has them."""
    return [
        {"id": candidate.id, "with": review.merge.main, "parts": list(candidate.merge.changed),
         "conflicts": [part.part for part in candidate.conflicts]}
        for candidate in review.candidates
        if candidate.merge
    ]  # fmt: skip


def conflict_data(candidate: Candidate) -> dict[str, Any]:
    """The three texts of a candidate in conflict, and those of each part; nothing for another one."""
    if candidate.merge is None or not candidate.conflicts:
        return {}
    parts = [
        {"part": part.part, "base": part.base, "ours": part.ours, "theirs": part.theirs} for part in candidate.conflicts
    ]
    merge = candidate.merge
    return {"base": merge.base, "ours": candidate.old_text, "theirs": merge.theirs, "conflicts": parts}


def merge_lines(review: Review, candidate: Candidate) -> Iterator[str]:
    """What a candidate was merged with, and whether it changes anything."""
    if candidate.merge:
        parts = ", ".join(candidate.merge.changed) or "the memory was added there too"
        yield printable(f"merged with {review.merge.main[:7]}: {parts}")
    if candidate.old_text == candidate.new_text:
        yield "the store says this already"


def conflict_lines(candidate: Candidate) -> Iterator[str]:
    """For each part in conflict what it was, what the store says now and what the session says."""
    for part in candidate.conflicts:
        yield printable(f"conflict: {part.part}")
        yield from _side_lines("base", part.base)
        yield from _side_lines("store", part.ours)
        yield from _side_lines("session", part.theirs)


def _side_lines(name: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines() or [_ABSENT]):
        yield printable(f"  {f'{name}:' if number == 0 else '':<9}{line}")


def other_lines(review: Review) -> Iterator[str]:
    """The memories outside the session that change with it."""
    for other in review.merge.others:
        status = other.after.status if other.after else ""
        yield printable(f"  {status:<8} {other.id[-6:]}  {other.title}")
