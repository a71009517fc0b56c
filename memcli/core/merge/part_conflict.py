"""What a merge leaves to a person: the parts of one memory that both sides changed, with all three texts."""

from __future__ import annotations

from dataclasses import dataclass, replace

BODY, FILE = "body", "file"
"""The parts of a conflict that are no keys: blocks of the body, and files that cannot be merged into one."""


@dataclass(frozen=True)
class PartConflict:
    """A part of a memory that both sides changed, differently: `part` is a key, `BODY` or `FILE`, the others its
    texts."""

    part: str
    base: str
    ours: str
    theirs: str

    def swapped(self) -> PartConflict:
        """The same with the sides the other way round."""
        return replace(self, ours=self.theirs, theirs=self.ours)
