"""The staleness of memories against the code: facts from git, cached in the index, judged in `core.memory.staleness`.

The code is that of one commit; what is not committed is not looked at. Nothing here imports libgit2 while every anchor
in question was looked at in that commit before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from memcli.core.memory.document import DocumentError, Value, parse_document
from memcli.core.memory.staleness import (
    FRESH,
    UNANCHORED,
    WEIGHTS,
    AnchorStaleness,
    AnchorStatus,
    RecordedAnchor,
    Staleness,
    anchor_staleness,
    memory_staleness,
    recorded_anchors,
)
from memcli.core.memory.summary import Filters, MemorySummary
from memcli.errors import MemError
from memcli.git.layout import Layout
from memcli.git.ref_files import read_ref
from memcli.index.database.view import View

if TYPE_CHECKING:
    from memcli.git.code_tree import Code
    from memcli.index.database.index import Index


class StalenessJudge:
    """Judges memories at one commit of the code (default: HEAD); call `remember` once the view is closed.

    `code_at` gives the code at a commit, for what neither the cache nor one git process can tell.
    """

    def __init__(self, layout: Layout, index: Index, code_at: Callable[[str], Code], commit: str | None = None) -> None:
        self._layout, self._index, self._code_at = layout, index, code_at
        self._commit = commit or read_ref(layout, "HEAD")
        self._seen: dict[RecordedAnchor, AnchorStatus] = {}
        self._new: dict[RecordedAnchor, AnchorStatus] = {}
        self._judged: dict[str, Staleness] = {}

    def of(self, view: View, records: Sequence[MemorySummary]) -> dict[str, Staleness]:
        """The staleness of each memory of the view, by id."""
        unjudged = [record for record in records if record.blob not in self._judged]
        self._judged |= self.of_fronts({record.blob: _front(view.text(record)) for record in unjudged})
        return {record.id: self._judged[record.blob] for record in records}

    def of_fronts(self, fronts: Mapping[str, Mapping[str, Value]]) -> dict[str, Staleness]:
        """The staleness of memories of that front matter, by whatever they are named."""
        claimed = {name: recorded_anchors(front) for name, front in fronts.items()}
        self._look([claim for own in claimed.values() for claim in own])
        return {name: self._state(own) for name, own in claimed.items()}

    def moved_on(self, view: View, filters: Filters) -> dict[str, Staleness]:
        """The memories that pass and whose code has changed or is gone, by id."""
        judged = self.of(view, view.anchored(filters))
        return {memory_id: staleness for memory_id, staleness in judged.items() if staleness.state in WEIGHTS}

    def weigh(self, view: View) -> Callable[[Sequence[MemorySummary]], Mapping[str, float]]:
        """What a search takes hits down by, for those of the view that are not fresh."""

        def factors(records: Sequence[MemorySummary]) -> Mapping[str, float]:
            judged = self.of(view, records)
            return {memory_id: WEIGHTS.get(staleness.state, 1.0) for memory_id, staleness in judged.items()}

        return factors

    def anchor_status(self, claim: RecordedAnchor) -> AnchorStatus | None:
        """What git said of an anchor that was judged; None where nobody asked it."""
        return self._seen.get(claim)

    def remember(self) -> None:
        """Keep what git was asked, so that the next call need not ask it."""
        if self._new and self._commit:
            self._index.cache_anchor_statuses(self._commit, self._new)
            self._new = {}

    def _state(self, claimed: Sequence[RecordedAnchor]) -> Staleness:
        if not all(claim in self._seen or self._is_as_written(claim) for claim in claimed):
            return Staleness(UNANCHORED)  # there is no code here to judge by
        return memory_staleness([self._anchor(claim) for claim in claimed])

    def _anchor(self, claim: RecordedAnchor) -> AnchorStaleness:
        if self._is_as_written(claim):
            return AnchorStaleness(claim.path, FRESH, None, "is as it was")
        return anchor_staleness(claim.path, self._seen[claim])

    def _is_as_written(self, claim: RecordedAnchor) -> bool:
        """Whether the code stands where it stood at writing: what the memory says of files not yet committed counts."""
        written = None if claim.verified else claim.written
        return bool(written and len(written) >= 7 and self._commit and self._commit.startswith(written))

    def _look(self, claimed: Sequence[RecordedAnchor]) -> None:
        """Learn what git says of the claims, from the cache as far as it goes."""
        unseen = [
            claim for claim in dict.fromkeys(claimed) if claim not in self._seen and not self._is_as_written(claim)
        ]
        if not unseen or self._commit is None:
            return
        self._seen |= self._index.anchor_statuses(self._commit, unseen)
        missing = [claim for claim in unseen if claim not in self._seen]
        if missing:
            self._new |= self._ask_git(self._commit, missing)
            self._seen |= self._new

    def _ask_git(self, commit: str, missing: Sequence[RecordedAnchor]) -> dict[RecordedAnchor, AnchorStatus]:
        """What git says; nothing where the commit cannot be read: an answer is worth more than its staleness."""
        from memcli.git.anchor_status import PathQuery, path_statuses
        from memcli.git.quick_status import quick_statuses

        anchors = {claim: PathQuery(*claim) for claim in missing}
        statuses = quick_statuses(self._layout.git_dir, commit, list(anchors.values()))
        left = [anchor for anchor in anchors.values() if anchor not in statuses]
        with suppress(MemError):
            statuses |= zip(left, path_statuses(self._code_at(commit), left), strict=True) if left else ()
        return {claim: AnchorStatus(*statuses[anchor]) for claim, anchor in anchors.items() if anchor in statuses}


def _front(text: str) -> Mapping[str, Value]:
    """A memory's front matter, read only where it may name a path at all."""
    if "paths" not in text:
        return {}
    try:
        return parse_document(text).front()
    except DocumentError:
        return {}
