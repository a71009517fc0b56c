"""The fourth phase: a curator decides what the dream could not. Each of its edits is judged.

What was refused, and why there was no answer, is a file of the dream's session, so that the report can show it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from memcli.branch import SESSION_DIRECTORY
from memcli.core.curator.answer import CuratorAnswer
from memcli.core.curator.curator_edit import RefusedEdit
from memcli.core.curator.job import Job, Limits
from memcli.core.dream.steps import CURATE, RETIRED
from memcli.core.session.state import Session
from memcli.operations.curation.answers import CuratorCommand, read_directory, write_job
from memcli.operations.dream.curator_job import build_dream_job, propose_answer, undecided_pairs
from memcli.operations.dream.dream_context import DreamContext
from memcli.operations.dream.phases import DreamPhases
from memcli.operations.dream.recorder import PhaseResult
from memcli.sessions import Sessions

OUTCOME = f"{SESSION_DIRECTORY}/curator.json"
Answering = Callable[[Job], tuple[CuratorAnswer, frozenset[str]]]
"""Gives the answer to a job, and the ids that have changed since it was handed out."""


@dataclass(frozen=True)
class CuratorOutcome:
    """What became of the answer: the number of accepted edits, the refused ones, and why there was no answer.

    The command's output on stderr is not kept: it may hold anything, and a session may be published.
    """

    taken: int = 0
    refused: tuple[RefusedEdit, ...] = ()
    failure: str = ""


def ask_curator(phases: DreamPhases, session: Session, command: CuratorCommand) -> Session:
    """The dream after the command has answered; unchanged where it was asked before, or there is nothing to ask."""
    if CURATE in phases.progress(session).phases:
        return session
    job = dream_job(phases, session)
    if not job.memories:
        return session
    answer = command.ask(job)  # no view is open meanwhile: an answer may take minutes
    return _apply(phases, session, lambda _: (answer, frozenset()))


def write_dream_job(phases: DreamPhases, session: Session, directory: Path) -> Job:
    """Write the job of an open dream as plain files. Raises Conflict where the directory is in use."""
    job = dream_job(phases, session)
    if job.memories:
        write_job(job, directory)
    return job


def apply_directory(phases: DreamPhases, session: Session, directory: Path) -> Session:
    """The dream after the answer in a prepared directory was applied. Raises NotFound where it is missing."""

    def answer(job: Job) -> tuple[CuratorAnswer, frozenset[str]]:
        returned = read_directory(job, directory)
        return returned.answer, returned.moved

    return _apply(phases, session, answer)


def dream_job(phases: DreamPhases, session: Session) -> Job:
    """The job of an open dream."""
    with phases.open_context(session) as context:
        return _job(phases, context)


def _job(phases: DreamPhases, context: DreamContext) -> Job:
    pairs, is_hidden = undecided_pairs(context.tree.steps), phases.sources.reader.visibility.is_excluded
    shown = len(build_dream_job(context.tree, pairs, Limits(), is_hidden).memories)
    return build_dream_job(context.tree, pairs, Limits(retire=_retirements_left(context, shown)), is_hidden)


def _retirements_left(context: DreamContext, shown: int) -> int:
    """How many memories the curator may retire: what the policy leaves, and at most half of what it is shown."""
    retired = sum(step.change == RETIRED for step in context.tree.steps)
    share = context.tree.view.count() * context.policy.dream_max_retire_percent // 100
    return max(0, min(max(share, 1) - retired, shown // 2))


def _apply(phases: DreamPhases, session: Session, answer_to: Answering) -> Session:
    """Judge an answer edit by edit; commit what is accepted, and what was refused beside it."""
    inputs = phases.inputs
    with phases.open_context(session) as context:
        job, checkpoint = _job(phases, context), context.tree.checkpoint()
        answer, moved = answer_to(job)
        judgement = propose_answer(context.tree, job, answer, context.at, inputs.force, moved)
        texts, steps, full = context.tree.changes_since(checkpoint)
    outcome = CuratorOutcome(len(judgement.accepted), judgement.refused, judgement.failure)
    files = {**texts, OUTCOME: json.dumps(asdict(outcome), ensure_ascii=False, indent=1) + "\n"}
    return phases.recorder.commit_phase(session, inputs, PhaseResult(CURATE, files, steps, full))


def curator_outcome(sessions: Sessions, session: Session) -> CuratorOutcome | None:
    """What became of the curator's answer; None where no curator was asked."""
    text = sessions.text(session, OUTCOME)
    try:
        fields = json.loads(text)
        refused = tuple(RefusedEdit(**edit) for edit in fields["refused"])
        return CuratorOutcome(fields["taken"], refused, fields["failure"])
    except (ValueError, KeyError, TypeError):
        return None
