"""Writing dreams: each is a session with a first commit for its inputs, one commit per phase, and one for the report.

Progress is these commits and nothing else. All are dated by the dream's instant, so that the same inputs give the same
commits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from memcli.branch import ENDED, SESSION_DIRECTORY, SESSIONS
from memcli.core.dream.steps import Step, format_steps, parse_steps
from memcli.core.memory.identity import short
from memcli.core.session import trailers
from memcli.core.session.commit_message import commit_message, session_trailers, trailers_of
from memcli.core.session.names import OF_DREAM
from memcli.core.session.state import CLOSED, Session
from memcli.git.objects import Move, Person
from memcli.git.odb import Odb
from memcli.operations.dream.inputs import INPUTS, DreamInputs
from memcli.operations.writing.transaction import write_transaction
from memcli.sessions import Sessions
from memcli.state.oplog import Change
from memcli.workspace import Workspace

STEPS = f"{SESSION_DIRECTORY}/steps.jsonl"


@dataclass(frozen=True)
class DreamProgress:
    """How far an open dream has come: its committed phases, whether one left something out (`full`), and whether it has
    its report (`complete`)."""

    phases: tuple[str, ...]
    full: bool
    complete: bool


@dataclass(frozen=True)
class PhaseResult:
    """What a phase did. `texts`: {path: text} of changed files; `full`: it left something out."""

    phase: str
    texts: Mapping[str, str]
    steps: Sequence[Step]
    full: bool = False

    @property
    def message(self) -> tuple[str, str]:
        """Subject and body of the phase's commit: a line with a reason for each memory."""
        changed = sum(not step.asks for step in self.steps)
        lines = [f"{step.change} {short(step.id)}: {step.reason}" for step in self.steps]
        return f"{self.phase}: {changed} changes, {len(self.steps) - changed} to resolve", "\n".join(lines)


def progress_of(odb: Odb, session: Session) -> DreamProgress:
    """The progress of a dream, from its commits."""
    commits = odb.first_parents(session.tip, stop=session.base)
    pairs = [pair for commit in commits for pair in trailers_of(commit.message)]
    phases = [value for key, value in pairs if key == trailers.PHASE]
    return DreamProgress(tuple(reversed(phases)), (trailers.FULL, "yes") in pairs, session.watermark is not None)


def recorded_steps(sessions: Sessions, session: Session) -> list[Step]:
    """The steps of a dream so far."""
    return parse_steps(sessions.text(session, STEPS))


class DreamRecorder:
    """Writes a dream's commits and moves its ref."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def begin(self, inputs: DreamInputs, agent: str | None) -> Session:
        """Start a dream at the base of its inputs. Raises Conflict, Busy."""
        workspace, name = self._workspace, self._free_name(inputs)
        pairs = [(trailers.START, inputs.at), *session_trailers(name, agent, inputs.base)]
        tree = workspace.store.write(workspace.store.tree_of(inputs.base), {INPUTS: inputs.to_json()})
        message = commit_message(f"session: {name}", "consolidation", pairs)
        tip = workspace.odb.write_commit(tree, [inputs.base], message, self._author(inputs))
        self._publish(name, [Move(SESSIONS + name, None, tip)], "start")
        return self._session(name, tip)

    def _free_name(self, inputs: DreamInputs) -> str:
        stem = OF_DREAM + inputs.instant.strftime("%Y%m%dt%H%M%Sz")
        names = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
        selection = self._workspace.selection
        return next(name for name in names if not (selection.is_open(name) or selection.has_ended(name)))

    def commit_phase(self, session: Session, inputs: DreamInputs, result: PhaseResult) -> Session:
        """Commit a phase; the commit of a phase without changes is empty."""
        store = self._workspace.store
        steps = self._workspace.sessions.text(session, STEPS) + format_steps(result.steps)
        tree = store.write(store.tree_of(session.tip), {**result.texts, STEPS: steps})
        pairs = [(trailers.PHASE, result.phase), (trailers.FULL, "yes" if result.full else "")]
        message = commit_message(*result.message, [*_session_trailers(session), *pairs])
        return self.advance(session, inputs, tree, message, result.phase)

    def finish(self, session: Session, inputs: DreamInputs, report: Mapping[str, str], watermark: str) -> Session:
        """Add the report; `watermark`: up to where the store counts as read once the dream is promoted."""
        tree = self._workspace.store.write(self._workspace.store.tree_of(session.tip), report)
        pairs = [*_session_trailers(session), *_watermarks(inputs, watermark)]
        return self.advance(session, inputs, tree, commit_message("report", "", pairs), "report")

    def close(self, session: Session, inputs: DreamInputs, report: Mapping[str, str], watermark: str) -> Session:
        """End a dream without changes; it counts as promoted."""
        tree = self._workspace.store.write(self._workspace.store.tree_of(session.tip), report)
        pairs = [*_session_trailers(session), *_watermarks(inputs, watermark), (trailers.STATE, CLOSED)]
        message = commit_message("nothing to change", "", pairs)
        tip = self._workspace.odb.write_commit(tree, [session.tip], message, self._author(inputs))
        self.end(session, tip, "close")
        return self._session(session.name, tip)

    def end(self, session: Session, tip: str, verb: str) -> None:
        """Move an open dream to the ended sessions."""
        moves = [Move(SESSIONS + session.name, session.tip, None), Move(ENDED + session.name, None, tip)]
        self._publish(session.name, moves, verb)

    def advance(self, session: Session, inputs: DreamInputs, tree: str, message: str, verb: str) -> Session:
        """Add a commit to an open dream."""
        tip = self._workspace.odb.write_commit(tree, [session.tip], message, self._author(inputs))
        self._publish(session.name, [Move(SESSIONS + session.name, session.tip, tip)], verb)
        return self._session(session.name, tip)

    def _author(self, inputs: DreamInputs) -> Person:
        return replace(self._workspace.person, at=inputs.instant)

    def _session(self, name: str, tip: str) -> Session:
        session = self._workspace.sessions.at(name, tip)
        assert session is not None
        return session

    def _publish(self, name: str, moves: Sequence[Move], verb: str) -> None:
        """Move the refs and log the operation. The lock is only held here, so others can write beside a dream."""
        workspace = self._workspace
        with write_transaction(workspace, name) as tx:
            old, new = moves[0].old, next((move.new for move in moves if move.new), None)
            trees = [workspace.store.tree_of(commit) if commit else None for commit in (old, new)]
            deltas = workspace.store.deltas(trees[0], trees[1]) if trees[0] and trees[1] else []
            operation = workspace.actor.operation("dream", name, verb)
            changes = tuple(Change(delta.path, delta.old, delta.new) for delta in deltas)
            tx.commit(replace(operation, moves=tuple(moves), changes=changes))


def _session_trailers(session: Session) -> list[tuple[str, str]]:
    return session_trailers(session.name, session.agent, session.base)


def _watermarks(inputs: DreamInputs, watermark: str) -> list[tuple[str, str]]:
    return [(trailers.WATERMARK, watermark), (trailers.CODE, inputs.code)]
