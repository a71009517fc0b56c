"""What files were before they got our entries, kept in the person's state directory, so that they can be that again.

Invariant: a record is written before its file is changed. It only helps: without it our entries are still taken out.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Record:
    """`existed`: whether there was a file; `after`: hash of what we left; `origins`: what our entries replaced."""

    path: str
    existed: bool
    after: str
    origins: Mapping[str, str | None]


def root(state: Path) -> Path:
    """The directory of all records."""
    return state / "memcli" / "backups"


def place(state: Path, path: Path) -> Path:
    """The directory of a file's record and copies."""
    return root(state) / hashlib.sha256(os.fsencode(path)).hexdigest()


def digest(data: bytes | None) -> str:
    return hashlib.sha256(data or b"").hexdigest()


def load(home: Path) -> tuple[Record | None, bytes | None]:
    """The record and the file as it was before; (None, None) where there is none or it cannot be read."""
    try:
        said = json.loads((home / "record.json").read_text("utf-8"))
        record = Record(**said)
        return record, (home / "before").read_bytes() if record.existed else None
    except (OSError, ValueError, TypeError):
        return None, None


def save(home: Path, record: Record, before: bytes | None) -> None:
    """Keep both; the record last."""
    _write(home / "before", before or b"")
    _write(home / "record.json", json.dumps(asdict(record)).encode())


def back_up(home: Path, data: bytes | None) -> str | None:
    """Keep the file as it is right before a change; its copy's path."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if data is None:
        return None
    _write(home / "replaced", data)
    return str(home / "replaced")


def drop(home: Path) -> None:
    """The file is what it was: only the copies stay."""
    (home / "record.json").unlink(missing_ok=True)


def made(state: Path) -> set[str]:
    """The directories that we had to make, for whatever file."""
    try:
        return set((root(state) / "made").read_text("utf-8", "surrogateescape").split("\0")) - {""}
    except OSError:
        return set()


def keep_made(state: Path, directories: Iterable[str]) -> None:
    """Keep that list."""
    _write(root(state) / "made", "\0".join(sorted(directories)).encode("utf-8", "surrogateescape"))


def _write(file: Path, data: bytes) -> None:
    fresh = file.with_name(f"{file.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)
