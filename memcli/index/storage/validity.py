"""What held at an instant, as SQL over `memories`: the law is `core.memory.timeline.holds_at`.

Each question is answered from the memory's own key through an index, so a filter costs with the memories it is put to,
not with the store.
"""

from __future__ import annotations

from collections.abc import Sequence

Condition = tuple[str, list[object]]
"""SQL over `memories` and the values of its placeholders."""
_NEVER = "~"
"""Sorts behind every written time."""


def held_at(refs: Sequence[str], at: str) -> Condition:
    """The condition for memories of these refs that held at an instant (RFC 3339, UTC)."""
    names = ", ".join(["? AS at", *(f"? AS ref{number}" for number in range(len(refs)))])
    seen = ", ".join(f"asked.ref{number}" for number in range(len(refs)))
    holds = f"{_holds('memories', seen)} AND {_last('memories', seen)}"
    return f"EXISTS (SELECT 1 FROM (SELECT {names}) AS asked WHERE {holds})", [at, *refs]


def _holds(row: str, seen: str) -> str:
    """Its own interval has begun, and neither its end nor a successor has ended it."""
    return (
        f"{row}.status IN ('active', 'superseded') AND {_starts(row)} <= asked.at AND ({row}.valid_to > asked.at"
        f" OR {row}.valid_to IS NULL AND NOT EXISTS ({_later(row, 'following', seen)})"
        f" AND NOT {_superseded_elsewhere(row, seen)})"
    )


def _last(row: str, seen: str) -> str:
    """No later one of its key holds too, as it may where an end was written down."""
    return f"({row}.valid_to IS NULL OR NOT EXISTS ({_later(row, 'newer', seen)} AND {_holds('newer', seen)}))"


def _later(row: str, other: str, seen: str) -> str:
    """The members of its key that stand behind it and had started by then."""
    return (
        f"SELECT 1 FROM memories AS {other} WHERE {other}.key = {row}.key AND {_starts(other)} >= {_starts(row)}"
        f" AND {_starts(other)} <= asked.at AND ({_starts(other)} > {_starts(row)} OR {other}.id > {row}.id)"
        f" AND {other}.status != 'withdrawn' AND {other}.ref IN ({seen})"
    )


def _superseded_elsewhere(row: str, seen: str) -> str:
    """What is not of its key had taken its place by then; an unknown successor counts from the last change on."""
    begun = f"CASE WHEN heir.status = 'withdrawn' OR heir.key = {row}.key THEN '{_NEVER}' ELSE {_starts('heir')} END"
    known = f"heir.id = {row}.superseded_by AND heir.ref IN ({seen})"
    successor = f"SELECT min({begun}) FROM memories AS heir WHERE {known}"
    unknown = f"CASE WHEN {row}.key IS NULL OR {row}.superseded_by IS NOT NULL THEN {row}.modified ELSE '{_NEVER}' END"
    return f"({row}.status = 'superseded' AND coalesce(({successor}), {unknown}) <= asked.at)"


def _starts(row: str) -> str:
    return f"coalesce({row}.valid_from, {row}.created)"
