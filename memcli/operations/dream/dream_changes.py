"""The changes of a dream to take back: all, those of one phase, or those that involve certain memories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from memcli.branch import is_memory_path
from memcli.core.dream.steps import MERGE, MERGED, PHASES, RELINKED, SUPERSEDED, Step
from memcli.core.memory.identity import only_match
from memcli.core.review.candidates import content_hash
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.core.session.state import Session
from memcli.errors import NotFound, Usage
from memcli.git.odb import Odb
from memcli.state.oplog import Change
from memcli.store import Store, parse_memory

PhaseChange = tuple[str, Change]
"""A phase and a file that it changed."""


class DreamChanges:
    """The changes of one dream; `steps`: what it says that it did."""

    def __init__(self, odb: Odb, store: Store, dream: Session, steps: Sequence[Step]) -> None:
        self._odb, self._store, self._dream, self._steps = odb, store, dream, steps

    def choose(self, phase: str | None, only: Sequence[str]) -> list[Change]:
        """The changes of a phase (default: all) that involve the memories with the ids `only` (default: all), newest
        first. Raises Usage, NotFound."""
        if phase is not None and phase not in PHASES:
            raise Usage(f"unknown phase {phase!r}", f"use one of {', '.join(PHASES)}")
        relinked = {step.id for step in self._steps if step.change == RELINKED} if phase == MERGE else set()
        chosen = [(own, change) for own, change in self._all() if phase in (None, own) or self._id(change) in relinked]
        own, hint = [self._id(change) for _, change in chosen] if only else [], "'mem session show' lists its changes"
        ids = self._involved(only_match(text, own, "changed memory of this dream", hint) for text in only)
        changes = [change for _, change in chosen if not only or self._id(change) in ids]
        if not changes:
            name = self._dream.name
            raise NotFound(f"{name} has no such changes", f"'mem session show {name}' lists its changes")
        return changes

    def _all(self) -> list[PhaseChange]:
        """The changes of each phase's commit, newest first."""
        changes: list[PhaseChange] = []
        for commit in self._odb.first_parents(self._dream.tip, stop=self._dream.base):
            phase = dict(trailers_of(commit.message)).get(trailers.PHASE)
            if phase and commit.parents:
                deltas = self._odb.diff(self._store.tree_of(commit.parents[0]), commit.tree)
                changes += [
                    (phase, Change(delta.path, delta.old, delta.new)) for delta in deltas if is_memory_path(delta.path)
                ]
        return changes

    def _id(self, change: Change) -> str:
        memory = parse_memory(self._store.text(change.after), change.path).memory
        return memory.id if memory else change.path

    def _involved(self, ids: Iterable[str]) -> set[str]:
        """The ids, with those of memories that were merged, superseded or relinked together with them: taking back half
        of a merge would leave the same text twice."""
        involved = set(ids)
        for step in self._steps:
            if step.change in (MERGED, SUPERSEDED) and involved & {step.id, *step.others}:
                involved |= {step.id, *step.others}
        for step in self._steps:
            if step.change == RELINKED and involved & set(step.others):
                involved.add(step.id)
        return involved


def rejection_trailers(store: Store, changes: Iterable[Change]) -> list[tuple[str, str]]:
    """The trailers that keep later dreams from proposing the same changes again."""
    memories = (parse_memory(store.text(change.after), change.path).memory for change in changes)
    return [(trailers.REJECT, f"{memory.id} {content_hash(memory)} taken back") for memory in memories if memory]
