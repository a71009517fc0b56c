"""What `mem bootstrap` is asked for, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from memcli.core.finding import Finding
from memcli.core.memory.memory import Memory
from memcli.core.sources.source_reader import Skipped
from memcli.core.worth.selection import DEFAULT_LIMIT, NEAR_COPY
from memcli.core.worth.worth import WeighedExtract
from memcli.operations.bootstrap.source_changes import SourceChange

DIARIES = "diaries"
"""The option that asks for entries about a day; the others ask for readers."""

Watch = Callable[[str, int, int], None]
"""Told of progress: what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class BootstrapRequest:
    """What to read: `paths` that a person named, else HEAD and its history; `options`: what is read only when asked
    for (`docs`, `code`, `diaries`); `sources`: names of the only readers wanted; `limit`: None for all; `verb`: what
    the operation and its session are called."""

    paths: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    limit: int | None = DEFAULT_LIMIT
    dry_run: bool = False
    verb: str = "bootstrap"


@dataclass(frozen=True)
class SourceProposal:
    """A proposed memory, the name of its reader, and its score from 0 to 1."""

    memory: Memory
    reader: str
    score: float


@dataclass(frozen=True)
class SourceSummary:
    """What became of one reader's files; `unchanged`: how many of them an earlier run has read."""

    name: str
    title: str
    files: int = 0
    unchanged: int = 0
    proposed: int = 0
    known: int = 0
    left: int = 0


@dataclass(frozen=True)
class SkippedSource:
    """A file or a part of it of which no memory was made, or a doubt about one that was read; `reader` is empty where
    none took it."""

    reader: str
    skipped: Skipped


@dataclass(frozen=True)
class NamedPath:
    """What became of a path that a person named: how many files were read, and why the others were not."""

    argument: str
    read: int
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True)
class Bootstrapped:
    """What was proposed, best first.

    `session`: None where nothing was written; `found`: how many memories were worth proposing, of which `known` are
    stored, waiting or rejected already; `left`: reason → what was left out; `changes`: of stored memories whose
    source has changed; `refused`: the findings that kept memories out; `documents`: how many files only `--docs` reads.
    """

    session: str | None
    state: str
    found: int
    known: int
    proposed: tuple[SourceProposal, ...]
    kinds: Mapping[str, int]
    refused: tuple[Finding, ...]
    sources: tuple[SourceSummary, ...] = ()
    left: Mapping[str, tuple[WeighedExtract, ...]] = field(default_factory=dict)
    skipped: tuple[SkippedSource, ...] = ()
    notices: tuple[SkippedSource, ...] = ()
    named: tuple[NamedPath, ...] = ()
    changes: tuple[SourceChange, ...] = ()
    documents: int = 0

    def copies_of(self, proposal: SourceProposal) -> int:
        """How many near-copies of a proposal were left out."""
        copies = self.left.get(NEAR_COPY, ())
        return sum(each.worth.left_out.partition(" of ")[2] == proposal.memory.title for each in copies)

    @property
    def unread(self) -> tuple[NamedPath, ...]:
        """The paths that were named and of which nothing was read."""
        return tuple(path for path in self.named if not path.read)
