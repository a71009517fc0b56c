"""What files were before they got our hooks, kept in the person's state directory: `<state>/memcli/backups/`.

Invariant: an original is saved before its file is changed. It only helps: without it our hooks are still taken out.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import rmtree

from memcli.system.durable_files import replace


@dataclass(frozen=True)
class Original:
    """`existed`: whether there was a file; `after`: digest of what we wrote; `origins`: what our entries replaced."""

    path: str
    existed: bool
    after: str
    origins: Mapping[str, str | None]


def backups_directory(state: Path) -> Path:
    """The directory of all originals."""
    return state / "memcli" / "backups"


def content_digest(data: bytes | None) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(data or b"").hexdigest()


def delete_if_empty(state: Path) -> None:
    """Delete the directory of originals where none is left in it."""
    directory = backups_directory(state)
    if CreatedDirectories(state).read() or not directory.is_dir() or any(map(Path.is_dir, directory.iterdir())):
        return
    rmtree(directory, ignore_errors=True)
    with suppress(OSError):
        directory.parent.rmdir()


class Originals:
    """The original of one file and its copies, for nobody else to read."""

    def __init__(self, state: Path, file: Path) -> None:
        self._directory = backups_directory(state) / hashlib.sha256(os.fsencode(file)).hexdigest()

    def load(self) -> tuple[Original | None, bytes | None]:
        """The original and its bytes; (None, None) if there is none or it cannot be read."""
        try:
            original = Original(**json.loads((self._directory / "record.json").read_text("utf-8")))
            return original, (self._directory / "before").read_bytes() if original.existed else None
        except (OSError, ValueError, TypeError):
            return None, None

    def save(self, original: Original, before: bytes | None) -> None:
        """Keep both, the record last."""
        self._write("before", before or b"")
        self._write("record.json", json.dumps(asdict(original)).encode())

    def back_up(self, data: bytes | None) -> str | None:
        """Copy the file as it is right before a change; the copy's path."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if data is None:
            return None
        self._write("replaced", data)
        return str(self._directory / "replaced")

    def drop(self) -> None:
        """The file is what it was: only the copies stay."""
        (self._directory / "record.json").unlink(missing_ok=True)

    def delete(self) -> None:
        """Delete the copies too."""
        rmtree(self._directory, ignore_errors=True)

    def _write(self, name: str, data: bytes) -> None:
        file = self._directory / name
        replace(str(file), data)
        file.chmod(0o600)


class CreatedDirectories:
    """The directories that were created for files with our hooks, so that they go again."""

    def __init__(self, state: Path) -> None:
        self._list = backups_directory(state) / "made"

    def read(self) -> set[str]:
        try:
            return set(self._list.read_text("utf-8", "surrogateescape").split("\0")) - {""}
        except OSError:
            return set()

    def add_above(self, path: Path) -> None:
        """Note the directories above a file that do not exist yet."""
        missing = {str(directory) for directory in path.parents if not directory.exists()}
        if missing:
            self._write(self.read() | missing)

    def remove_above(self, path: Path) -> None:
        """Remove the directories above a file that are ours and empty again."""
        created = self.read()
        for directory in path.parents:
            if str(directory) in created:
                with suppress(OSError):
                    directory.rmdir()
        if created:
            self._write({directory for directory in created if Path(directory).is_dir()})

    def _write(self, directories: set[str]) -> None:
        replace(str(self._list), "\0".join(sorted(directories)).encode("utf-8", "surrogateescape"))
