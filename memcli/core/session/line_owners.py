"""Who wrote the lines that a commit added to a file, by the hashes of lines that sessions recorded for it.

A line counts by what stands around it: a session has a part in a commit where most of what it left in the file is
there, or where some lines of it follow each other. Lines that any code has go with their neighbours. Where two
sessions are as likely, or none, the line has no owner: an answer that may be wrong is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import TypeVar

from memcli.core.session.line_hash import line_hash, line_weight

Owner = TypeVar("Owner", bound=Hashable)
LEAST_SHARE, LEAST_RUN, LEAST_LINES = 0.5, 40, 3
"""Share of its lines with which a session has a part; letters, and lines, of a run that stands for itself."""


@dataclass(frozen=True)
class AddedLines:
    """The lines that a commit added to a file, by number, and the hashes that the file had before."""

    texts: Mapping[int, bytes]
    before: frozenset[str] = frozenset()

    @property
    def numbers(self) -> list[int]:
        return sorted(self.texts)

    @cached_property
    def hashes(self) -> dict[int, str]:
        """{number: hash}, empty for lines that tell nothing."""
        return {number: line_hash(self.texts[number]) for number in self.numbers}


@dataclass(frozen=True)
class RecordedLines:
    """How often a commit of a session added each line to a file, which of these are left, as far as is known, and which
    lines it added one after the other."""

    session: str
    added: Counter[str]
    left: Counter[str]
    pairs: frozenset[tuple[str, str]] = frozenset()

    def share(self, there: Counter[str]) -> float:
        """The share of the lines that are left which are there."""
        return (self.left & there).total() / self.left.total() if self.left else 0.0


def line_owners(
    lines: AddedLines,
    recorded: Sequence[RecordedLines],
    least_share: float = LEAST_SHARE,
    is_strict: bool = False,
) -> dict[int, str]:
    """{number: session} of the lines whose author is known. `is_strict`: runs do not stand for themselves."""
    hashes = lines.hashes
    there = Counter(filter(None, hashes.values()))
    parts = [record for record in recorded if record.share(there) >= least_share]
    runs = [] if is_strict else [(record, set(_runs(lines, record))) for record in recorded]
    counts = {session: sum((record.added for record in recorded if record.session == session), Counter[str]())
              for session in {record.session for record in recorded}}  # fmt: skip
    owners = dict[int, str]()
    for number, hashed in hashes.items():
        chosen = {record.session for record in parts if hashed in record.added} or {
            record.session for record, run in runs if number in run
        }
        if len(chosen) == 1 and hashed not in lines.before and there[hashed] <= counts[min(chosen)][hashed]:
            owners[number] = min(chosen)
    pairs = {(record.session, *pair) for record in recorded for pair in record.pairs}
    return _with_neighbours(hashes, owners, pairs)


def _runs(lines: AddedLines, record: RecordedLines) -> Iterator[int]:
    """The numbers of new lines in runs of a commit's lines that are long enough to be no accident."""
    hashes = lines.hashes
    for block in _blocks(hashes):
        told = [number for number in block if hashes[number]]
        for is_own, group in groupby(told, lambda number: hashes[number] in record.added):
            run = [number for number in group if hashes[number] not in lines.before]
            if is_own and len(run) >= LEAST_LINES and sum(line_weight(lines.texts[n]) for n in run) >= LEAST_RUN:
                yield from run


def _with_neighbours(
    hashes: Mapping[int, str], owners: Mapping[int, str], pairs: Collection[tuple[str, str, str]]
) -> dict[int, str]:
    """The owners, with those of lines that only the lines beside them tell, as their session added both."""
    down, up = dict(owners), dict(owners)
    for block in _blocks(hashes):
        hashed = [number for number in block if hashes[number]]
        for above, number in pairwise(hashed):
            owner = down.get(above)
            if owner and number not in down and (owner, hashes[above], hashes[number]) in pairs:
                down[number] = owner
        for below, number in pairwise(reversed(hashed)):
            owner = up.get(below)
            if owner and number not in up and (owner, hashes[number], hashes[below]) in pairs:
                up[number] = owner
    told = {
        number: owner for number, owner in (down | up).items() if {down.get(number), up.get(number)} <= {owner, None}
    }
    return told | dict(owners_beside(hashes, told))


def owners_beside(hashes: Mapping[int, str], owners: Mapping[int, Owner]) -> Iterator[tuple[int, Owner]]:
    """The lines without a hash whose next lines with one, on both sides, have one owner; where a single owner has all
    lines with a hash, on one side at least."""
    is_shared = len({owners.get(number) for number, hashed in hashes.items() if hashed}) > 1
    for block in _blocks(hashes):
        for place, number in enumerate(block):
            above = next((near for near in reversed(block[:place]) if hashes[near]), None)
            below = next((near for near in block[place:] if hashes[near]), None)
            near = {owners.get(line) if line else None for line in (above, below) if line or is_shared}
            owner = near.pop() if len(near) == 1 else None
            if not hashes[number] and owner:
                yield number, owner


def _blocks(numbers: Iterable[int]) -> Iterator[list[int]]:
    """Runs of lines that follow each other."""
    for _, group in groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0]):
        yield [number for _, number in group]
