"""How often each memory was shown, in a file beside the index: a function of the reads that sessions recorded.

Use is no part of a memory and no change to review. The file may be missing: then no memory was read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

FILE = "uses.json"
HALF_LIFE_DAYS = 180
"""Days after which a read counts half of the newest one."""
Shown = tuple[datetime, frozenset[str]]
"""When a read was made, and the ids that it showed."""


def weighed_uses(reads: Iterable[Shown]) -> dict[str, float]:
    """How often each memory was shown, older reads counting less; rounded, by id."""
    listed = list(reads)
    newest = max((at for at, _ in listed), default=None)
    uses: dict[str, float] = {}
    for at, ids in listed:
        weight = 0.5 ** ((newest - at).days / HALF_LIFE_DAYS) if newest else 0.0
        uses |= {memory_id: uses.get(memory_id, 0.0) + weight for memory_id in ids}
    return {memory_id: round(uses[memory_id], 2) for memory_id in sorted(uses)}


def write_uses(directory: Path, uses: Mapping[str, float]) -> None:
    """Put the counts beside the index below `directory`; where that is impossible, the old ones stay."""
    if read_uses(directory) == uses:
        return
    with suppress(OSError):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = directory / f"{FILE}.{os.getpid()}"
        draft.write_text(json.dumps({"v": 1, "uses": uses}), encoding="utf-8")
        draft.replace(directory / FILE)


def read_uses(directory: Path) -> dict[str, float]:
    """The counts beside the index below `directory`, by id; none where they cannot be read."""
    try:
        uses = json.loads((directory / FILE).read_bytes())["uses"]
        return {str(memory_id): float(count) for memory_id, count in uses.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
