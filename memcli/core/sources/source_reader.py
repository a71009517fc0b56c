"""What a reader of sources is, and what it makes: the interface between the registry and each kind of source."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from memcli.core.memory.document import Document
from memcli.core.memory.memory import Memory
from memcli.core.sources.passages import EPOCH
from memcli.core.sources.source_tree import SourceTree


@dataclass(frozen=True)
class SourceUnit:
    """Files that are read together, since they refer to each other: a directory of decision records, a store of notes,
    one file of rules. `root`: the directory or file that a person would name."""

    root: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Extract:
    """One memory as a reader found it at a line of a file.

    `dated`: the source states its date; otherwise it gets the date of its lines, and an id that follows from it.
    `diary`: an entry about a day (a session log, a status report), proposed only where diaries are wanted.
    `document`: the memory's own file, where the source is a store of ours: its id, dates and other keys stay as they
    are. Without a date of creation it has an id and what was changed in a copy of that memory.
    """

    memory: Memory
    path: str
    line: int = 1
    dated: bool = False
    diary: bool = False
    document: Document | None = None


@dataclass(frozen=True)
class Skipped:
    """A file, or a part of it that begins at `line`, of which no memory was made, and why."""

    path: str
    reason: str
    line: int = 0


@dataclass(frozen=True)
class Reading:
    """What a reader made of a unit. `notices`: what is doubtful about files that were read (an unknown status word)."""

    extracts: tuple[Extract, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notices: tuple[Skipped, ...] = ()


@dataclass(frozen=True)
class SourceReader:
    """A kind of source.

    `name`: as in `--source NAME`; `title`: what a report calls its files, in the plural; `units`: the units in a tree,
    from the paths that no reader before it took; `read`: what is in a unit, raising nothing but UnreadableSource;
    `option`: the option that asks for it (`docs`, `code`), empty for those that are always read; `version`: grows when
    the same file gives other extracts.
    """

    name: str
    title: str
    units: Callable[[SourceTree, Collection[str]], Iterator[SourceUnit]]
    read: Callable[[SourceTree, SourceUnit], Reading]
    option: str = ""
    version: int = field(default=1)


def one_file_units(
    takes: Callable[[str], bool],
) -> Callable[[SourceTree, Collection[str]], Iterator[SourceUnit]]:
    """The `units` of a reader whose files are read one by one."""

    def units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
        return (SourceUnit(path, (path,)) for path in tree.ordered if path not in taken and takes(path))

    return units


def directory_units(paths_by_root: Mapping[str, list[str]]) -> Iterator[SourceUnit]:
    """One unit for each root."""
    return (SourceUnit(root, tuple(paths)) for root, paths in sorted(paths_by_root.items()))


def extracts_of(memories: Iterable[Memory]) -> tuple[Extract, ...]:
    """Memories with the file and line that their `source.ref` names, undated where their date is the epoch."""
    return tuple(_extract(memory) for memory in memories)


def _extract(memory: Memory) -> Extract:
    path, _, line = (memory.source.ref or "").partition("#L")
    return Extract(memory, path, int(line) if line.isdigit() else 1, dated=memory.created != EPOCH)
