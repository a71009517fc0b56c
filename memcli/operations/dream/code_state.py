"""The code that memories are about, at one commit of its default branch: never what happens to be checked out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import NamedTuple

from memcli.core.dream.drift import MOST_BYTES, describe_drift
from memcli.core.memory.anchors import Anchor, is_glob, tidied
from memcli.core.memory.holds_if import RuleOutcome
from memcli.core.memory.memory import Memory, memory_text
from memcli.core.memory.staleness import STALE, SUSPECT, AnchorStaleness, RecordedAnchor, Staleness, recorded_anchors
from memcli.core.review.safe_paths import unsafe_anchor
from memcli.core.text.first_few import first_few
from memcli.errors import MemError
from memcli.git.anchor_status import Asked, traces
from memcli.git.deletions import deleted
from memcli.git.queries import Told
from memcli.operations.dream.working_tree import MemoryFile
from memcli.operations.views.code_rules import outcome
from memcli.operations.views.reader import Reader
from memcli.workspace import Workspace

HEX = 8


class AnchorDeletion(NamedTuple):
    """A path and the commit that deleted it."""

    path: str
    told: Told


def _paths(memory: Memory) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tidied(anchor.path) for anchor in memory.paths))


def _by_commit(end: AnchorDeletion) -> tuple[str, str]:
    return end.told.id, end.path


def _reason(ends: Sequence[AnchorDeletion]) -> str:
    return first_few(f"{end.path} was deleted in {end.told.id[:HEX]} ({end.told.at:%Y-%m-%d})" for end in ends)


class CodeState:
    """What the default branch says of memories; call `remember` once no view is open."""

    def __init__(self, workspace: Workspace, commit: str) -> None:
        self.code = workspace.code_at(commit)
        self._workspace = workspace
        self._judge = Reader(workspace).judge(commit)

    def remember(self) -> None:
        """Keep what git was asked, for the next dream at this commit."""
        self._judge.remember()

    def fares(self, sources: Sequence[MemoryFile]) -> dict[str, Staleness]:
        """How memories fare, by id."""
        return self._judge.of_fronts({str(source.memory.id): source.document.front() for source in sources})

    def gone(self, sources: Sequence[MemoryFile]) -> dict[str, str]:
        """{id: reason} of the memories all of whose anchors the history of the branch has deleted, for good and since
        they were written."""
        fares = self.fares(sources)
        lost = [source.memory for source in sources if fares[source.memory.id].state == STALE]
        asked = {path for memory in lost for path in _paths(memory) if not unsafe_anchor(path) and not is_glob(path)}
        told = deleted(self._workspace.layout, self.code.commit, asked)
        ends = {memory.id: [self._end(memory, path, told.get(path, ())) for path in _paths(memory)] for memory in lost}
        elsewhere = self._elsewhere({end for found in ends.values() for end in found if end})
        return {
            memory_id: _reason(list(filter(None, found)))
            for memory_id, found in ends.items()
            if not any(end is None or end in elsewhere for end in found)
        }

    def _end(self, memory: Memory, path: str, told: Sequence[Told]) -> AnchorDeletion | None:
        """The newest deletion of a path that a memory cannot have known of."""
        found = next((one for one in told if not self._preceded(one, memory)), None)
        return AnchorDeletion(path, found) if found and not self.code.has(path) else None

    def _preceded(self, told: Told, memory: Memory) -> bool:
        """Whether a deletion was there when the memory was written or verified: then what it is about came back."""
        commits = (memory.verified.commit if memory.verified else None, memory.source.commit)
        known = [commit for one in commits if one and (commit := self.code.odb.commit_named(one))]
        if not known:
            return told.at < memory.created
        return any(self.code.odb.is_ancestor(told.id, commit) for commit in known)

    def _elsewhere(self, ends: Collection[AnchorDeletion]) -> set[AnchorDeletion]:
        """Those that the commit itself put elsewhere, where that is or was put on from there."""
        found: set[AnchorDeletion] = set()
        for commit, group in groupby(sorted(ends, key=_by_commit), key=lambda end: end.told.id):
            there, before = self.code.at(commit), next(iter(self.code.odb.commit(commit).parents), None)
            asked = list(group)
            went = traces(there, [Asked(end.path, None, before) for end in asked]) if there else []
            found.update(end for end, trace in zip(asked, went, strict=False) if self._is_left(trace.moved_to, commit))
        return found

    def _is_left(self, path: str | None, commit: str) -> bool:
        """Whether what was at a path in some commit is in the code, there or elsewhere."""
        if path is None or self.code.has(path):
            return path is not None
        return traces(self.code, [Asked(path, None, commit)])[0].moved_to is not None

    def moved(self, source: MemoryFile, fares: Staleness) -> tuple[str, ...] | None:
        """The anchors at their new paths, each with the blob it had; None where none has moved."""
        places = {one.path: one.moved_to for one in fares.anchors if one.moved_to}
        if not places:
            return None
        anchors = (Anchor(places.get(one.path) or one.path, one.blob) for one in source.memory.paths)
        return tuple(dict.fromkeys(map(str, anchors)))

    def drift(self, source: MemoryFile, fares: Staleness) -> str:
        """What has changed in the code that may concern what a memory says, as it was judged; `` where nothing has."""
        asked = recorded_anchors(source.document.front())
        found = (
            self._drift(source, one, claim)
            for one, claim in zip(fares.anchors, asked, strict=False)
            if one.state == SUSPECT
        )
        return ", ".join(filter(None, found))

    def _drift(self, source: MemoryFile, state: AnchorStaleness, claim: RecordedAnchor) -> str:
        path = state.moved_to or state.path
        sighting = self._judge.sighting(claim)
        before = next(filter(None, map(self._content, sighting.earlier)), None) if sighting else None
        after = self._content(self.code.blob_at(path))
        if before is None or after is None:
            return f"{path} has changed"
        return describe_drift(path, memory_text(source.memory), before, after)

    def _content(self, blob: str | None) -> bytes | None:
        """A file; None where it is not here, or too large to be looked at."""
        odb = self.code.odb
        try:
            found = odb.blob_named(blob) if blob else None
            return odb.blob(found) if found and odb.size(found) <= MOST_BYTES else None
        except MemError:
            return None

    def rules(self, source: MemoryFile) -> tuple[RuleOutcome, ...]:
        """What comes of a memory's `holds_if`."""
        return tuple(outcome(rule, self.code) for rule in source.memory.holds_if)
