"""The files at the paths that a person named, each with the name that memories refer to it by.

Invariant: whatever is at a path, a directory that may not be entered, a pipe, a link that leads in a circle, ends in a
file or in a line that says why it was not read.
"""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from memcli.core.exchange.export_registry import MANIFEST
from memcli.core.sources.source_reader import Skipped
from memcli.errors import NotFound
from memcli.git.layout import TREE_DIR
from memcli.system.typed_paths import typed_path

_SKIPPED_DIRECTORIES = (".git", TREE_DIR, "node_modules", ".venv")


@dataclass(frozen=True)
class NamedFiles:
    """What is at one path as it was typed: the files by their names (None: as the code at HEAD has it), and what cannot
    be read; `is_inside`: names are paths of the repository."""

    argument: str
    files: Mapping[str, Path | None]
    unreadable: tuple[Skipped, ...]
    is_inside: bool
    is_directory: bool


def named_files(argument: str, directory: Path, root: Path | None) -> NamedFiles:
    """The files at a path, relative to `directory`. Those outside of the root are named from the parent of the path.
    Raises NotFound."""
    path = typed_path(argument, directory)
    if not os.path.lexists(path):
        raise NotFound(f"no such file or directory: {argument}", "name files or directories that exist")
    place = path.parent.resolve() / path.name if path.is_symlink() else path.resolve()
    inside = root is not None and place.is_relative_to(root)
    base = root if root is not None and inside else place.parent
    files: dict[str, Path | None] = {}
    unreadable: list[Skipped] = []
    for file, reason in _listed(place):
        name = file.relative_to(base).as_posix()
        if not name.isprintable():
            unreadable.append(Skipped(name, "its name has control characters"))
        elif reason:
            unreadable.append(Skipped(name, reason))
        else:
            files[name] = file
    return NamedFiles(argument, files, tuple(unreadable), inside, place.is_dir())


def files_of_code(argument: str, paths: Iterable[str]) -> NamedFiles:
    """The files at a path of the code, for a bare repository, which has no others. Raises NotFound."""
    path = posixpath.normpath(argument)
    files = [name for name in paths if path in (".", name) or name.startswith(f"{path}/")]
    if not files:
        raise NotFound(f"no such file or directory at HEAD: {argument}", "name files or directories that HEAD has")
    return NamedFiles(argument, dict.fromkeys(files), (), True, files != [path])


def _listed(place: Path) -> Iterator[tuple[Path, str]]:
    """Every file at a place in order; why it cannot be read, empty where it can."""
    if not place.is_dir():
        yield place, _problem(place, is_named=True)
        return
    problems: list[tuple[Path, str]] = []
    for top, directories, names in os.walk(place, onerror=lambda error: problems.append(_listing_problem(error))):
        directories[:] = sorted(name for name in directories if name not in _SKIPPED_DIRECTORIES)
        yield from ((Path(top, name), _problem(Path(top, name))) for name in sorted(names) if name != MANIFEST)
    yield from problems


def _listing_problem(error: OSError) -> tuple[Path, str]:
    return Path(error.filename), f"cannot be listed: {error.strerror}"


def _problem(file: Path, is_named: bool = False) -> str:
    if ".git" in file.parts:
        return "in a git directory"
    try:
        if file.is_symlink() and not is_named:
            return "a symbolic link"
        return "" if stat.S_ISREG(file.stat().st_mode) else "not a regular file"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
