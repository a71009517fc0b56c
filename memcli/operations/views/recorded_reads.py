"""The reads that sessions recorded since the last dream, as a function of the commits that hold them.

Everything is bounded, and whatever cannot be read counts as not recorded: a session may come from anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from memcli.branch import ENDED, READS, SESSIONS
from memcli.core.memory.instants import parse_instant
from memcli.core.session.names import is_dream
from memcli.core.session.reads import Read, read_lines
from memcli.errors import MemError
from memcli.git.layout import Layout
from memcli.git.objects import Commit
from memcli.git.odb import Odb
from memcli.git.ref_files import list_refs
from memcli.index.storage.use_counts import weighed_uses, write_uses
from memcli.store import Store

MOST_COMMITS, MOST_READS = 500, 2_000
MOST_BYTES = 8_000_000
"""A larger file of reads was not written by `mem`."""

ReadKey = tuple[str, str, str, str, str, tuple[tuple[str, str], ...]]
"""What identifies a read: an ended session and its promotion hold the same ones."""


class RecordedReads:
    """Finds and loads the recorded reads of sessions."""

    def __init__(self, layout: Layout, odb: Odb, store: Store) -> None:
        self._layout, self._odb, self._store = layout, odb, store

    def commits(self, since: datetime | None, watermark: str | None, tip: str) -> tuple[str, ...]:
        """The ids of the commits that hold reads made after `since`, sorted: each file once, the newest commits.

        They are what the promotions in `watermark..tip` brought along, and the tips of open and ended sessions.
        """
        by_file: dict[str, Commit] = {}
        for commit_id in self._candidates(watermark, tip):
            blob, commit = self._file_of(commit_id)
            if blob and commit and (since is None or commit.at > since):
                by_file.setdefault(blob, commit)
        newest = sorted(by_file.values(), key=lambda commit: (commit.at, commit.id))[-MOST_COMMITS:]
        return tuple(sorted(commit.id for commit in newest))

    def _candidates(self, watermark: str | None, tip: str) -> Iterator[str]:
        """Promotions first: what they brought stays reachable when the session's ref has gone."""
        for commit in islice(self._odb.first_parents(tip, watermark), MOST_COMMITS):
            yield from commit.parents[1:]
        for prefix in (ENDED, SESSIONS):
            refs = list_refs(self._layout, prefix)
            yield from (target for ref, target in refs if not is_dream(ref.removeprefix(prefix)))

    def _file_of(self, commit_id: str) -> tuple[str | None, Commit | None]:
        """(blob of the reads, commit); None where there are none, or this clone does not have them."""
        try:
            commit = self._odb.commit(commit_id)
            blob = self._odb.file(commit.tree, READS)
            return (blob if blob and self._odb.size(blob) <= MOST_BYTES else None), commit
        except MemError:
            return None, None

    def load(self, commits: Iterable[str]) -> list[Read]:
        """The reads in these commits, each once, oldest first; only the newest where there are too many."""
        files = [self._file_of(commit_id) for commit_id in sorted(set(commits))]
        newest = sorted(((commit.at, blob) for blob, commit in files if blob and commit), reverse=True)
        reads: dict[ReadKey, Read] = {}
        for _, blob in newest:
            reads |= self._parse(blob)
            if len(reads) >= MOST_READS:
                break
        return sorted(reads.values(), key=lambda read: (read.at, read.sha256, read.query))[-MOST_READS:]

    def _parse(self, blob: str) -> dict[ReadKey, Read]:
        try:
            text = self._store.text(blob)
        except MemError:
            return {}
        newest = list(read_lines(text))[-MOST_READS:]
        return {(read.op, read.at, read.tree, read.query, read.sha256, read.ids): read for read in newest}


def update_use_counts(layout: Layout, odb: Odb, store: Store, tip: str) -> None:
    """Count beside the index what the sessions of this clone have read, up to a tip of the store."""
    recorded = RecordedReads(layout, odb, store)
    reads = recorded.load(recorded.commits(None, None, tip))
    shown = [(parse_instant(read.at), frozenset(memory_id for memory_id, _ in read.ids)) for read in reads if read.at]
    write_uses(Path(layout.mem_dir, "index"), weighed_uses(shown))
