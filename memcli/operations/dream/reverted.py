"""Which changes of a dream are to be taken back: all, those of one phase, or those that have to do with a memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from memcli.branch import is_memory_path
from memcli.core.dream.steps import MERGE, MERGED, PHASES, RELINKED, SUPERSEDED, Step
from memcli.core.memory.identity import id_matches
from memcli.core.review.candidates import content_hash
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.core.session.state import Session
from memcli.errors import NotFound, Usage
from memcli.operations.dream.session import steps_of
from memcli.state.oplog import Change
from memcli.store import parse_memory
from memcli.workspace import Workspace

Phased = tuple[str, Change]
"""A file's change, and the phase that made it."""


def chosen_changes(workspace: Workspace, dream: Session, phase: str | None, only: Sequence[str]) -> list[Change]:
    """The changes to take back, newest first. Raises Usage, NotFound."""
    if phase is not None and phase not in PHASES:
        raise Usage(f"no phase {phase!r}", f"one of {', '.join(PHASES)}")
    steps = steps_of(workspace, dream)
    followed = {step.id for step in steps if step.change == RELINKED} if phase == MERGE else set()
    found = [
        (named, change)
        for named, change in _phased(workspace, dream)
        if phase in (None, named) or _id(workspace, change) in followed
    ]
    ids = _united(steps, [_resolved(workspace, found, text) for text in only])
    changes = [change for _, change in found if not only or _id(workspace, change) in ids]
    if not changes:
        raise NotFound(f"{dream.name} changed nothing of that kind", f"'mem dream show {dream.name}' lists its changes")
    return changes


def _phased(workspace: Workspace, dream: Session) -> list[Phased]:
    """What each phase's commit changed, newest first."""
    found: list[Phased] = []
    for commit in workspace.odb.first_parents(dream.tip, stop=dream.base):
        phase = dict(trailers_of(commit.message)).get(trailers.PHASE)
        if phase and commit.parents:
            deltas = workspace.odb.diff(workspace.store.tree_of(commit.parents[0]), commit.tree)
            found += [(phase, Change(one.path, one.old, one.new)) for one in deltas if is_memory_path(one.path)]
    return found


def _resolved(workspace: Workspace, found: Iterable[Phased], text: str) -> str:
    """The id of the changed memory that is meant by an id, or a unique beginning or end of one."""
    ids = {_id(workspace, change) for _, change in found}
    meant = [one for one in ids if id_matches(text, one)]
    if len(meant) != 1:
        problem = f"{len(meant)} changed memories" if meant else "no changed memory"
        raise NotFound(f"{problem} with the id {text!r} in this dream", "'mem dream show' lists its changes")
    return meant[0]


def _id(workspace: Workspace, change: Change) -> str:
    memory = parse_memory(workspace.store.text(change.after), change.path).memory
    return memory.id if memory else change.path


def _united(steps: Iterable[Step], ids: Iterable[str]) -> set[str]:
    """The ids with those that share a fate with them: half of a union restored would say things twice."""
    wanted = set(ids)
    for step in steps:
        if step.change in (MERGED, SUPERSEDED) and wanted & {step.id, *step.others}:
            wanted |= {step.id, *step.others}
    for step in steps:
        if step.change == RELINKED and wanted & set(step.others):
            wanted.add(step.id)
    return wanted


def decisions(workspace: Workspace, changes: Iterable[Change]) -> list[tuple[str, str]]:
    """The trailers that keep later dreams from proposing the same again."""
    memories = (parse_memory(workspace.store.text(one.after), one.path).memory for one in changes)
    return [(trailers.REJECT, f"{one.id} {content_hash(one)} taken back") for one in memories if one]
