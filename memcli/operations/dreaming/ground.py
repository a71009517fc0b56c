"""The code that memories are about, at one commit of its default branch: never what happens to be checked out."""

from __future__ import annotations

from collections.abc import Sequence

from memcli.core.anchor import Anchor, is_glob
from memcli.core.checks.context import said
from memcli.core.checks.form import unsafe_anchor
from memcli.core.consolidation.drift import READ, drift
from memcli.core.holds import Outcome
from memcli.core.staleness import STALE, SUSPECT, AnchorState, Claim, Staleness, claims
from memcli.errors import MemError
from memcli.operations.dreaming.draft import Source
from memcli.operations.rules import outcome
from memcli.operations.staleness import Judge
from memcli.repo.deletions import deleted
from memcli.workspace import Workspace

HEX = 8


class Ground:
    """What the default branch says of memories; call `remember` once no view is open."""

    def __init__(self, workspace: Workspace, commit: str) -> None:
        self.code = workspace.code_at(commit)
        self._workspace = workspace
        self._judge = Judge(workspace, commit)

    def remember(self) -> None:
        """Keep what git was asked, for the next dream at this commit."""
        self._judge.remember()

    def fares(self, sources: Sequence[Source]) -> dict[str, Staleness]:
        """How memories fare, by id."""
        return self._judge.of_fronts({str(source.memory.id): source.document.front() for source in sources})

    def gone(self, sources: Sequence[Source]) -> dict[str, str]:
        """{id: reason} of the memories all of whose anchors the history of the branch has deleted."""
        fares = self.fares(sources)
        lost = {
            source.memory.id: [anchor.path for anchor in source.memory.paths]
            for source in sources
            if fares[source.memory.id].state == STALE
        }
        asked = {path for paths in lost.values() for path in paths if not unsafe_anchor(path) and not is_glob(path)}
        told = deleted(self._workspace.layout, self.code.commit, asked)
        reasons = {path: f"{path} was deleted in {one.id[:HEX]} ({one.at:%Y-%m-%d})" for path, one in told.items()}
        return {
            memory_id: ", ".join(reasons[path] for path in paths[:3]) + (", …" if len(paths) > 3 else "")
            for memory_id, paths in lost.items()
            if all(path in reasons for path in paths)
        }

    def moved(self, source: Source, fares: Staleness) -> tuple[str, ...] | None:
        """The anchors at their new paths, each with the blob it had; None where none has moved."""
        places = {one.path: one.moved_to for one in fares.anchors if one.moved_to}
        if not places:
            return None
        anchors = (Anchor(places.get(one.path) or one.path, one.blob) for one in source.memory.paths)
        return tuple(dict.fromkeys(map(str, anchors)))

    def drift(self, source: Source, fares: Staleness) -> str:
        """What has changed in the code that may concern what a memory says; `` where nothing has."""
        asked = claims(source.document.front())
        found = (
            self._drift(source, one, claim)
            for one, claim in zip(fares.anchors, asked, strict=False)
            if one.state == SUSPECT
        )
        return ", ".join(filter(None, found))

    def _drift(self, source: Source, state: AnchorState, claim: Claim) -> str:
        path = state.moved_to or state.path
        sighting = self._judge.sighting(claim)
        before = next(filter(None, map(self._content, sighting.earlier)), None) if sighting else None
        after = self._content(self.code.blob_at(path))
        if before is None or after is None:
            return f"{path} has changed"
        return drift(path, said(source.memory), before, after)

    def _content(self, blob: str | None) -> bytes | None:
        """A file, cut where it is long; None where it is not here."""
        try:
            data = self.code.odb.blob(self.code.odb.full(blob) or "") if blob else None
        except MemError:
            return None
        return data[:READ] if data is not None else None

    def rules(self, source: Source) -> tuple[Outcome, ...]:
        """What comes of a memory's `holds_if`."""
        return tuple(outcome(rule, self.code) for rule in source.memory.holds_if)
