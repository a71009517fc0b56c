"""The history of each memory, read off the steps of the store in one walk."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from memcli.core.review.candidates import ADDED, Candidate
from memcli.errors import MemError
from memcli.git.objects import Delta
from memcli.operations.report.store_steps import StoreStep
from memcli.store import Store, file_candidate

REMOVED = "removed"
CONTEXT = 1
"""Lines around a change that a diff shows: the whole memory stands beside it."""
MOST_LINES = 200
"""Lines of one diff: `mem diff` shows all of it."""
_SAME, _GONE, _NEW, _GAP = " ", "-", "+", "@"
DiffPart = tuple[str, str]
"""`+` (new lines), `-` (old ones), ` ` (those around them) or `@` (a gap), and the text."""


@dataclass(frozen=True)
class MemoryChange:
    """What one step did to a memory: `change` is `added`, `changed`, its new status, or `removed`; no diff where it was
    added, and none (`is_readable` false) where git has lost one of its texts."""

    step: StoreStep
    change: str
    diff: tuple[DiffPart, ...] = ()
    is_readable: bool = True


def changes_by_path(store: Store, steps: Sequence[StoreStep]) -> dict[str, list[MemoryChange]]:
    """The changes at each path of the store, newest first."""
    store.odb.prefetch(blob for step in steps for delta in step.deltas if delta.old for blob in _blobs(delta))
    changes: dict[str, list[MemoryChange]] = defaultdict(list)
    for step in steps:
        for delta in step.deltas:
            changes[delta.path].append(_change(store, step, delta))
    return changes


def _blobs(delta: Delta) -> Iterator[str]:
    yield from (blob for blob in (delta.old, delta.new) if blob)


def _change(store: Store, step: StoreStep, delta: Delta) -> MemoryChange:
    if delta.old is None:
        return MemoryChange(step, ADDED)
    if delta.new is None:
        return MemoryChange(step, REMOVED)
    try:
        candidate = file_candidate(delta.path, store.text(delta.old), store.odb.blob(delta.new))
    except MemError:
        return MemoryChange(step, "changed", is_readable=False)
    return MemoryChange(step, _change_word(candidate), tuple(diff_parts(candidate.old_text, candidate.new_text)))


def _change_word(candidate: Candidate) -> str:
    """The new status where that has changed."""
    before, after = candidate.before, candidate.after
    return after.status if before and after and after.status != before.status else candidate.change


def diff_parts(old: str, new: str) -> Iterator[DiffPart]:
    """The difference of two texts, lines of one kind together."""
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=CONTEXT))[3:]
    cut = [_GAP] if len(lines) > MOST_LINES else []
    for kind, group in groupby(lines[:MOST_LINES] + cut, key=lambda line: line[:1]):
        yield kind, "" if kind == _GAP else "\n".join(line[1:] for line in group)
