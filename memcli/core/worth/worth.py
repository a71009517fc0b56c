"""How much an extract is worth keeping."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.core.sources.source_reader import Extract, SourceReader


@dataclass(frozen=True)
class Worth:
    """`score`: 0 to 1; `left_out`: why the extract is not proposed however high its score, empty where it may be."""

    score: float
    left_out: str = ""


@dataclass(frozen=True)
class WeighedExtract:
    """An extract of a reader with its worth."""

    extract: Extract
    reader: SourceReader
    worth: Worth
