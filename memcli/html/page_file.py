"""Pages as files: written whole, and over nothing that is not a page of ours."""

from __future__ import annotations

import os
from pathlib import Path

from memcli.errors import Failure, Refused
from memcli.system.durable_files import replace
from memcli.system.file_modes import make_directory

_MARK = b'<meta name="generator" content="mem">'
"""Stands at the top of every page (`templates/base.html.j2`)."""


def write_page(file: Path, html: str) -> None:
    """Write a page, in place of an older one; a device or pipe is written to. Raises Refused where the file holds
    something else, Failure where it cannot be written."""
    try:
        if file.exists() and not file.is_file():
            file.write_bytes(html.encode())  # a directory is an OSError
            return
        refuse_other_file(file)
        replace(os.path.realpath(file), html.encode())
    except OSError as error:
        reason = error.strerror or str(error)
        raise Failure(f"{file} cannot be written: {reason}", "name another file with '--output FILE'") from error


def make_place(directory: Path) -> None:
    """Make the directory that pages are written into. Raises Failure."""
    try:
        make_directory(directory)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Failure(f"{directory} cannot be made: {reason}", "name another file with '--output FILE'") from error


def refuse_other_file(file: Path) -> None:
    """Raise Refused where a file is there that is not a page of ours and not empty."""
    if file.is_file():
        with file.open("rb") as stream:
            start = stream.read(1024)
        if start and _MARK not in start:
            raise Refused(f"{file} exists and was not written by mem", "name another file, or remove it first")
