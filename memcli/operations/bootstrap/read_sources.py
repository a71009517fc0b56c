"""What `mem bootstrap` reads where nobody hands it a tree: the code's HEAD with its history, or what was named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from memcli.core.sources.extraction import read_commits
from memcli.core.sources.source_reader import Extract
from memcli.core.sources.source_reading import SourceReading
from memcli.core.sources.source_tree import SourceTree
from memcli.core.text.instruction_files import PROSE_FILES
from memcli.git.code_tree import Code
from memcli.operations.bootstrap.bootstrapped import NamedPath
from memcli.operations.bootstrap.named_files import NamedFiles, files_of_code, named_files
from memcli.operations.bootstrap.source_scan import SourceScan
from memcli.operations.bootstrap.source_trees import SourceTrees
from memcli.system.typed_paths import typed_path


@dataclass(frozen=True)
class SourcePlace:
    """Where sources are looked for: the caller's directory, the worktree around it (None in a bare repository), the
    code at HEAD (None without a commit) and the repository's common directory."""

    directory: Path
    root: Path | None
    code: Code | None
    common_dir: str


@dataclass(frozen=True)
class ReadSources:
    """What was read, {name: text} of the files that agents read anyway, what became of each path that was named,
    the files that were named one by one, the code where all of it was read, and how many documents were not."""

    readings: Sequence[SourceReading]
    prose: Mapping[str, str] = field(default_factory=dict)
    named: tuple[NamedPath, ...] = ()
    named_files: frozenset[str] = frozenset()
    code: Code | None = None
    documents: int = 0

    @property
    def extracts(self) -> list[Extract]:
        """All that the readers made, whatever it is worth."""
        return [extract for reading in self.readings for extract in reading.reading.extracts]

    def was_read(self, path: str) -> bool:
        """Whether all that a path holds was read, or the code that was read as a whole has it no more."""
        return path in self._paths or (self.code is not None and path not in self.code.files)

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(path for reading in self.readings for path in reading.unit.paths)


@dataclass(frozen=True)
class NamedTree:
    """What a person named that is not files on disk: an archive, stdin."""

    files: NamedFiles
    tree: SourceTree


def sources_of_tree(scan: SourceScan, trees: SourceTrees, place: SourcePlace, named: NamedTree) -> ReadSources:
    """What is in a tree that was named."""
    prose = prose_of(trees.of_commit(place.code)) if place.code else {}
    outcome, readings = scan.named(named.files, named.tree)
    one_by_one = () if named.files.is_directory else named.files.files
    return ReadSources(readings, prose, (outcome,), frozenset(one_by_one))


def sources_of_code(scan: SourceScan, trees: SourceTrees, place: SourcePlace) -> ReadSources:
    """What is in the files of HEAD and its history; without a commit, in the files of the worktree."""
    if place.code is None:
        return _sources_on_disk(scan, trees, place) if place.root else ReadSources(())
    tree = trees.of_commit(place.code)
    readings = scan.tree(tree)
    if scan.reads_history:
        scan.watch("reading the history", 0, 0)
        commits = trees.commits(place.common_dir, place.code.commit)
        readings.append(read_commits(commits, tree))
    return ReadSources(readings, prose_of(tree), code=place.code, documents=scan.other_documents(tree, readings))


def _sources_on_disk(scan: SourceScan, trees: SourceTrees, place: SourcePlace) -> ReadSources:
    """What is in the files of a worktree without a commit."""
    files = named_files(".", place.root or place.directory, place.root).files
    tree = replace(trees.of_files(files, None, is_inside=True), named=())
    return ReadSources(scan.tree(tree), prose_of(tree))


def sources_named(scan: SourceScan, trees: SourceTrees, place: SourcePlace, paths: Sequence[str]) -> ReadSources:
    """What is at the paths that a person named. Raises NotFound, before anything is read."""
    prose = prose_of(trees.of_commit(place.code)) if place.code else {}
    places = [_files_at(path, place) for path in paths]
    results = [scan.named(files, trees.of_files(files.files, place.code, files.is_inside)) for files in places]
    one_by_one = frozenset(name for files in places if not files.is_directory for name in files.files)
    readings = [reading for _, readings in results for reading in readings]
    return ReadSources(readings, prose, tuple(named for named, _ in results), one_by_one)


def _files_at(path: str, place: SourcePlace) -> NamedFiles:
    """The files at a path as it was typed: on the disk; in a bare repository those of HEAD, unless it is absolute."""
    if place.root is None and place.code and not typed_path(path, Path()).is_absolute():
        return files_of_code(path, place.code.files)
    return named_files(path, place.directory, place.root)


def prose_of(tree: SourceTree) -> dict[str, str]:
    """{name: text} of the files at the root of a tree that agents read anyway."""
    return {name: tree.peek(name) for name in PROSE_FILES if name in tree.blobs}
