"""What tests of readers start from: files as one tree, read and dated as bootstrap does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from memcli.core.memory.memory import Memory
from memcli.core.sources.dating import dated_memories
from memcli.core.sources.extraction import read_commits
from memcli.core.sources.passages import CommitMessage, SourceFile, utc_instant
from memcli.core.sources.source_reading import read_sources
from memcli.core.sources.source_registry import OPTIONS
from memcli.core.sources.source_tree import SourceTree


def extract_memories(
    files: Sequence[SourceFile],
    commits: Sequence[CommitMessage] = (),
    known_paths: Collection[str] = (),
    options: Collection[str] = OPTIONS,
) -> list[Memory]:
    """The memories of files and commits, each with the date of its file; `known_paths`: other paths of the tree."""
    texts = dict.fromkeys(known_paths, "") | {file.path: file.text for file in files}
    tree = SourceTree(dict.fromkeys(texts, ""), lambda path: texts[path].encode("utf-8", "surrogateescape"))
    readings = [*read_sources(tree, options), read_commits(commits, tree)]
    extracts = [extract for reading in readings for extract in reading.reading.extracts]
    by_file = {file.path: utc_instant(file.date) for file in files}
    dates: dict[str, datetime] = {
        extract.memory.source.ref or "": by_file[extract.path] for extract in extracts if extract.path in by_file
    }
    return dated_memories(extracts, dates)
