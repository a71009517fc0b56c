"""The state of the code that memories are about, at a commit of its default branch; never what is checked out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import NamedTuple

from memcli.core.memory.anchors import Anchor, has_wildcards, tidied
from memcli.core.memory.holds_if import RuleOutcome
from memcli.core.memory.memory import Memory, memory_text
from memcli.core.memory.staleness import STALE, SUSPECT, AnchorStaleness, RecordedAnchor, Staleness, recorded_anchors
from memcli.core.review.safe_paths import unsafe_anchor
from memcli.core.text.drift import MOST_BYTES, describe_drift
from memcli.core.text.first_few import first_few
from memcli.errors import MemError
from memcli.git.anchor_status import PathQuery, path_statuses
from memcli.git.code_tree import Code
from memcli.git.deletions import deleted
from memcli.git.history import LoggedCommit
from memcli.git.layout import Layout
from memcli.operations.dream.working_tree import TreeFile
from memcli.operations.views.code_rules import rule_outcome
from memcli.operations.views.staleness_judge import StalenessJudge

HEX_DIGITS = 8


class AnchorDeletion(NamedTuple):
    """A path and the commit that deleted it."""

    path: str
    commit: LoggedCommit


class CodeState:
    """What the default branch of the code says about memories; call `remember` once no view is open."""

    def __init__(self, layout: Layout, code: Code, judge: StalenessJudge) -> None:
        self.code, self._layout, self._judge = code, layout, judge

    def remember(self) -> None:
        """Cache what git answered, for the next dream at this commit."""
        self._judge.remember()

    def staleness(self, files: Sequence[TreeFile]) -> dict[str, Staleness]:
        """The staleness of memories, by id."""
        return self._judge.of_fronts({str(file.id): file.document.front() for file in files})

    def rule_outcomes(self, file: TreeFile) -> tuple[RuleOutcome, ...]:
        """The outcomes of a memory's `holds_if` rules."""
        return tuple(rule_outcome(rule, self.code) for rule in file.memory.holds_if)

    def moved_anchors(self, file: TreeFile, staleness: Staleness) -> tuple[str, ...] | None:
        """The anchors at their new paths, each with the blob it had; None where none has moved."""
        new_paths = {anchor.path: anchor.moved_to for anchor in staleness.anchors if anchor.moved_to}
        if not new_paths:
            return None
        anchors = (Anchor(new_paths.get(anchor.path) or anchor.path, anchor.blob) for anchor in file.memory.paths)
        return tuple(dict.fromkeys(map(str, anchors)))

    def deletion_reasons(self, files: Sequence[TreeFile]) -> dict[str, str]:
        """{id: reason} of the memories all of whose anchors were deleted for good since they were written."""
        staleness = self.staleness(files)
        stale = [file.memory for file in files if staleness[file.id].state == STALE]
        named = {path for memory in stale for path in _paths(memory)}
        paths = {path for path in named if not unsafe_anchor(path) and not has_wildcards(path)}
        commits = deleted(self._layout, self.code.commit, paths)
        by_memory = {
            memory.id: [self._deletion(memory, path, commits.get(path, ())) for path in _paths(memory)]
            for memory in stale
        }
        kept = self._kept_elsewhere({deletion for found in by_memory.values() for deletion in found if deletion})
        return {
            memory_id: _describe_deletions([deletion for deletion in deletions if deletion])
            for memory_id, deletions in by_memory.items()
            if not any(deletion is None or deletion in kept for deletion in deletions)
        }

    def _deletion(self, memory: Memory, path: str, commits: Sequence[LoggedCommit]) -> AnchorDeletion | None:
        """The newest deletion of a path that the memory cannot have known about."""
        commit = next((commit for commit in commits if not self._was_known(commit, memory)), None)
        return AnchorDeletion(path, commit) if commit and not self.code.has(path) else None

    def _was_known(self, deletion: LoggedCommit, memory: Memory) -> bool:
        """Whether a deletion precedes the memory's writing or verification: then the path had come back."""
        stated = (memory.verified.commit if memory.verified else None, memory.source.commit)
        known = [commit for name in stated if name and (commit := self.code.odb.commit_named(name))]
        if not known:
            return deletion.at < memory.created
        return any(self.code.odb.is_ancestor(deletion.id, commit) for commit in known)

    def _kept_elsewhere(self, deletions: Collection[AnchorDeletion]) -> set[AnchorDeletion]:
        """The deletions whose commit moved the file to a path where it, or what it became, still exists."""
        kept: set[AnchorDeletion] = set()
        for commit, group in groupby(sorted(deletions, key=_by_commit), key=lambda deletion: deletion.commit.id):
            code, parent = self.code.at(commit), next(iter(self.code.odb.commit(commit).parents), None)
            moved = list(group)
            found = path_statuses(code, [PathQuery(deletion.path, None, parent) for deletion in moved]) if code else []
            kept.update(
                deletion
                for deletion, trace in zip(moved, found, strict=False)
                if self._still_exists(trace.moved_to, commit)
            )
        return kept

    def _still_exists(self, path: str | None, commit: str) -> bool:
        """Whether what was at a path in a commit is in the code now, there or elsewhere."""
        if path is None or self.code.has(path):
            return path is not None
        return path_statuses(self.code, [PathQuery(path, None, commit)])[0].moved_to is not None

    def drift(self, file: TreeFile, staleness: Staleness) -> str:
        """What changed in the code that may concern what a memory says; '' where nothing did."""
        recorded = recorded_anchors(file.document.front())
        found = (
            self._anchor_drift(file, anchor, record)
            for anchor, record in zip(staleness.anchors, recorded, strict=False)
            if anchor.state == SUSPECT
        )
        return ", ".join(filter(None, found))

    def _anchor_drift(self, file: TreeFile, anchor: AnchorStaleness, recorded: RecordedAnchor) -> str:
        path = anchor.moved_to or anchor.path
        status = self._judge.anchor_status(recorded)
        before = next(filter(None, map(self._content, status.earlier)), None) if status else None
        after = self._content(self.code.blob_at(path))
        if before is None or after is None:
            return f"{path} has changed"
        return describe_drift(path, memory_text(file.memory), before, after)

    def _content(self, blob: str | None) -> bytes | None:
        """The bytes of a file; None where this clone does not have it, or it is too large."""
        odb = self.code.odb
        try:
            name = odb.blob_named(blob) if blob else None
            return odb.blob(name) if name and odb.size(name) <= MOST_BYTES else None
        except MemError:
            return None


def _paths(memory: Memory) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tidied(anchor.path) for anchor in memory.paths))


def _by_commit(deletion: AnchorDeletion) -> tuple[str, str]:
    return deletion.commit.id, deletion.path


def _describe_deletions(deletions: Sequence[AnchorDeletion]) -> str:
    return first_few(
        f"{deletion.path} was deleted in {deletion.commit.id[:HEX_DIGITS]} ({deletion.commit.at:%Y-%m-%d})"
        for deletion in deletions
    )
