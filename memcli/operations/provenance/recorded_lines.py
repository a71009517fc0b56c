"""What sessions recorded for the lines of one file, as far as a commit's line can be compared with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from memcli.core.session.fingerprint import Fingerprint
from memcli.core.session.line_owners import RecordedLines
from memcli.operations.provenance.commit_claims import CommitClaims

DERIVED = 0.8
"""Share of a commit's lines in a file with which a later one was made of it: by a squash, an amend, a cherry-pick."""


@dataclass(frozen=True)
class _Record:
    """What a session's commit added to the file and removed from it."""

    session: str
    at: tuple[str, int]
    added: Counter[str]
    removed: Counter[str]
    pairs: frozenset[tuple[str, str]]


def recorded_lines(
    claims: CommitClaims, names: Collection[str], is_gone: Callable[[str], bool], until: int
) -> list[RecordedLines]:
    """What each commit of a session, made by an instant in seconds, did to a file that has these hashes of paths, or
    one of which `is_gone` says that no file has it any more."""
    records = sorted(_records(claims, names, is_gone, until), key=lambda record: record.at)
    lines = list[RecordedLines]()
    for number, record in enumerate(records):
        added = record.added - _taken_over(record, records[:number])
        removed = sum((later.removed for later in records[number + 1 :]), Counter[str]())
        lines.append(RecordedLines(record.session, added, added - removed, record.pairs))
    return lines


def _taken_over(record: _Record, earlier: list[_Record]) -> Counter[str]:
    """The lines of earlier commits of other sessions that a commit was made of."""
    taken = Counter[str]()
    for before in earlier:
        shared = (before.added & record.added).total()
        if before.session != record.session and before.added and shared >= DERIVED * before.added.total():
            taken |= before.added
    return taken


def _records(
    claims: CommitClaims, names: Collection[str], is_gone: Callable[[str], bool], until: int
) -> Iterator[_Record]:
    for session, prints in claims.prints.items():
        for each in prints:
            if each.authored > until:
                continue
            added, removed, pairs = Counter[str](), Counter[str](), set[tuple[str, str]]()
            for file in each.files:
                if file.path in names or is_gone(file.path):
                    added.update(file.added)
                    removed.update(file.removed)
                    pairs.update(pairwise(file.added))
            if added or removed:
                yield _Record(session, _time(claims, session, each), added, removed, frozenset(pairs))


def _time(claims: CommitClaims, session: str, each: Fingerprint) -> tuple[str, int]:
    """When the commit was recorded, then its author's date."""
    made = claims.made.get(each.commit, {}).get(session)
    return (made.at if made else "", each.authored)
