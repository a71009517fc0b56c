"""Which extracts are proposed, best first, and why the others are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from memcli.core.sources.source_reading import SourceReading
from memcli.core.worth.worth import WeighedExtract, Worth

DEFAULT_LIMIT = 60
OVER_LIMIT = "over the limit"


@dataclass(frozen=True)
class WorthContext:
    """What an extract is weighed against: `prose`: the README, which agents read anyway; `at`: the time of the call."""

    prose: str
    at: datetime


@dataclass(frozen=True)
class WorthSelection:
    """`kept`: what is proposed, best first; `left`: reason → the rest, best first."""

    kept: tuple[WeighedExtract, ...]
    left: Mapping[str, tuple[WeighedExtract, ...]]


def select(
    readings: Sequence[SourceReading], context: WorthContext, limit: int | None = DEFAULT_LIMIT
) -> WorthSelection:
    """The best `limit` extracts (None: all that are worth it) of all readings."""
    del context
    weighed = [
        WeighedExtract(extract, reading.reader, Worth(1.0))
        for reading in readings
        for extract in reading.reading.extracts
    ]
    kept, over = weighed[:limit], weighed[len(weighed) if limit is None else limit :]
    return WorthSelection(tuple(kept), {OVER_LIMIT: tuple(over)} if over else {})
