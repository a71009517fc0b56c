"""Where refs point, read with plain files and as plain text: what `repo.layout` says, for those in a hurry.

Contract: never raises for what is not there; a name is looked up as git 2.39 writes it (loose file, else packed-refs).
"""

from __future__ import annotations

import os

SESSIONS = "refs/mem/sessions/"
_HEX = frozenset("0123456789abcdef")


def tip(git_dir: str, common: str, name: str) -> str:
    """The commit id that a ref (`HEAD`, `refs/…`) points to, through symbolic refs; empty where there is none."""
    for _ in range(5):
        text = _read(os.path.join(common if name.startswith("refs/") else git_dir, name)) or _packed(common).get(name)
        if not text or not text.startswith("ref: "):
            return text if text and is_commit(text) else ""
        name = text.removeprefix("ref: ").strip()
    return ""


def is_commit(text: str) -> bool:
    """Whether a text is the full id of an object."""
    return len(text) == 40 and set(text) <= _HEX


def names(common: str, prefix: str) -> list[str]:
    """The ends of all refs below `prefix` (one level; ends in `/`), the latest moved first."""
    times = {name.removeprefix(prefix): 0.0 for name in _packed(common) if name.startswith(prefix)}
    try:
        with os.scandir(os.path.join(common, prefix)) as items:
            times |= {one.name: one.stat().st_mtime for one in items if not one.name.endswith(".lock")}
    except OSError:
        pass  # none is loose, or one has just gone
    return sorted((name for name in times if "/" not in name), key=lambda name: (-times[name], name))


def _read(file: str) -> str:
    try:
        with open(file, encoding="utf-8") as stream:
            return stream.read(4096).strip()
    except (OSError, ValueError):
        return ""


def _packed(common: str) -> dict[str, str]:
    try:
        with open(os.path.join(common, "packed-refs"), encoding="utf-8", errors="replace") as stream:
            lines = (line.split() for line in stream if line[:1] not in "#^")
            return {line[1]: line[0] for line in lines if len(line) == 2}
    except OSError:
        return {}
