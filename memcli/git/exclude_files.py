"""The files that say which code paths memory leaves alone: the team's `.memignore`, and one of this clone's own.

Contract: reading them where there are none costs a stat each. A file that is there but cannot be read is an error,
never an empty list: what it excludes is not known then. Writing changes lines of ours only and leaves the rest to the
byte.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from memcli.errors import Failure
from memcli.git.layout import Layout

SHARED, OWN = ".memignore", "exclude"
MOST_BYTES = 1 << 20


@dataclass(frozen=True)
class Written:
    """A file of lines: `name` for people, `text` as it is."""

    name: str
    place: Path
    text: str


def shared_file(layout: Layout) -> Path | None:
    """The team's file, at the root of the code worktree; None in a bare repository."""
    return Path(layout.worktree, SHARED) if layout.worktree else None


def own_file(layout: Layout) -> Path:
    """This clone's file, beside the store's other things, like git's own `info/exclude`."""
    return Path(layout.mem_dir, OWN)


def read_all(layout: Layout) -> tuple[Written, ...]:
    """The files that are there, the team's first. Raises Failure."""
    places = ((SHARED, shared_file(layout)), (f"<git>/mem/{OWN}", own_file(layout)))
    found = ((name, place, _read(place)) for name, place in places if place)
    return tuple(Written(name, place, text) for name, place, text in found if text is not None)


def _read(place: Path) -> str | None:
    try:
        found = place.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_BYTES:
            raise Failure(f"{place} is no file of lines: what it excludes is not known", "replace it by a text file")
        return place.read_bytes().decode("utf-8", "surrogateescape")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        reason = f"{place} cannot be read ({error.strerror}): what it excludes is not known"
        raise Failure(reason, "make it readable, then run the command again") from error


def add_line(place: Path, line: str) -> bool:
    """Append a line unless it is there; whether the file changed."""
    text = _read(place) or ""
    if line in (one.removesuffix("\r") for one in text.split("\n")):
        return False
    _write(place, text + ("\n" if text and not text.endswith("\n") else "") + line + "\n")
    return True


def remove_line(place: Path, line: str) -> bool:
    """Take a line out, each time that it stands there; a file of which nothing is left goes too."""
    text = _read(place)
    lines = (text or "").split("\n")
    kept = [one for one in lines if one.removeprefix("\ufeff").removesuffix("\r") != line]
    if len(kept) == len(lines):
        return False
    _write(place, "\n".join(kept))
    return True


def _write(place: Path, text: str) -> None:
    """All of it or nothing."""
    fresh = place.with_name(f"{place.name}.{os.getpid()}.new")
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not text:
            place.unlink(missing_ok=True)
            return
        mode = stat.S_IMODE(place.stat().st_mode) if place.exists() else None
        fresh.write_bytes(text.encode("utf-8", "surrogateescape"))
        if mode is not None:
            fresh.chmod(mode)
        fresh.replace(place)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Failure(f"{place} cannot be written: {error.strerror}", "make its directory writable") from error
