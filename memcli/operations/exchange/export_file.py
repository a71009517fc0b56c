"""An export as one file: a marked block in a file of the user's, a file of memories, or an archive."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from memcli.errors import Failure, Refused
from memcli.operations.exchange.export_directory import (
    KeptFile,
    WrittenFiles,
    block_problem,
    with_exported_block,
)
from memcli.operations.hooks.replace_file import read_content, rewrite
from memcli.system import durable_files

ARCHIVES = (".tar.gz", ".tgz", ".tar", ".zip")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip archive can have: the same memories give the same bytes."""


def write_block(file: Path, block: bytes) -> WrittenFiles:
    """Put a block into a file whose other lines are the user's, or take it out where it is empty; a file with nothing
    else goes. Raises Refused, Failure."""
    place = Path(os.path.realpath(file))
    try:
        if place.exists() and not place.is_file():
            raise Refused(f"{file} is not a regular file", "name another file with '--to', or '-' for stdout")
        before = read_content(place)
        if before is not None and (problem := block_problem(before)):
            return WrittenFiles(kept=(KeptFile(file.name, problem),))
        after = with_exported_block(before or b"", block)
        if after == (before or b""):
            return WrittenFiles(unchanged=(file.name,) if before else ())
        rewrite(place, before, after or None, 0o666)
    except OSError as error:
        raise _failure(file, error) from error
    return WrittenFiles(written=(file.name,)) if after else WrittenFiles(removed=(file.name,))


def write_file(file: Path, data: bytes, replaces: bool) -> WrittenFiles:
    """Write a file as a whole; another one of that name is replaced only if the caller `replaces` it. Raises Refused,
    Failure."""
    try:
        if file.exists() and not file.is_file():
            file.write_bytes(data)  # a device or a pipe; a directory is an OSError
            return WrittenFiles(written=(file.name,))
        before = read_content(file)
        if before == data:
            return WrittenFiles(unchanged=(file.name,))
        if before is not None and not replaces:
            raise Refused(f"{file} exists", "name another file, or pass --force to replace it")
        file.parent.mkdir(parents=True, exist_ok=True)
        durable_files.replace(os.path.realpath(file), data)
    except OSError as error:
        raise _failure(file, error) from error
    return WrittenFiles(written=(file.name,))


def _failure(file: Path, error: OSError) -> Failure:
    return Failure(f"{file} cannot be written: {error.strerror or error}", "name another place with '--to'")


def is_archive(name: str) -> bool:
    """Whether a file of this name is an archive."""
    return name.lower().endswith(ARCHIVES)


def archive_of(name: str, files: Mapping[str, bytes]) -> bytes:
    """Files as an archive of the kind that the name says."""
    return _zip(files) if name.lower().endswith(".zip") else _tar(name.lower(), files)


def _zip(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, _FIRST_DAY)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _tar(name: str, files: Mapping[str, bytes]) -> bytes:
    import gzip

    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for path, data in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue() if name.endswith(".tar") else gzip.compress(stream.getvalue(), mtime=0)
