"""Who taught the store: what agents and people learned, and what became of what they proposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from memcli.operations.report.activity import News
from memcli.operations.stats.counts import Counts


@dataclass(frozen=True)
class Contributor:
    """An agent or a person: how many memories they added or changed in the period, and all that they ever proposed."""

    name: str
    is_agent: bool
    learned: int
    counts: Counts


def contributors(news: Sequence[News], counts: Mapping[str, Counts], agents: Collection[str]) -> list[Contributor]:
    """Everybody who proposed something, who learned most first; `counts` by name, `agents` the names of agents."""
    learned = Counter(item.change.step.author for item in news)
    names = {*learned, *(name for name, count in counts.items() if count.proposed)}
    everybody = [Contributor(name, name in agents, learned[name], counts.get(name, Counts())) for name in names]
    return sorted(
        everybody, key=lambda contributor: (-contributor.learned, -contributor.counts.proposed, contributor.name)
    )
