"""The seal on a finished collection's directory: sizes, times and checksums of the files that Chroma does not check.

Chroma searches what is left of a segment that was truncated or deleted, without an error. So a directory is trusted
only while its segments are as they were when it was finished: the seal is lifted before anything is written, and put
back last. Chroma's database checks itself.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path

NAME = "seal.json"
WRITTEN_OUT = "index_metadata.pickle"
"""The file that a segment has once it holds a thousand vectors."""


def put_seal(generation: Path) -> None:
    """Seal a directory as it is now. Raises OSError."""
    fresh = generation / f"{NAME}.new"
    fresh.write_text(json.dumps([[*_stamp(file), _sum(file)] for file in _files(generation)]), "utf-8")
    fresh.replace(generation / NAME)


def lift_seal(generation: Path) -> None:
    """Make the directory untrusted. Raises OSError."""
    (generation / NAME).unlink(missing_ok=True)


def is_whole(generation: Path) -> bool:
    """Whether there is a seal and the files are those that were sealed; reads them only where their times differ."""
    try:
        lines = json.loads((generation / NAME).read_text("utf-8"))
        files = _files(generation)
        return len(files) == len(lines) and all(map(_is_as_sealed, files, lines))
    except (OSError, ValueError, TypeError, IndexError):
        return False


def _is_as_sealed(file: Path, line: list[object]) -> bool:
    """A copy has other times: its content counts."""
    stamp = [*_stamp(file)]
    return stamp == line[:3] or (stamp[:2] == line[:2] and _sum(file) == line[3])


def _files(generation: Path) -> list[Path]:
    """Those of the segments that were written out. A young segment has no data of its own yet: its vectors are still in
    the database."""
    segments = (file.parent for file in generation.glob(f"*/{WRITTEN_OUT}"))
    return sorted(file for segment in segments for file in segment.iterdir())


def _stamp(file: Path) -> tuple[str, int, int]:
    stat = file.stat()
    return f"{file.parent.name}/{file.name}", stat.st_size, stat.st_mtime_ns


def _sum(file: Path) -> int:
    return zlib.crc32(file.read_bytes())
