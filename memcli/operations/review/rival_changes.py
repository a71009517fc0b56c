"""Rival changes: what two sessions that await review both change in one memory, differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from memcli.core.finding import WARN, Finding
from memcli.core.merge.part_conflict import FILE
from memcli.core.review.candidates import Candidate
from memcli.core.text.first_few import first_few
from memcli.errors import Conflict
from memcli.store import merge_texts

Proposed = Mapping[str, Sequence[Candidate]]
"""{session: its candidates, as the session proposes them}."""
_MOST_RIVALS = 10
"""Other sessions that a change is compared with."""


def rival_changes(proposed: Proposed) -> dict[str, list[Finding]]:
    """{session: a warning for each candidate that cannot be merged with what another session makes of its memory}."""
    changes: dict[str, list[tuple[str, Candidate]]] = {}
    for session, candidates in proposed.items():
        for candidate in candidates:
            if candidate.before and candidate.after:
                changes.setdefault(candidate.id, []).append((session, candidate))
    warnings: dict[str, list[Finding]] = {session: [] for session in proposed}
    for of_one_memory in changes.values():
        for session, candidate in of_one_memory:
            rivals = [(other, rival) for other, rival in of_one_memory if other != session]
            for other, rival in rivals[:_MOST_RIVALS]:
                warnings[session] += _warning(candidate, other, rival)
    return warnings


def _warning(candidate: Candidate, other: str, rival: Candidate) -> Iterator[Finding]:
    if candidate.old_text == rival.old_text and (parts := _conflicting_parts(candidate, rival)):
        message = f"session '{other}' changes the same, differently: {first_few(parts)}"
        step = f"compare with `mem review {other}`; promote one of the two, and reject the other"
        yield Finding("conflict", WARN, candidate.id, message, step)


def _conflicting_parts(candidate: Candidate, rival: Candidate) -> list[str]:
    """The parts of the memory of which a merge would hold both sides."""
    try:
        merged = merge_texts(candidate.old_text, candidate.new_text, rival.new_text, candidate.path)
    except Conflict:
        return [FILE]
    return [conflict.part for conflict in merged.conflicts]
