"""The numbers of `mem stats`, of the whole store or of one group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from memcli.operations.stats.facts import WEEK, Fact


@dataclass(frozen=True)
class Counts:
    """Candidates `accepted`, `rejected` and `waiting`; open `questions`; `active` memories, and how many of them are
    `stale`: their code has changed or is gone; recorded `reads`, the `packs` among them and their tokens."""

    accepted: int = 0
    rejected: int = 0
    waiting: int = 0
    questions: int = 0
    active: int = 0
    stale: int = 0
    reads: int = 0
    packs: int = 0
    pack_tokens: int = 0

    @property
    def proposed(self) -> int:
        """All candidates, decided or not."""
        return self.accepted + self.rejected + self.waiting

    @property
    def acceptance(self) -> float | None:
        """The share of the decided candidates that was accepted; None where nothing was decided."""
        decided = self.accepted + self.rejected
        return self.accepted / decided if decided else None

    @property
    def stale_share(self) -> float | None:
        """The share of the active memories that is stale; None where there are none."""
        return self.stale / self.active if self.active else None


@dataclass(frozen=True)
class DreamCounts:
    """Dreams `run`; the changes that they `proposed`, those `promoted`, `rejected` and `waiting` among
    them; and the promoted ones that were `reverted`."""

    run: int = 0
    promoted: int = 0
    rejected: int = 0
    waiting: int = 0
    reverted: int = 0

    @property
    def proposed(self) -> int:
        """All changes that dreams have proposed."""
        return self.promoted + self.rejected + self.waiting


def counted(facts: Iterable[Fact]) -> Counts:
    """The numbers of all facts together."""
    return Counts(**_totals(facts))


def counted_by(facts: Iterable[Fact], by: str) -> dict[str, Counts]:
    """The numbers of each group, the most memories accepted first; weeks from the newest."""
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        for group in fact.groups(by):
            groups.setdefault(group, []).append(fact)
    counts = {name: counted(own) for name, own in groups.items()}
    if by == WEEK:
        return dict(sorted(counts.items(), reverse=True))
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1].accepted, -pair[1].active, pair[0])))


def _totals(facts: Iterable[Fact]) -> Counter[str]:
    totals: Counter[str] = Counter()
    for fact in facts:
        totals[fact.measure] += fact.amount
    return totals
