"""What a dream did or found, one memory at a time: the lines of its report, of its commits and of its JSON."""

from __future__ import annotations

from dataclasses import dataclass

PRUNE, MERGE, REFRESH, CURATE = "prune", "merge", "refresh", "curate"
PHASES = (PRUNE, MERGE, REFRESH, CURATE)
"""In the order in which they are carried out, a commit each."""
RELINKED = "relinked"
RETIRED, UNITED, SUPERSEDED, ATTENTION = "retired", "united", "superseded", "attention"
REWORDED = "reworded"


@dataclass(frozen=True)
class Step:
    """`change` is what happened to the memory `id` (`attention`: nothing but that a person is to look); `others` are
    the memories that it has to do with; `reason` is for a person, without ids."""

    phase: str
    id: str
    change: str
    reason: str
    others: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether a person is to settle it."""
        return self.change == ATTENTION
