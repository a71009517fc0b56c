"""`mem why FILE:LINE`: the commit that brought a line of code, its session, and what that had read before."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from stat import S_ISREG

from memcli.core.session.reads import HYDRATE, Read
from memcli.core.text.line_map import map_line_back
from memcli.errors import MemError, NotFound
from memcli.git.blame import IGNORE_SPACE, BlamedLine, blame_line
from memcli.git.odb import Odb
from memcli.git.ref_files import read_ref
from memcli.git.revision import resolve_commit
from memcli.operations.provenance.attribution import PROBABLE
from memcli.operations.provenance.authorship import Authorship, CommitOrigin
from memcli.operations.provenance.code_line import CodeLinePlace
from memcli.operations.provenance.session_records import SessionRecords
from memcli.operations.views.reader import Reader
from memcli.operations.views.visibility import VisibilityFilter
from memcli.operations.writing.transaction import drain_before_reading
from memcli.store import parse_memory
from memcli.workspace import Workspace

LARGEST = 16 << 20
"""Bytes of a file in the worktree that is read."""
_REFERENCE = re.compile(r"(.+):([1-9][0-9]{0,8})(?:@([^:]+))?", re.DOTALL)


@dataclass(frozen=True)
class LineReference:
    """A line of a file as a user names it; without a revision, as it is in the worktree."""

    file: str
    line: int
    revision: str | None


@dataclass(frozen=True)
class RecordedRead:
    """A recall, or a pack with the hash `pack`, that a session was given: (id, title at that time) of each memory.

    A title is None where this clone does not have it, or where the caller may not see it.
    """

    op: str
    at: str
    query: str
    pack: str | None
    ids: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class CodeLine:
    """A line of code and its origin; `commit` is None before it is committed, `session` where none is known.

    `evidence`: `recorded`, `trailer`, `patch-id` or `lines`; `certainty`: `certain` or `probable`; `written_in`: the
    session's own commit, where that is another one; `possible_sessions`: those that have a part in the commit and may
    have written the line, where that is all that is known.
    """

    file: str
    line: int
    text: str
    commit: str | None = None
    at: datetime | None = None
    subject: str | None = None
    author: str | None = None
    session: str | None = None
    agent: str | None = None
    task: str | None = None
    reads: tuple[RecordedRead, ...] = ()
    evidence: str | None = None
    certainty: str | None = None
    written_in: str | None = None
    possible_sessions: tuple[str, ...] = ()


def parse_line_reference(text: str) -> LineReference | None:
    """`FILE:LINE` or `FILE:LINE@REV`; None for anything else."""
    match = _REFERENCE.fullmatch(text)
    return LineReference(match[1], int(match[2]), match[3]) if match else None


def trace_line(workspace: Workspace, reference: LineReference) -> CodeLine:
    """The origin of a line of code. Raises NotFound for a file or line that does not exist, NoStore, Failure."""
    drain_before_reading(workspace)
    odb, layout, revision = workspace.odb, workspace.layout, reference.revision
    commit = resolve_commit(odb, layout, revision) if revision else read_ref(layout, "HEAD")
    path = _repository_path(layout.worktree, workspace.config.directory, reference.file)
    committed = _committed(odb, commit, path) if commit else None
    current = None if revision else _worktree_file(layout.worktree, path)
    lines = _lines(current if current is not None else committed)
    if current is None and committed is None:
        raise NotFound(f"no file {path!r} at {revision or 'HEAD'}", "give its path from the top of the repository")
    if reference.line > len(lines):
        raise _no_line(path, len(lines), reference.line)
    line = CodeLine(path, reference.line, lines[reference.line - 1].decode("utf-8", "replace"))
    position = map_line_back(_lines(committed), lines, reference.line - 1)
    if commit is None or position is None:
        return line
    authorship = Authorship(SessionRecords.of(layout, workspace.store), workspace.sessions, workspace.journal)
    known = KnownLine(layout.common_dir, authorship, commit, path, position + 1)
    line = _with_commit(line, odb, known.blamed.commit)
    return _with_origin(line, known.origin(lines[reference.line - 1]), _titles(odb, Reader(workspace).visibility))


@dataclass(frozen=True)
class KnownLine:
    """A committed line of a file, whose origin is looked for."""

    common_dir: str
    authorship: Authorship
    commit: str
    path: str
    number: int

    @cached_property
    def blamed(self) -> BlamedLine:
        """The commit that brought the line. Raises Failure."""
        return blame_line(self.common_dir, self.commit, self.path, self.number)

    def origin(self, text: bytes) -> CommitOrigin:
        """The session that wrote the line; where nobody knows one, and its commit only changed its white space, the
        session that wrote it before."""
        origin = self._origin(self.blamed, text)
        if origin.session or origin.attribution.possible:
            return origin
        written = blame_line(self.common_dir, self.commit, self.path, self.number, IGNORE_SPACE)
        earlier = self._origin(written, text) if written.commit != self.blamed.commit else origin
        return (
            replace(earlier, attribution=replace(earlier.attribution, certainty=PROBABLE))
            if earlier.session
            else origin
        )

    def _origin(self, line: BlamedLine, text: bytes) -> CommitOrigin:
        return self.authorship.of_line(line.commit, CodeLinePlace(line.path, line.number, text))


def _no_line(path: str, count: int, line: int) -> NotFound:
    lines = "1 line" if count == 1 else f"{count} lines"
    return NotFound(
        f"{path} has {lines}, not {line}", f"use a line from 1 to {count}" if count else "name another file"
    )


def _repository_path(top: str, here: Path, file: str) -> str:
    """The path from the top of the repository; a path that is not there is taken relative to the caller's directory."""
    path = PurePosixPath(file)
    if top and (path.is_absolute() or not Path(top, path).exists()):
        near = Path(os.path.normpath(here / file))
        try:
            return near.relative_to(Path(top).resolve()).as_posix() if near.exists() else path.as_posix()
        except ValueError:
            return path.as_posix()
    return path.as_posix()


def _committed(odb: Odb, commit: str, path: str) -> bytes | None:
    blob = odb.file(odb.commit(commit).tree, path)
    return odb.blob(blob) if blob else None


def _worktree_file(top: str, path: str) -> bytes | None:
    """A file in the worktree; None where it is missing, too large or not a regular file."""
    if not top or {"..", ".git"} & set(PurePosixPath(path).parts):
        return None
    file = Path(top, path)
    try:
        status = file.lstat()
        return file.read_bytes() if S_ISREG(status.st_mode) and status.st_size <= LARGEST else None
    except (OSError, ValueError):
        return None


def _lines(data: bytes | None) -> list[bytes]:
    """The lines as git counts them, without line endings, which a checkout may have converted."""
    return [line.removesuffix(b"\r") for line in data.removesuffix(b"\n").split(b"\n")] if data else []


def _with_commit(line: CodeLine, odb: Odb, commit: str) -> CodeLine:
    """The line with what git knows of the commit that brought it."""
    code = odb.commit(commit)
    subject = code.message.strip().partition("\n")[0]
    return replace(line, commit=code.id, at=odb.authored(commit), subject=subject, author=code.author)


def _with_origin(line: CodeLine, origin: CommitOrigin, title_of: Callable[[str], str | None]) -> CodeLine:
    """The line with the session that wrote it, and what that had read."""
    made, state, attribution = origin.attribution.made, origin.state, origin.attribution
    if made is None:
        return replace(line, possible_sessions=attribution.possible)
    return replace(
        line,
        session=origin.session,
        agent=state.agent if state else None,
        task=state.task or None if state else None,
        reads=tuple(_recorded_read(read, title_of) for read in origin.reads),
        evidence=attribution.evidence,
        certainty=attribution.certainty,
        written_in=made.commit if made.commit != line.commit else None,
    )


def _recorded_read(read: Read, title_of: Callable[[str], str | None]) -> RecordedRead:
    ids = tuple((memory_id, title_of(blob)) for memory_id, blob in read.ids)
    return RecordedRead(read.op, read.at, read.query, read.sha256 if read.op == HYDRATE else None, ids)


def _titles(odb: Odb, visibility: VisibilityFilter) -> Callable[[str], str | None]:
    """Reads the title of a memory's blob, once each; None where it is missing or hidden from the caller."""

    @cache
    def title_of(blob: str) -> str | None:
        try:
            memory = parse_memory(odb.blob(blob), "semantic/general/read.md").memory
        except MemError:
            return None
        return memory.title if memory and visibility.shows(memory) else None

    return title_of
