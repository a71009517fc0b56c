"""The fourth phase: what a curator makes of what the dream could not decide. Nothing of it is taken unjudged.

What is refused, and why there was no answer, is kept beside the steps, so that the report can tell.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from memcli.branch import SESSION_DIRECTORY
from memcli.core.curator.answer import CuratorAnswer
from memcli.core.curator.edit import RefusedEdit
from memcli.core.curator.job import Job, Limits
from memcli.core.dream.steps import CURATE, RETIRED
from memcli.core.session.state import Session
from memcli.operations.curation.answers import CURATOR, configured_command, read_directory, write_job
from memcli.operations.dream import session as line
from memcli.operations.dream.context import DreamContext
from memcli.operations.dream.curator_job import build_dream_job, propose_answer, undecided_pairs
from memcli.operations.dream.inputs import DreamInputs
from memcli.operations.dream.phases import open_context
from memcli.operations.views.reader import Reader
from memcli.workspace import Workspace

ANSWER = f"{SESSION_DIRECTORY}/curator.json"


@dataclass(frozen=True)
class CuratorOutcome:
    """What came of asking: `taken` edits, those refused with the reason, why there was no answer.

    Nothing that the command said on stderr is kept: nobody knows what it holds, and a session may be published."""

    taken: int = 0
    refused: tuple[RefusedEdit, ...] = ()
    failure: str = ""


def ask_curator(workspace: Workspace, session: Session, inputs: DreamInputs) -> Session:
    """The dream with what the command in `mem.curator` makes of it, where there is one and anything to ask."""
    command = configured_command(workspace.settings, CURATOR, workspace.layout, workspace.guests_environment)
    if command is None or CURATE in line.progress(workspace, session).phases:
        return session
    job = dream_job(workspace, session, inputs)
    if not job.memories:
        return session
    answer = command.ask(job)  # no view is open meanwhile: an answer may take minutes
    return apply_answer(workspace, session, inputs, lambda _: (answer, frozenset()))


def write_dream_job(workspace: Workspace, session: Session, inputs: DreamInputs, directory: Path) -> Job:
    """Write the job of an open dream as plain files. Raises Conflict where the directory is in use."""
    job = dream_job(workspace, session, inputs)
    if job.memories:
        write_job(job, directory)
    return job


def apply_directory(workspace: Workspace, session: Session, inputs: DreamInputs, directory: Path) -> Session:
    """The dream with what somebody has made of its job. Raises NotFound where the directory is not there."""

    def answer(job: Job) -> tuple[CuratorAnswer, frozenset[str]]:
        found = read_directory(job, directory)
        return found.answer, found.moved

    return apply_answer(workspace, session, inputs, answer)


def dream_job(workspace: Workspace, session: Session, inputs: DreamInputs) -> Job:
    """What an open dream asks."""
    with open_context(workspace, inputs, session) as scene:
        return _job(scene)


def _job(scene: DreamContext) -> Job:
    pairs, hidden = undecided_pairs(scene.draft.steps), Reader(scene.workspace).visibility.is_excluded
    job = build_dream_job(scene.draft, pairs, Limits(), hidden)
    return build_dream_job(scene.draft, pairs, Limits(retire=_may_retire(scene, len(job.memories))), hidden)


def _may_retire(scene: DreamContext, shown: int) -> int:
    """How many memories may go: what the policy leaves after the dream's own, and never most of what is shown."""
    own = sum(step.change == RETIRED for step in scene.draft.steps)
    share = scene.draft.view.count() * scene.policy.dream_max_retire_percent // 100
    return max(0, min(max(share, 1) - own, shown // 2))


def apply_answer(
    workspace: Workspace,
    session: Session,
    inputs: DreamInputs,
    answer: Callable[[Job], tuple[CuratorAnswer, frozenset[str]]],
) -> Session:
    """Judge an answer edit by edit and commit what is accepted, with what is refused beside it."""
    with open_context(workspace, inputs, session) as scene:
        job, before = _job(scene), scene.draft.mark()
        said, moved = answer(job)
        found = propose_answer(scene.draft, job, said, scene.at, inputs.force, moved)
        texts, steps, full = scene.draft.since(before)
    guest = CuratorOutcome(len(found.accepted), found.refused, found.failure)
    kept = {**texts, ANSWER: json.dumps(asdict(guest), ensure_ascii=False, indent=1) + "\n"}
    return line.commit_phase(workspace, session, inputs, line.Done(CURATE, kept, steps, full))


def curator_outcome(workspace: Workspace, session: Session) -> CuratorOutcome | None:
    """What came of asking a curator; None where nobody was asked."""
    text = workspace.sessions.text(session, ANSWER)
    try:
        said = json.loads(text)
        refused = tuple(RefusedEdit(**one) for one in said["refused"])
        return CuratorOutcome(said["taken"], refused, said["failure"])
    except (ValueError, KeyError, TypeError):
        return None
