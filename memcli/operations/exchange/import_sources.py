"""`mem import`: propose the memories that are in files, in an archive, or on stdin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from memcli.core.sources.source_reader import Skipped
from memcli.core.sources.source_tree import SourceTree
from memcli.operations.bootstrap.bootstrap import bootstrap
from memcli.operations.bootstrap.bootstrapped import DIARIES, Bootstrapped, BootstrapRequest, Watch
from memcli.operations.bootstrap.named_files import NamedFiles
from memcli.operations.bootstrap.read_sources import NamedTree
from memcli.operations.bootstrap.source_trees import SourceTrees, public_text
from memcli.operations.exchange.archives import is_archive_data, read_archive
from memcli.operations.exchange.export_file import is_archive
from memcli.system.typed_paths import typed_path
from memcli.workspace import Workspace

STDIN = "stdin"
MOST_ARCHIVE = 256 << 20
"""Bytes of an archive that is read into memory."""
FORMAT_READERS: Mapping[str, tuple[str, ...]] = {
    "markdown": ("mem-markdown",),
    "jsonl": ("mem-jsonl",),
    "claude": ("mem-copies", "claude-notes"),
}
"""What a format is called in `mem export` → the readers that read it again, where they have other names."""
_SUFFIXES = {"markdown": ".md", "okf": ".md", "jsonl": ".jsonl"}


@dataclass(frozen=True)
class ImportRequest:
    """`source`: a path as it was typed, or `-` for `data` from stdin; `reader`: the only reader wanted, empty for the
    one that takes it."""

    source: str
    data: bytes = b""
    reader: str = ""
    dry_run: bool = False


def import_sources(
    workspace: Workspace, request: ImportRequest, watch: Watch = lambda _what, _done, _total: None
) -> Bootstrapped:
    """Propose what is in a source as candidates of a session: all of it that is not known.

    Raises NoStore, NotFound, Usage, Failure for an archive that cannot be read.
    """
    named = _named_tree(SourceTrees(workspace.excludes), workspace.config.directory, request)
    readers = FORMAT_READERS.get(request.reader, (request.reader,) if request.reader else ())
    wanted = BootstrapRequest(() if named else (request.source,), (DIARIES,), readers, None, request.dry_run, "import")
    return bootstrap(workspace, wanted, named, watch)


def _named_tree(trees: SourceTrees, directory: Path, request: ImportRequest) -> NamedTree | None:
    """The tree of stdin or of an archive; None for files on disk."""
    if request.source == "-":
        if is_archive_data(request.data):
            return _archive_tree(trees, STDIN, request.data)
        name = STDIN + _suffix(request)
        return _tree(trees, "-", {name: request.data}, (), False)
    file = typed_path(request.source, directory)
    if (
        file.is_file()
        and (is_archive(file.name) or is_archive_data(_head(file)))
        and file.stat().st_size <= MOST_ARCHIVE
    ):
        return _archive_tree(trees, request.source, file.read_bytes())
    return None


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(512)
    except OSError:
        return b""


def _suffix(request: ImportRequest) -> str:
    """The suffix that a text on stdin would have as a file."""
    if request.reader in _SUFFIXES:
        return _SUFFIXES[request.reader]
    text = request.data.lstrip()
    if not text.startswith((b"{", b"[")):
        return ".md"
    return ".jsonl" if (text.startswith(b"{") and b"\n{" in text) or b"\n" not in text.strip() else ".json"


def _archive_tree(trees: SourceTrees, name: str, data: bytes) -> NamedTree:
    archive = read_archive(data, name)
    return _tree(trees, name, archive.files, tuple(archive.skipped), True)


def _tree(
    trees: SourceTrees, argument: str, files: Mapping[str, bytes], skipped: tuple[Skipped, ...], is_directory: bool
) -> NamedTree:
    included = list(trees.included(files))
    tree = SourceTree(dict.fromkeys(included, ""), lambda path: files[path], public_text, tuple(included))
    places = {path: Path(path) for path in files}
    return NamedTree(NamedFiles(argument, places, skipped, is_inside=False, is_directory=is_directory), tree)
