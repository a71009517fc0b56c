"""The files of an export on disk: what was written is remembered, so that only that is ever replaced or removed.

Invariant: no byte that somebody else wrote is lost. A file that is not as the last export left it stays, and is told.
Nothing is written through a symbolic link.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from memcli.core.exchange.export_registry import MANIFEST
from memcli.core.text.marked_block import EXPORT, has_lone_mark, put_markdown_block, remove_blocks
from memcli.errors import Failure, Refused
from memcli.system import durable_files

_HEAD = "# Written by 'mem export'. Files that are listed here with what they hold may be replaced or removed by it.\n"
_CHANGED, _NOT_OURS, _LINK = (
    "it was changed since it was exported",
    "mem did not write it",
    "it is behind a symbolic link",
)
_LONE = "one of the lines 'mem:export-begin' and 'mem:export-end' is missing"


@dataclass(frozen=True)
class KeptFile:
    """A file of somebody else's, or that somebody has changed, which stands where an export would write or remove."""

    path: str
    reason: str


@dataclass(frozen=True)
class WrittenFiles:
    """What became of the files of an export, each by its path in the directory."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[KeptFile, ...] = ()


@dataclass(frozen=True)
class ExportContent:
    """The files of an export; of `blocks` only a marked block is ours; `is_shared`: others write there too."""

    files: Mapping[str, bytes]
    blocks: frozenset[str] = frozenset()
    is_shared: bool = False


def write_directory(directory: Path, content: ExportContent) -> WrittenFiles:
    """Make a directory hold the files, and none that an earlier export left there. Raises Refused where others' files
    are in it, Failure where it cannot be written."""
    try:
        place = Path(os.path.realpath(directory))
        known = _manifest(place, content)
        place.mkdir(parents=True, exist_ok=True)
        return _Writer(place, content, known).write()
    except OSError as error:
        raise _failure(directory, error) from error


def _failure(place: Path, error: OSError) -> Failure:
    name = error.filename or place
    return Failure(f"{name} cannot be written: {error.strerror or error}", "name another place with '--to'")


def _manifest(directory: Path, content: ExportContent) -> dict[str, set[str]]:
    """{path: digests} of what earlier exports left. Raises Refused where there is no telling."""
    if not os.path.lexists(directory):
        return {}
    if not directory.is_dir():
        raise Refused(f"{directory} is a file", "name a directory with '--to'")
    file = directory / MANIFEST
    if file.is_symlink() or (file.exists() and not file.is_file()):
        raise Refused(f"{file} is not a regular file", "remove it, or name another directory")
    if file.is_file():
        return _listed(file.read_text("utf-8", "replace"))
    if not content.is_shared and any(directory.iterdir()):
        raise Refused(f"{directory} is not empty, and was not written by 'mem export'", "name a new or empty directory")
    return {}


def _listed(text: str) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for line in text.split("\n"):
        digest, blanks, path = line.partition("  ")
        if blanks and len(digest) == 64 and is_safe(path):
            known.setdefault(path, set()).add(digest)
    return known


def is_safe(path: str) -> bool:
    """Whether a path stays below the directory that it is relative to, and says what it is."""
    parts = path.split("/")
    return path.isprintable() and "\\" not in path and all(part not in ("", ".", "..", ".git") for part in parts)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class _Writer:
    """One export into a directory, which `known` tells of earlier ones."""

    def __init__(self, directory: Path, content: ExportContent, known: Mapping[str, set[str]]) -> None:
        self._directory, self._content, self._known = directory, content, known
        self._written, self._unchanged, self._removed = list[str](), list[str](), list[str]()
        self._kept, self._digests = list[KeptFile](), dict[str, set[str]]()

    def write(self) -> WrittenFiles:
        """Write and remove; the manifest names both versions of each file until all are written."""
        files = {path: data for path, data in self._content.files.items() if path not in self._content.blocks}
        self._remember(
            {path: {*self._known.get(path, ()), _digest(data)} for path, data in files.items()}
            | {path: digests for path, digests in self._known.items() if path not in files}
        )
        for path, data in files.items():
            self._write_own(path, data)
        for path in self._content.blocks:
            self._write_block(path, self._content.files.get(path, b""))
        for path in sorted(self._known.keys() - files.keys()):
            self._remove(path)
        self._remember(self._digests)
        return WrittenFiles(tuple(self._written), tuple(self._unchanged), tuple(self._removed), tuple(self._kept))

    def _write_own(self, path: str, data: bytes) -> None:
        file, digest = self._directory / path, _digest(data)
        before = self._read(path)
        if isinstance(before, KeptFile):
            self._keep(before)
        elif before == data:
            self._unchanged.append(path)
            self._digests[path] = {digest}
        elif before is None or _digest(before) in self._known.get(path, ()):
            file.parent.mkdir(parents=True, exist_ok=True)
            durable_files.replace(str(file), data)
            self._written.append(path)
            self._digests[path] = {digest}
        else:
            self._keep(KeptFile(path, _CHANGED if path in self._known else _NOT_OURS))

    def _write_block(self, path: str, block: bytes) -> None:
        before = self._read(path)
        if isinstance(before, KeptFile):
            self._keep(before)
            return
        if before and (problem := block_problem(before)):
            self._keep(KeptFile(path, problem))
            return
        after = with_exported_block(before or b"", block)
        if after == (before or b""):
            self._unchanged += [path] if block else []
        elif after:
            durable_files.replace(str(self._directory / path), after)
            self._written.append(path)
        else:
            (self._directory / path).unlink()
            self._removed.append(path)

    def _remove(self, path: str) -> None:
        """Remove a file of an earlier export, and the directories that it leaves empty."""
        before = self._read(path)
        if before is None:
            return
        if isinstance(before, KeptFile) or _digest(before) not in self._known[path]:
            self._keep(before if isinstance(before, KeptFile) else KeptFile(path, _CHANGED))
            return
        (self._directory / path).unlink()
        self._removed.append(path)
        for parent in list((self._directory / path).parents)[: path.count("/")]:
            with suppress(OSError):
                parent.rmdir()

    def _read(self, path: str) -> bytes | KeptFile | None:
        """What is at a path: its content, None where nothing is, or why it is left alone."""
        if not is_safe(path):
            return KeptFile(path, "its name is not safe")
        places = [self._directory / path, *list((self._directory / path).parents)[: path.count("/")]]
        if any(place.is_symlink() for place in places):
            return KeptFile(path, _LINK)
        try:
            mode = places[0].lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            blocked = any(os.path.lexists(place) and not place.is_dir() for place in places[1:])
            return KeptFile(path, "a file stands where its directory would be") if blocked else None
        return places[0].read_bytes() if stat.S_ISREG(mode) else KeptFile(path, "it is not a regular file")

    def _keep(self, kept: KeptFile) -> None:
        self._kept.append(kept)
        if digests := self._known.get(kept.path):
            self._digests[kept.path] = digests

    def _remember(self, digests: Mapping[str, set[str]]) -> None:
        file = self._directory / MANIFEST
        text = "".join(_lines(digests))
        if text:
            durable_files.replace(str(file), (_HEAD + text).encode())
        else:
            file.unlink(missing_ok=True)


def _lines(digests: Mapping[str, set[str]]) -> Iterator[str]:
    for path, each in sorted(digests.items()):
        yield from (f"{digest}  {path}\n" for digest in sorted(each))


def block_problem(before: bytes) -> str:
    """Why a text cannot get a block of exported memories; empty if it can."""
    if b"\0" in before:
        return "it is not UTF-8 text"
    return _LONE if has_lone_mark(before, EXPORT) else ""


def with_exported_block(before: bytes, block: bytes) -> bytes:
    """A text with a block of exported memories in place of the one it has; without any where the block is empty."""
    return put_markdown_block(before, block, EXPORT) if block else remove_blocks(before, EXPORT)
