"""A line of code as one commit has it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CodeLinePlace:
    """A line of a file of a commit; the first line is 1."""

    path: str
    number: int
    text: bytes
