"""`mem why FILE:LINE`: from a line of code to the commit that brought it, its session, and what that had read."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from stat import S_ISREG

from memcli.core.session.reads import HYDRATE, Read
from memcli.core.text.line_map import map_line_back
from memcli.errors import MemError, NotFound
from memcli.git.command import ask_git
from memcli.git.ref_files import read_ref
from memcli.operations.provenance.authorship import CommitOrigin, commit_origin
from memcli.operations.views.reader import Reader
from memcli.operations.writing.transaction import drain_before_reading
from memcli.store import parse_memory
from memcli.workspace import Workspace

LARGEST = 16 << 20
_ASKED = re.compile(r"(.+):([1-9][0-9]{0,8})(?:@([^:]+))?", re.DOTALL)
_BLAME = ("-c", "blame.ignoreRevsFile=", "blame", "--porcelain", "--no-textconv")


@dataclass(frozen=True)
class LineReference:
    """A line of a file as somebody names it; without `revision`, as it is in the worktree."""

    file: str
    line: int
    revision: str | None


@dataclass(frozen=True)
class RecordedRead:
    """A recall or a pack (then `pack` is its hash) that a session was given: (id, title as it was) of each memory."""

    op: str
    at: str
    query: str
    pack: str | None
    ids: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class CodeLine:
    """Where a line comes from; without `commit` it is not committed, without `session` nobody recorded whose it is."""

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


def parse_line_reference(text: str) -> LineReference | None:
    """`FILE:LINE` or `FILE:LINE@REV`, None for anything else."""
    found = _ASKED.fullmatch(text)
    return LineReference(found[1], int(found[2]), found[3]) if found else None


def trace_line(workspace: Workspace, asked: LineReference) -> CodeLine:
    """Where a line of code comes from. Raises NotFound, NoStore, Failure."""
    drain_before_reading(workspace)
    commit = workspace.odb.resolve(asked.revision) if asked.revision else read_ref(workspace.layout, "HEAD")
    path = _path(workspace, asked.file)
    committed = _committed(workspace, commit, path) if commit else None
    current = _current(workspace, path) if not asked.revision else None
    if committed is None and current is None:
        raise NotFound(f"no file {path!r} at {asked.revision or 'HEAD'}", "name it from the top of the repository")
    lines = _lines(current if current is not None else committed or b"")
    if asked.line > len(lines):
        raise NotFound(f"{path} has {len(lines)} lines, not {asked.line}", "name a line that it has")
    place = map_line_back(_lines(committed or b""), lines, asked.line - 1)
    found = CodeLine(path, asked.line, lines[asked.line - 1].decode("utf-8", "replace"))
    if commit is None or place is None:
        return found
    return _explained(workspace, found, _blamed(workspace, commit, path, place + 1))


def _path(workspace: Workspace, file: str) -> str:
    """The path from the top of the repository: as it is said, else from where the caller stands."""
    top, here = workspace.layout.worktree, workspace.config.directory
    said = PurePosixPath(file)
    if top and (said.is_absolute() or not Path(top, said).exists()):
        near = Path(os.path.normpath(here / file))
        try:
            return near.relative_to(Path(top).resolve()).as_posix() if near.exists() else said.as_posix()
        except ValueError:
            return said.as_posix()
    return said.as_posix()


def _committed(workspace: Workspace, commit: str, path: str) -> bytes | None:
    blob = workspace.odb.file(workspace.odb.commit(commit).tree, path)
    return workspace.odb.blob(blob) if blob else None


def _current(workspace: Workspace, path: str) -> bytes | None:
    """The file in the worktree, None where none of a size to read is there."""
    top = workspace.layout.worktree
    if not top or {"..", ".git"} & set(PurePosixPath(path).parts):
        return None
    file = Path(top, path)
    try:
        found = file.lstat()
        return file.read_bytes() if S_ISREG(found.st_mode) and found.st_size <= LARGEST else None
    except (OSError, ValueError):
        return None


def _lines(data: bytes) -> list[bytes]:
    """The lines as git counts them, without their ends: a checkout may have others than the commit."""
    return [line.removesuffix(b"\r") for line in data.removesuffix(b"\n").split(b"\n")] if data else []


def _blamed(workspace: Workspace, commit: str, path: str, line: int) -> str:
    """The commit that brought a line. Raises Failure in git's words."""
    words = [*_BLAME, "-L", f"{line},{line}", commit, "--", path]
    said = ask_git(workspace.layout.common_dir, *words)
    if not said:
        from memcli.git.command import run_git

        said = run_git(workspace.layout.common_dir, *words)  # it may only have taken too long
    return said.split(" ", 1)[0]


def _explained(workspace: Workspace, line: CodeLine, commit: str) -> CodeLine:
    code, work = workspace.odb.commit(commit), commit_origin(workspace, commit)
    state, subject = work.state if work else None, code.message.strip().partition("\n")[0]
    return CodeLine(
        line.file, line.line, line.text, code.id, workspace.odb.authored(commit), subject, code.author,
        work.session if work else None, state.agent if state else None, state.task or None if state else None,
        _shown(workspace, work) if work else (),
    )  # fmt: skip


def _shown(workspace: Workspace, work: CommitOrigin) -> tuple[RecordedRead, ...]:
    titles = dict[str, str | None]()
    return tuple(_as_shown(workspace, read, titles) for read in work.reads)


def _as_shown(workspace: Workspace, read: Read, titles: dict[str, str | None]) -> RecordedRead:
    for _, blob in read.ids:
        if blob not in titles:
            titles[blob] = _title(workspace, blob)
    ids = tuple((one, titles[blob]) for one, blob in read.ids)
    return RecordedRead(read.op, read.at, read.query, read.sha256 if read.op == HYDRATE else None, ids)


def _title(workspace: Workspace, blob: str) -> str | None:
    """The title in a blob; None where this clone does not have it, it is no memory, or none to show to the caller."""
    try:
        memory = parse_memory(workspace.odb.blob(blob), "semantic/general/read.md").memory
    except MemError:
        return None
    return memory.title if memory and Reader(workspace).visibility.shows(memory) else None
