"""A dream's session: its beginning, a commit for each phase, its end. Progress is these commits and nothing else.

All of them are dated by the dream's instant, so that the same inputs give the same commits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from memcli.branch import ENDED, SESSION_DIRECTORY, SESSIONS
from memcli.core.dream.steps import Step
from memcli.core.memory.identity import short
from memcli.core.session import trailers
from memcli.core.session.commit_message import commit_message, session_trailers, trailers_of
from memcli.core.session.state import CLOSED, Session
from memcli.git.objects import Move, Person
from memcli.operations.dream.inputs import INPUTS, DreamInputs
from memcli.operations.writing.transaction import transaction
from memcli.sessions import OF_DREAM
from memcli.state.oplog import Change
from memcli.workspace import Workspace

STEPS = f"{SESSION_DIRECTORY}/steps.jsonl"


@dataclass(frozen=True)
class Progress:
    """How far an open dream has come: the phases that are committed, whether one of them was `full` and left something
    out, and whether the report is there too."""

    phases: tuple[str, ...]
    full: bool
    complete: bool


def progress(workspace: Workspace, session: Session) -> Progress:
    """The phases of a dream, from its commits."""
    commits = workspace.odb.first_parents(session.tip, stop=session.base)
    said = [pair for commit in commits for pair in trailers_of(commit.message)]
    phases = [value for key, value in said if key == trailers.PHASE]
    return Progress(tuple(reversed(phases)), (trailers.FULL, "yes") in said, session.watermark is not None)


def begin(workspace: Workspace, inputs: DreamInputs, agent: str | None) -> Session:
    """A new dream from the store's tip. Raises Conflict, Busy."""
    name = _free_name(workspace, inputs)
    pairs = [(trailers.START, inputs.at), *session_trailers(name, agent, inputs.base)]
    tree = workspace.store.write(workspace.store.tree_of(inputs.base), {INPUTS: inputs.to_json()})
    message = commit_message(f"session: {name}", "consolidation", pairs)
    tip = workspace.odb.write_commit(tree, [inputs.base], message, _dreamer(workspace, inputs))
    _publish(workspace, name, [Move(SESSIONS + name, None, tip)], "start")
    return _session(workspace, name, tip)


def _free_name(workspace: Workspace, inputs: DreamInputs) -> str:
    said = OF_DREAM + inputs.instant.strftime("%Y%m%dt%H%M%Sz")
    names = (said, *(f"{said}-{number}" for number in range(2, 1000)))
    taken = workspace.selection
    return next(name for name in names if not (taken.is_open(name) or taken.has_ended(name)))


def _dreamer(workspace: Workspace, inputs: DreamInputs) -> Person:
    return replace(workspace.person, at=inputs.instant)


@dataclass(frozen=True)
class Done:
    """What one phase did; `full`: it had to leave something out."""

    phase: str
    texts: Mapping[str, str]
    steps: Sequence[Step]
    full: bool = False


def commit_phase(workspace: Workspace, session: Session, inputs: DreamInputs, done: Done) -> Session:
    """One phase as a commit, with a line and a reason for each memory; one without changes is empty."""
    steps = done.steps
    before = workspace.store.tree_of(session.tip)
    known = workspace.sessions.text(session, STEPS)
    tree = workspace.store.write(before, {**done.texts, STEPS: known + lines_of(steps)})
    lines = [f"{step.change} {short(step.id)}: {step.reason}" for step in steps]
    pairs = [*session_trailers(session.name, session.agent, session.base), (trailers.PHASE, done.phase)]
    pairs.append((trailers.FULL, "yes" if done.full else ""))
    changed = sum(not step.asks for step in steps)
    message = commit_message(
        f"{done.phase}: {changed} changes, {len(steps) - changed} to settle", "\n".join(lines), pairs
    )
    return advance(workspace, session, inputs, tree, message, done.phase)


def finish(
    workspace: Workspace, session: Session, inputs: DreamInputs, report: Mapping[str, str], mark: str
) -> Session:
    """The report, and `mark`: how far the store has been read once this is promoted."""
    tree = workspace.store.write(workspace.store.tree_of(session.tip), report)
    pairs = [*session_trailers(session.name, session.agent, session.base), *_marks(inputs, mark)]
    return advance(workspace, session, inputs, tree, commit_message("report", "", pairs), "report")


def _marks(inputs: DreamInputs, mark: str) -> list[tuple[str, str]]:
    return [(trailers.WATERMARK, mark), (trailers.CODE, inputs.code)]


def close(workspace: Workspace, session: Session, inputs: DreamInputs, report: Mapping[str, str], mark: str) -> Session:
    """End a dream that found nothing to do: it counts as promoted."""
    tree = workspace.store.write(workspace.store.tree_of(session.tip), report)
    marks = [*_marks(inputs, mark), (trailers.STATE, CLOSED)]
    message = commit_message(
        "nothing to change", "", [*session_trailers(session.name, session.agent, session.base), *marks]
    )
    tip = workspace.odb.write_commit(tree, [session.tip], message, _dreamer(workspace, inputs))
    end(workspace, session, tip, "close")
    return _session(workspace, session.name, tip)


def end(workspace: Workspace, session: Session, tip: str, verb: str) -> None:
    """Move an open session to those that have ended."""
    moves = [Move(SESSIONS + session.name, session.tip, None), Move(ENDED + session.name, None, tip)]
    _publish(workspace, session.name, moves, verb)


def advance(workspace: Workspace, session: Session, inputs: DreamInputs, tree: str, message: str, verb: str) -> Session:
    """One more commit of an open dream."""
    tip = workspace.odb.write_commit(tree, [session.tip], message, _dreamer(workspace, inputs))
    _publish(workspace, session.name, [Move(SESSIONS + session.name, session.tip, tip)], verb)
    return _session(workspace, session.name, tip)


def _session(workspace: Workspace, name: str, tip: str) -> Session:
    session = workspace.sessions.at(name, tip)
    assert session is not None
    return session


def _publish(workspace: Workspace, name: str, moves: Sequence[Move], verb: str) -> None:
    """Move the refs and log it; the lock is held for this alone, so that others go on writing beside a dream."""
    with transaction(workspace, name) as tx:
        old, new = moves[0].old, next((move.new for move in moves if move.new), None)
        trees = [workspace.store.tree_of(commit) if commit else None for commit in (old, new)]
        deltas = workspace.store.deltas(trees[0], trees[1]) if trees[0] and trees[1] else []
        said = workspace.operation(workspace.new_op(), "dream", name, verb)
        changes = tuple(Change(one.path, one.old, one.new) for one in deltas)
        tx.commit(replace(said, moves=tuple(moves), changes=changes))


def lines_of(steps: Sequence[Step]) -> str:
    """Steps as they are kept, one line of JSON each."""
    return "".join(json.dumps(asdict(step), ensure_ascii=False) + "\n" for step in steps)


def steps_of(workspace: Workspace, session: Session) -> list[Step]:
    """What a dream has said so far; lines that are none of its own are left out."""
    text = workspace.sessions.text(session, STEPS)
    found: list[Step] = []
    for line in text.splitlines():
        try:
            said = json.loads(line)
            found.append(Step(**{**said, "others": tuple(said["others"])}))
        except (ValueError, KeyError, TypeError):
            continue
    return found
