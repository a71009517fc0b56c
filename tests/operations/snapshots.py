"""A directory as bytes, modes and links, so that 'to the byte' can be asked."""

from __future__ import annotations

import os
from pathlib import Path


def snapshot(*roots: Path) -> dict[str, object]:
    """Every path below the roots but git's objects: mode, and the content of a file or the target of a link."""
    seen: dict[str, object] = {}
    for root in roots:
        for place, names, files in os.walk(root):
            names[:] = [name for name in names if not (name == "objects" and (Path(place) / "HEAD").exists())]
            for name in (*names, *files):
                path = Path(place) / name
                said = str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else None
                seen[str(path)] = (path.lstat().st_mode, said)
    return seen
