"""Who wrote the lines that a commit added to a file, by the hashes of lines that sessions recorded for it.

A line counts by what stands around it: a session has a part in a commit where most of what it left in the file is
there, or where some lines of it follow each other. Lines that any code has go with their neighbours. Where two
sessions are as likely, or none, the line has no owner: an answer that may be wrong is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
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

    def hashes(self) -> dict[int, str]:
        """{number: hash}, empty for lines that tell nothing."""
        return {number: line_hash(self.texts[number]) for number in self.numbers}


@dataclass
class RecordedLines:
    """What one session recorded for a file: how often it added each line, and how often any session removed it."""

    added: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)

    def share(self, there: Counter[str]) -> float:
        """The share of the lines it left that are there."""
        left = self.added - self.removed
        return (left & there).total() / left.total() if left else 0.0


def line_owners(
    lines: AddedLines, recorded: Mapping[str, RecordedLines], least_share: float = LEAST_SHARE, is_strict: bool = False
) -> dict[int, str]:
    """{number: session} of the lines whose author is known. `is_strict`: runs do not stand for themselves."""
    hashes = lines.hashes()
    there = Counter(filter(None, hashes.values()))
    parts = {name for name, record in recorded.items() if record.share(there) >= least_share}
    runs = {} if is_strict else {name: set(_runs(lines, record)) for name, record in recorded.items()}
    owners = dict[int, str]()
    for number, hashed in hashes.items():
        authors = [name for name, record in recorded.items() if hashed in record.added]
        chosen = [name for name in authors if name in parts] or [
            name for name in authors if number in runs.get(name, ())
        ]
        if len(chosen) == 1 and hashed not in lines.before and there[hashed] <= recorded[chosen[0]].added[hashed]:
            owners[number] = chosen[0]
    return _with_neighbours(hashes, owners, recorded)


def _runs(lines: AddedLines, record: RecordedLines) -> Iterator[int]:
    """The numbers of new lines in runs of a session's lines that are long enough to be no accident."""
    hashes = lines.hashes()
    for block in _blocks(hashes):
        told = [number for number in block if hashes[number]]
        for is_own, group in groupby(told, lambda number: hashes[number] in record.added):
            run = [number for number in group if hashes[number] not in lines.before]
            if is_own and len(run) >= LEAST_LINES and sum(line_weight(lines.texts[n]) for n in run) >= LEAST_RUN:
                yield from run


def _with_neighbours(
    hashes: Mapping[int, str], owners: Mapping[int, str], recorded: Mapping[str, RecordedLines]
) -> dict[int, str]:
    """The owners, with those of lines that only their neighbours tell."""
    told = dict(owners)
    for block in _blocks(hashes):
        hashed = [number for number in block if hashes[number]]
        for before, number, after in zip([0, *hashed], hashed, [*hashed[1:], 0], strict=False):
            near = {owners.get(before), owners.get(after)} - {None}
            able = {name for name in near if name and hashes[number] in recorded[name].added}
            if number not in told and len(able) == 1:
                told[number] = able.pop()
    return told | dict(owners_beside(hashes, told))


def owners_beside(hashes: Mapping[int, str], owners: Mapping[int, Owner]) -> Iterator[tuple[int, Owner]]:
    """The lines without a hash whose next lines with one, on both sides as far as there are any, have one owner."""
    for block in _blocks(hashes):
        for place, number in enumerate(block):
            above = next((near for near in reversed(block[:place]) if hashes[near]), None)
            below = next((near for near in block[place:] if hashes[near]), None)
            near = {owners.get(line) for line in (above, below) if line is not None}
            owner = near.pop() if len(near) == 1 else None
            if not hashes[number] and owner:
                yield number, owner


def _blocks(numbers: Iterable[int]) -> Iterator[list[int]]:
    """Runs of lines that follow each other."""
    for _, group in groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0]):
        yield [number for _, number in group]
