"""How memories fare against the code: facts from git, remembered in the index, judged in `core.staleness`.

The code is that of one commit, HEAD's unless told otherwise; what is not committed is not looked at. Nothing here
imports libgit2 while every anchor in question was looked at in that commit before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from memcli.core.memory.document import DocumentError, Value, parse
from memcli.core.memory.staleness import (
    FRESH,
    UNANCHORED,
    WEIGHTS,
    AnchorState,
    Claim,
    Sighting,
    Staleness,
    claims,
    overall,
)
from memcli.core.memory.staleness import judge as judge_anchor
from memcli.core.memory.summary import Record
from memcli.errors import MemError
from memcli.git.layout import read_ref
from memcli.index.database.view import View
from memcli.workspace import Workspace


class Judge:
    """Judges memories at one commit of the code (default: HEAD); call `remember` once the view is closed."""

    def __init__(self, workspace: Workspace, commit: str | None = None) -> None:
        self._workspace = workspace
        self._commit = commit or read_ref(workspace.layout, "HEAD")
        self._seen: dict[Claim, Sighting] = {}
        self._new: dict[Claim, Sighting] = {}
        self._judged: dict[str, Staleness] = {}

    def of(self, view: View, records: Sequence[Record]) -> dict[str, Staleness]:
        """How each memory of the view fares, by id."""
        asked = [record for record in records if record.blob not in self._judged]
        self._judged |= self.of_fronts({record.blob: _front(view.text(record)) for record in asked})
        return {record.id: self._judged[record.blob] for record in records}

    def of_fronts(self, fronts: Mapping[str, Mapping[str, Value]]) -> dict[str, Staleness]:
        """How memories of that front matter fare, by whatever they are named."""
        claimed = {name: claims(front) for name, front in fronts.items()}
        self._look([claim for found in claimed.values() for claim in found])
        return {name: self._state(found) for name, found in claimed.items()}

    def weigh(self, view: View) -> Callable[[Sequence[Record]], Mapping[str, float]]:
        """What a search takes hits down by, for those of the view that are not fresh."""

        def factors(records: Sequence[Record]) -> Mapping[str, float]:
            return {name: WEIGHTS.get(found.state, 1.0) for name, found in self.of(view, records).items()}

        return factors

    def sighting(self, claim: Claim) -> Sighting | None:
        """What git said of an anchor that was judged; None where nobody asked it."""
        return self._seen.get(claim)

    def remember(self) -> None:
        """Keep what git was asked, so that the next call need not ask it."""
        if self._new and self._commit:
            self._workspace.index.keep_sightings(self._commit, self._new)
            self._new = {}

    def _state(self, found: Sequence[Claim]) -> Staleness:
        if not all(claim in self._seen or self._is_as_written(claim) for claim in found):
            return Staleness(UNANCHORED)  # there is no code here to judge by
        return overall([self._anchor(claim) for claim in found])

    def _anchor(self, claim: Claim) -> AnchorState:
        if self._is_as_written(claim):
            return AnchorState(claim.path, FRESH, None, "is as it was")
        return judge_anchor(claim.path, self._seen[claim])

    def _is_as_written(self, claim: Claim) -> bool:
        """Whether the code stands where it stood at writing: what the memory says of files not yet committed counts."""
        written = None if claim.verified else claim.written
        return bool(written and len(written) >= 7 and self._commit and self._commit.startswith(written))

    def _look(self, claimed: Sequence[Claim]) -> None:
        """Learn what git says of the claims, from what is remembered as far as it goes."""
        wanted = [one for one in dict.fromkeys(claimed) if one not in self._seen and not self._is_as_written(one)]
        if not wanted or self._commit is None:
            return
        self._seen |= self._workspace.index.sightings(self._commit, wanted)
        missing = [claim for claim in wanted if claim not in self._seen]
        if missing:
            self._new |= _sightings(self._workspace, self._commit, missing)
            self._seen |= self._new


def _sightings(workspace: Workspace, commit: str, wanted: Sequence[Claim]) -> dict[Claim, Sighting]:
    """What git says; nothing where the commit cannot be read: an answer is worth more than its staleness."""
    from memcli.git.anchor_status import Asked, traces
    from memcli.git.quick_status import glances

    asked = {claim: Asked(*claim) for claim in wanted}
    found = glances(workspace.layout.git_dir, commit, list(asked.values()))
    left = [one for one in asked.values() if one not in found]
    with suppress(MemError):
        found |= zip(left, traces(workspace.code_at(commit), left), strict=True) if left else ()
    return {claim: Sighting(*found[one]) for claim, one in asked.items() if one in found}


def _front(text: str) -> Mapping[str, Value]:
    """A memory's front matter, read only where it may name a path at all."""
    if "paths" not in text:
        return {}
    try:
        return parse(text).front()
    except DocumentError:
        return {}
