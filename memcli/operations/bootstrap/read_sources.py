"""What `mem bootstrap` reads where nobody hands it a tree: the code's HEAD with its history, or what was named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from memcli.core.sources.extraction import read_commits
from memcli.core.sources.source_reading import SourceReading
from memcli.core.sources.source_tree import SourceTree
from memcli.git.code_tree import Code
from memcli.operations.bootstrap.bootstrapped import NamedPath
from memcli.operations.bootstrap.named_files import named_files
from memcli.operations.bootstrap.source_scan import SourceScan
from memcli.operations.bootstrap.source_trees import SourceTrees


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
    """What was read, the texts that agents read anyway, and what became of each path that was named."""

    readings: Sequence[SourceReading]
    prose: str = ""
    named: tuple[NamedPath, ...] = ()


def sources_of_tree(scan: SourceScan, tree: SourceTree) -> ReadSources:
    """What is in a tree."""
    return ReadSources(scan.tree(tree), readme(tree))


def sources_of_code(scan: SourceScan, trees: SourceTrees, place: SourcePlace) -> ReadSources:
    """What is in the files of HEAD and its history; without a commit, in the files of the worktree."""
    if place.code is None:
        return sources_named(scan, trees, place, (".",)) if place.root else ReadSources(())
    tree = trees.of_commit(place.code)
    readings = scan.tree(tree)
    if scan.reads_history:
        scan.watch("reading the history", 0, 0)
        commits = list(trees.commits(place.common_dir, place.code.commit))
        readings.append(read_commits(commits, tree.paths))
    return ReadSources(readings, readme(tree))


def sources_named(scan: SourceScan, trees: SourceTrees, place: SourcePlace, paths: Sequence[str]) -> ReadSources:
    """What is at the paths that a person named. Raises NotFound, before anything is read."""
    prose = readme(trees.of_commit(place.code)) if place.code else ""
    results = [
        scan.named(files, trees.of_files(files.files, place.code, files.is_inside))
        for files in [named_files(path, place.directory, place.root) for path in paths]
    ]
    readings = [reading for _, readings in results for reading in readings]
    return ReadSources(readings, prose, tuple(named for named, _ in results))


def readme(tree: SourceTree) -> str:
    """The text of the README at the root of a tree; empty without one."""
    names = (path for path in tree.ordered if "/" not in path and path.lower().split(".")[0] == "readme")
    return "\n".join(tree.peek(path) for path in names)
