"""`mem export`: the memories of the store as its caller sees them, written in a format of another tool."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from memcli.core.exchange.claude_notes import INDEX
from memcli.core.exchange.export_registry import BLOCK, DIRECTORY, FILE, FORMATS, SHARED, ExportFormat
from memcli.core.exchange.exported_memory import ExportedMemory
from memcli.core.exchange.instructions_block import DEFAULT_BUDGET, instructions_block
from memcli.core.memory.document import DocumentError, parse_document
from memcli.core.memory.schema import read_memory
from memcli.core.memory.summary import Filters, MemorySummary
from memcli.errors import Refused, Usage
from memcli.index.database.view import View
from memcli.operations.exchange.export_directory import ExportContent, WrittenFiles, write_directory
from memcli.operations.exchange.export_file import archive_of, is_archive, write_block, write_file
from memcli.operations.memories.narrowing import EVERYTHING, Narrowing, narrow
from memcli.operations.views.damaged_index import retry_when_damaged
from memcli.operations.views.reader import Reader
from memcli.workspace import Workspace

AGENTS_FILE, CLAUDE = "AGENTS.md", "claude"
UNREADABLE, NO_ROOM = "file cannot be read", "no room in the budget"


@dataclass(frozen=True)
class ExportRequest:
    """`target`: a directory or file, None for stdout; `filters`, `narrowing` and `as_of` as in `mem list`; `budget`:
    tokens of a block; `removes`: take away what was exported; `replaces`: a file that exists."""

    format: str
    target: Path | None
    filters: Filters = field(default_factory=Filters)
    narrowing: Narrowing = EVERYTHING
    as_of: str | None = None
    budget: int = DEFAULT_BUDGET
    removes: bool = False
    replaces: bool = False


@dataclass(frozen=True)
class ExportedMemories:
    """What was exported: how many memories, and how many of them wait for review; `left`: reason → how many were not;
    what became of files; `text`: what belongs on stdout, None where it went to files."""

    format: ExportFormat
    count: int
    candidates: int
    left: Mapping[str, int]
    files: WrittenFiles
    text: str | None = None
    warnings: tuple[str, ...] = ()


def export_memories(workspace: Workspace, request: ExportRequest) -> ExportedMemories:
    """Write the memories that pass the filters.

    Raises Usage, NoStore, NotFound, Refused where files of others are in the way, Failure.
    """
    export_format = FORMATS[request.format]
    place = _place(export_format, request.target)
    _check(request, place)
    if request.target and _is_in_git_directory(request.target, workspace.layout.common_dir):
        raise Refused(f"{request.target} is in a git directory", "name another place with --to")
    memories, left, warnings = ([], Counter[str](), ()) if request.removes else _read(Reader(workspace), request)
    taken = [exported for exported in memories if export_format.takes(exported)]
    left[export_format.others] += len(memories) - len(taken)
    if place == BLOCK:
        block = instructions_block(taken, request.budget)
        left[NO_ROOM] += block.left
        count, files, text = block.shown, *_write_block(request, block.text)
    else:
        count, files, text = len(taken), *_write_files(request, export_format, place, taken)
    candidates = sum(bool(exported.candidate_of) for exported in taken)
    return ExportedMemories(export_format, count, candidates, +left, files, text, warnings)


def _place(export_format: ExportFormat, target: Path | None) -> str:
    """Where an export goes: Claude's memory is a directory, and CLAUDE.md a file with a block."""
    if export_format.name != CLAUDE:
        return export_format.place
    is_file = target is None or target.is_file() or (target.suffix.lower() == ".md" and not target.is_dir())
    return BLOCK if is_file and not (target and is_archive(target.name)) else SHARED


def _check(request: ExportRequest, place: str) -> None:
    """Raise Usage where the target cannot take the format."""
    name = request.format
    if request.target is None and place in (DIRECTORY, SHARED):
        raise Usage(
            f"{name} cannot be written to stdout: it is several files",
            "name a directory, or an archive such as memories.tar.gz, with --to",
        )
    if request.removes and (request.target is None or place == FILE or is_archive(request.target.name)):
        raise Usage(
            "--remove works on exported directories and blocks only",
            "name one of these with --to, or delete the file yourself",
        )


def _is_in_git_directory(target: Path, common_dir: str) -> bool:
    """Whether a target is among git's own files, also through links."""
    place = Path(os.path.realpath(target))
    return ".git" in place.parts or place.is_relative_to(os.path.realpath(common_dir))


@retry_when_damaged
def _read(reader: Reader, request: ExportRequest) -> tuple[list[ExportedMemory], Counter[str], tuple[str, ...]]:
    """The memories that pass, the oldest first; how many of them have files that cannot be read."""
    judge = reader.judge()
    with reader.view_at(reader.snapshot(request.as_of), session=request.narrowing.session) as view:
        narrowed = narrow(reader, view, request.filters, request.narrowing, judge)
        reader.visibility.apply(view, narrowed.filters)
        records = sorted(view.records(narrowed.filters), key=lambda record: record.id)
        memories = [_exported(view, record) for record in records]
    judge.remember()
    readable = [exported for exported in memories if exported]
    return readable, Counter({UNREADABLE: len(memories) - len(readable)}), narrowed.warnings


def _exported(view: View, record: MemorySummary) -> ExportedMemory | None:
    try:
        document = parse_document(view.text(record))
        memory, _ = read_memory(document)
    except DocumentError:
        return None
    return ExportedMemory(memory, document, record.path, record.candidate_of or "") if memory else None


def _write_block(request: ExportRequest, text: str) -> tuple[WrittenFiles, str | None]:
    if request.target is None:
        return WrittenFiles(), text
    file = request.target / AGENTS_FILE if request.target.is_dir() else request.target
    return write_block(file, text.encode()), None


def _write_files(
    request: ExportRequest, export_format: ExportFormat, place: str, memories: Sequence[ExportedMemory]
) -> tuple[WrittenFiles, str | None]:
    assert export_format.files
    texts = {} if request.removes else export_format.files(memories)
    files = {path: text.encode("utf-8", "surrogateescape") for path, text in texts.items()}
    if request.target is None:
        return WrittenFiles(), "".join(texts.values())
    if is_archive(request.target.name):
        return write_file(request.target, archive_of(request.target.name, files), request.replaces), None
    if place == FILE and not request.target.is_dir():
        return write_file(request.target, b"".join(files.values()), request.replaces), None
    blocks = frozenset([INDEX]) if export_format.name == CLAUDE else frozenset[str]()
    return write_directory(request.target, ExportContent(files, blocks, place == SHARED)), None
