"""`mem curate`: a guest distils a session, reviews it, or rewrites memories for another scope.

Invariant: a guest proposes. What it adds are candidates of a session, under the gate as any others; its verdict is
told to whoever asked, and nothing is rejected or promoted by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from memcli.core.curator.answer import CuratorAnswer
from memcli.core.curator.edit import CandidateRejection, CuratorEdit, RefusedEdit
from memcli.core.curator.job import ADD, DISTIL, GENERALISE, REVIEW, Job
from memcli.core.curator.validation import Judgement, judge_answer
from memcli.core.memory.document import Value
from memcli.core.memory.instants import format_instant
from memcli.errors import NotInstalled, Usage
from memcli.operations.curation.answers import COMMAND, ask, is_configured, prepare, read_directory
from memcli.operations.curation.jobs import distil_job, generalise_job, review_job
from memcli.operations.memories.add import add_memories
from memcli.operations.review.review import choose_session
from memcli.operations.writing.record import Recorded, carry_out
from memcli.workspace import Workspace

JOBS = (DISTIL, REVIEW, GENERALISE)
CURATOR = "curator"
"""Whose words a guest's candidates are, where no agent has called it."""


@dataclass(frozen=True)
class Taken:
    """An accepted edit: its form, the memory that it is about or has made, and the curator's reason."""

    edit: str
    id: str
    reason: str


@dataclass(frozen=True)
class Curated:
    """`failure`: why there is no answer; `verdict` and `rejects` of a review; `recorded`: candidates written."""

    job: str
    session: str
    accepted: tuple[Taken, ...] = ()
    refused: tuple[RefusedEdit, ...] = ()
    failure: str = ""
    remarks: tuple[str, ...] = ()
    verdict: str | None = None
    rejects: tuple[CandidateRejection, ...] = ()
    recorded: tuple[Recorded, ...] = ()


def job_of(workspace: Workspace, kind: str, name: str | None, only: Sequence[str] = ()) -> Job:
    """The job as it is now. Raises Usage for an unknown one, NotFound."""
    if kind not in JOBS:
        raise Usage(f"no job {kind[:40]!r}", f"one of {', '.join(JOBS)}; 'mem dream' has its own")
    if only and kind != GENERALISE:
        raise Usage(f"'--only' is not for '{kind}'", "leave it out: the job is about the whole session")
    carry_out(workspace)
    if kind == GENERALISE:
        return generalise_job(workspace, name if only or name else choose_session(workspace, None), only)
    chosen = choose_session(workspace, name)
    return distil_job(workspace, chosen) if kind == DISTIL else review_job(workspace, chosen)


def prepare_job(workspace: Workspace, job: Job, directory: Path) -> None:
    """Write the job for somebody to work on. Raises Conflict where the directory is in use."""
    prepare(job, workspace.config.directory / directory)


def curate(
    workspace: Workspace, job: Job, directory: Path | None = None, command: str = COMMAND, once: str | None = None
) -> Curated:
    """Ask the curator (or another such command), or read what is in `directory`, and carry out what is accepted; with
    `once`, candidates that were added under that key are not added again. Raises NotInstalled."""
    if directory is not None:
        found = read_directory(job, workspace.config.directory / directory)
        answer, moved = found.answer, found.moved
    elif is_configured(workspace, command):
        answer, moved = ask(workspace, job, command), frozenset[str]()
    else:
        raise NotInstalled(
            "no curator is configured",
            "git config mem.curator names a command, or use '--prepare DIR' and '--apply DIR'",
        )
    said = judge_answer(job, answer, format_instant(workspace.now), moved=moved)
    return _carried_out(workspace, job, answer, said, once)


def _carried_out(workspace: Workspace, job: Job, answer: CuratorAnswer, said: Judgement, once: str | None) -> Curated:
    edits = [one.edit for one in said.accepted]
    added = [edit for edit in edits if edit.form == ADD]
    recorded = add_memories(_writer(workspace, job), [_draft(edit) for edit in added], once) if added else []
    taken = [Taken(edit.form, one.id, edit.reason) for edit, one in zip(added, recorded, strict=True)]
    verdict = next((edit for edit in edits if job.kind == REVIEW), None)
    if verdict:
        taken.append(Taken(verdict.form, job.session, verdict.reason))
    return Curated(
        job=job.kind,
        session=recorded[0].session if recorded else job.session,
        accepted=tuple(taken),
        refused=said.refused,
        failure=said.failure,
        remarks=answer.remarks,
        verdict=verdict.verdict if verdict else None,
        rejects=verdict.rejects if verdict else (),
        recorded=tuple(recorded),
    )


def _writer(workspace: Workspace, job: Job) -> Workspace:
    """Distilled candidates belong to the session they are of, others to the caller's; never to a person's words."""
    session = job.session if job.kind == DISTIL else workspace.selection.writable()
    return workspace.within(session, workspace.config.agent or CURATOR)


def _draft(edit: CuratorEdit) -> dict[str, Value]:
    return {
        "title": edit.title, "body": edit.body, "kind": edit.kind, "type": edit.type, "topic": edit.topic,
        "tags": edit.tags, "based_on": edit.others, "evidence": "inference",
    }  # fmt: skip
