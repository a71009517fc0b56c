"""The steps of a dream: what it did to a memory or asks about it. Report, commit messages and JSON are made of them."""

from __future__ import annotations

from dataclasses import dataclass

PRUNE, MERGE, REFRESH, CURATE = "prune", "merge", "refresh", "curate"
PHASES = (PRUNE, MERGE, REFRESH, CURATE)
"""The phases in their order; each is one commit."""
RETIRED, MERGED, SUPERSEDED, ATTENTION = "retired", "merged", "superseded", "attention"
RELINKED, REWORDED = "relinked", "reworded"


@dataclass(frozen=True)
class Step:
    """What happened to the memory `id` (`change`; `attention`: nothing, but a person should look).

    `others`: the other memories involved; `reason`: for a person, without ids.
    """

    phase: str
    id: str
    change: str
    reason: str
    others: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether the step is a question for a person."""
        return self.change == ATTENTION
