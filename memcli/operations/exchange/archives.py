"""Archives as files in memory, whoever made them: nothing is unpacked onto the disk.

Invariant: whatever an archive holds, reading it takes bounded memory; a member that is not taken has a reason.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from memcli.core.exchange.export_registry import MANIFEST
from memcli.core.sources.source_reader import Skipped
from memcli.core.sources.source_tree import most_bytes
from memcli.errors import Failure
from memcli.operations.exchange.export_directory import is_safe

MOST_FILES, MOST_TOTAL = 50_000, 512 << 20
"""Members that are looked at, and bytes that they may have together."""
_PROBLEMS = (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError,
             RuntimeError, NotImplementedError)  # fmt: skip
"""What the libraries raise for a damaged archive."""


@dataclass
class ArchiveFiles:
    """The regular files of an archive by path, and the members that are left out."""

    files: dict[str, bytes] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    size: int = 0

    @property
    def is_full(self) -> bool:
        """Whether nothing more is taken."""
        return len(self.files) >= MOST_FILES or self.size >= MOST_TOTAL

    def add(self, name: str, data: bytes) -> None:
        """Add a member."""
        path = name.removeprefix("./")
        if not is_safe(path):
            self.skip(name, "its path is absolute, leads out of the archive or is not legible")
        elif path in self.files:
            self.skip(name, "the archive has another file of this name")
        elif path.startswith("__MACOSX/") or path.rpartition("/")[2].startswith("._"):
            self.skip(name, "metadata of macOS")
        elif len(data) > most_bytes(path):
            self.skip(name, f"larger than {most_bytes(path) >> 20} MiB")
        elif path.rpartition("/")[2] != MANIFEST:
            self.files[path] = data
            self.size += len(data)

    def skip(self, name: str, reason: str) -> None:
        """Leave a member out."""
        legible = "".join(letter if letter.isprintable() else "?" for letter in name[:200])
        self.skipped.append(Skipped(legible, reason))


def is_archive_data(data: bytes) -> bool:
    """Whether a file is an archive by its first bytes."""
    return (
        data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")) or data[257:262] == b"ustar"
    )


def read_archive(data: bytes, name: str) -> ArchiveFiles:
    """The files of a tar archive, packed or not, or of a zip archive. Raises Failure for a damaged one."""
    archive = ArchiveFiles()
    try:
        _read_zip(data, archive) if data.startswith(b"PK") else _read_tar(data, archive)
    except _PROBLEMS as error:
        if not archive.files:
            raise Failure(
                f"{name} cannot be read as an archive: {error}", "name a .tar, .tar.gz or .zip file"
            ) from error
        archive.skip(name, f"damaged after {len(archive.files)} files: {error}")
    return archive


def _read_zip(data: bytes, archive: ArchiveFiles) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        for member in opened.infolist():
            if archive.is_full:
                archive.skip(member.filename, "the archive is too large")
                return
            kind = stat.S_IFMT(member.external_attr >> 16)
            if member.is_dir():
                continue
            if kind and kind != stat.S_IFREG:
                archive.skip(member.filename, "a symbolic link" if kind == stat.S_IFLNK else "not a regular file")
            elif member.flag_bits & 1:
                archive.skip(member.filename, "encrypted")
            else:
                with opened.open(member) as stream:
                    archive.add(member.filename, stream.read(most_bytes(member.filename) + 1))


def _read_tar(data: bytes, archive: ArchiveFiles) -> None:
    for member, stream in _tar_members(data):
        if archive.is_full:
            archive.skip(member.name, "the archive is too large")
            return
        if member.isdir():
            continue
        if not member.isreg() or stream is None:
            link = member.issym() or member.islnk()
            archive.skip(member.name, "a link" if link else "not a regular file")
        else:
            archive.add(member.name, stream.read(most_bytes(member.name) + 1))


def _tar_members(data: bytes) -> Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]:
    with tarfile.open(fileobj=_Bounded(_unpacked(data)), mode="r|") as opened:
        for member in opened:
            yield member, opened.extractfile(member) if member.isreg() else None


def _unpacked(data: bytes) -> IO[bytes]:
    stream = io.BytesIO(data)
    if data.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=stream)  # type: ignore[return-value]
    if data.startswith(b"BZh"):
        return bz2.BZ2File(stream)
    return lzma.LZMAFile(stream) if data.startswith(b"\xfd7zXZ\0") else stream


class _Bounded(io.RawIOBase):
    """A stream of which so much can be read, also of what is skipped."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._left = stream, 2 * MOST_TOTAL

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size if size >= 0 else 1 << 16, 1 << 20))
        self._left -= len(data)
        if self._left < 0:
            raise ValueError("it unpacks to more than 1 GiB")
        return data
