"""What was recalled since the last dream: the recorded reads of sessions, as a function of the commits that hold them.

Everything is bounded, and what cannot be read counts as not recorded: a session may come from anybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from memcli.branch import ENDED, READS, SESSIONS
from memcli.core.session.reads import Read, read_lines
from memcli.errors import MemError
from memcli.git.objects import Commit
from memcli.git.ref_files import list_refs
from memcli.sessions import is_dream
from memcli.workspace import Workspace

MOST_TIPS, MOST_READS = 500, 2_000
MOST_BYTES = 8_000_000
"""A session's reads beyond this size were not written by `mem`."""

Shown = tuple[str, str, str, str, str, tuple[tuple[str, str], ...]]
"""All of a read but how it was asked: an ended session and what a promotion brought along hold the same ones."""


def commits_with_reads(
    workspace: Workspace, since: datetime | None, watermark: str | None, tip: str
) -> tuple[str, ...]:
    """The commits whose recorded reads count, sorted: what the promotions in `watermark..tip` brought along, and the
    tips of sessions, open or ended; of those made after `since` the newest, each file of reads once."""
    found: dict[str, Commit] = {}
    for commit_id in _candidates(workspace, watermark, tip):
        blob, commit = _recorded(workspace, commit_id)
        if blob and commit and (since is None or commit.at > since):
            found.setdefault(blob, commit)
    newest = sorted(found.values(), key=lambda one: (one.at, one.id))[-MOST_TIPS:]
    return tuple(sorted(commit.id for commit in newest))


def _candidates(workspace: Workspace, watermark: str | None, tip: str) -> Iterator[str]:
    """Promotions first: what they brought stays reachable when a session's ref has gone."""
    for commit in islice(workspace.odb.first_parents(tip, watermark), MOST_TIPS):
        yield from commit.parents[1:]
    for prefix in (ENDED, SESSIONS):
        listed = list_refs(workspace.layout, prefix)
        yield from (target for ref, target in listed if not is_dream(ref.removeprefix(prefix)))


def _recorded(workspace: Workspace, commit_id: str) -> tuple[str | None, Commit | None]:
    """(blob of the reads, commit); None where there are none, or where this clone does not have them."""
    try:
        commit = workspace.odb.commit(commit_id)
        blob = workspace.odb.file(commit.tree, READS)
        return (blob if blob and workspace.odb.size(blob) <= MOST_BYTES else None), commit
    except MemError:
        return None, None


def load_reads(workspace: Workspace, tips: Iterable[str]) -> list[Read]:
    """The reads that these commits hold, each once, oldest first; the newest where there are too many."""
    recorded = [_recorded(workspace, one) for one in sorted(set(tips))]
    newest = sorted(((commit.at, blob) for blob, commit in recorded if blob and commit), reverse=True)
    found: dict[Shown, Read] = {}
    for _, blob in newest:
        found |= _of_file(workspace, blob)
        if len(found) >= MOST_READS:
            break
    return sorted(found.values(), key=lambda one: (one.at, one.sha256, one.query))[-MOST_READS:]


def _of_file(workspace: Workspace, blob: str) -> dict[Shown, Read]:
    try:
        text = workspace.store.text(blob)
    except MemError:
        return {}
    every = list(read_lines(text))[-MOST_READS:]
    return {(one.op, one.at, one.tree, one.query, one.sha256, one.ids): one for one in every}


def use_counts(found: Sequence[Read]) -> Counter[str]:
    """How often each memory was shown, by id."""
    return Counter(memory_id for read in found for memory_id in {memory_id for memory_id, _ in read.ids})
