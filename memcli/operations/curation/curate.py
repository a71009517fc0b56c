"""`mem curate`: a curator distils a session, reviews it, or rewrites memories for another scope.

Invariant: a curator only proposes. Memories that it adds are candidates of a session, under the same gate as any other;
its verdict is reported to the caller and rejects or promotes nothing by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from memcli.core.curator.answer import CuratorAnswer
from memcli.core.curator.curator_edit import CandidateRejection, CuratorEdit, RefusedEdit
from memcli.core.curator.job import ADD, DISTIL, GENERALISE, REVIEW, Job
from memcli.core.curator.validation import Judgement, judge_answer
from memcli.core.memory.document import Value
from memcli.core.memory.instants import format_instant
from memcli.errors import NotInstalled, Usage
from memcli.operations.curation.answers import CURATOR, configured_command, read_directory, write_job
from memcli.operations.curation.jobs import SessionJobs
from memcli.operations.memories.add import add_memories
from memcli.operations.review.gate import last_shown, open_gate
from memcli.operations.review.review import choose_session
from memcli.operations.views.reader import Reader
from memcli.operations.writing.record import Recorded
from memcli.operations.writing.transaction import drain_before_reading
from memcli.workspace import Workspace

JOBS = (DISTIL, REVIEW, GENERALISE)
AGENT = "curator"
"""The author of a curator's candidates where no agent called it."""


@dataclass(frozen=True)
class CuratedEdit:
    """An accepted edit: its form, the memory that it made or is about, and the curator's reason."""

    edit: str
    id: str
    reason: str


@dataclass(frozen=True)
class CurationResult:
    """What became of an answer.

    `failure`: why there was no answer; `verdict` and `rejects`: those of a review; `recorded`: the candidates written.
    """

    job: str
    session: str
    accepted: tuple[CuratedEdit, ...] = ()
    refused: tuple[RefusedEdit, ...] = ()
    failure: str = ""
    remarks: tuple[str, ...] = ()
    verdict: str | None = None
    rejects: tuple[CandidateRejection, ...] = ()
    recorded: tuple[Recorded, ...] = ()


def session_job(workspace: Workspace, kind: str, name: str | None, only: Sequence[str] = ()) -> Job:
    """The job about a session (default: the caller's), or about the memories with the ids `only`.

    Raises Usage for an unknown kind of job, NotFound.
    """
    if kind not in JOBS:
        raise Usage(f"unknown job {kind[:40]!r}", f"use one of {', '.join(JOBS)}; 'mem dream' runs its own job")
    if only and kind != GENERALISE:
        raise Usage(f"'--only' cannot be used with '{kind}'", "leave it out: the job is about the whole session")
    drain_before_reading(workspace)
    sessions = workspace.sessions
    jobs = SessionJobs(sessions, Reader(workspace))
    if only:
        return jobs.generalise_memories(only, name or "")
    chosen = choose_session(workspace, name)
    if kind == REVIEW:
        return jobs.review(open_gate(workspace).review(sessions.load(chosen)))
    session = sessions.load(chosen, ended=True)
    return jobs.generalise(session) if kind == GENERALISE else jobs.distil(session, last_shown(sessions, session))


def prepare_job(workspace: Workspace, job: Job, directory: Path) -> None:
    """Write the job as files into a new directory. Raises Conflict where the directory is in use."""
    write_job(job, workspace.config.directory / directory)


def curate(
    workspace: Workspace, job: Job, directory: Path | None = None, command: str = CURATOR, once: str | None = None
) -> CurationResult:
    """Ask the configured command, or read the answer in `directory`, and carry out what is accepted.

    `command`: the git setting that names the command; `once`: candidates added under this key are not added again.
    Raises NotInstalled where no command is configured.
    """
    moved = frozenset[str]()
    if directory is not None:
        returned = read_directory(job, workspace.config.directory / directory)
        answer, moved = returned.answer, returned.moved
    elif configured := configured_command(
        workspace.settings, command, workspace.layout, workspace.config.external_environment
    ):
        answer = configured.ask(job)
    else:
        raise NotInstalled(
            f"no {command} is configured",
            f"set one with 'git config mem.{command} COMMAND', or use '--prepare DIR' and '--apply DIR'",
        )
    judgement = judge_answer(job, answer, format_instant(workspace.now), moved=moved)
    recorded: list[Recorded] = []
    if additions := _additions(judgement):
        session = job.session if job.kind == DISTIL else workspace.selection.writable()
        writer = workspace.in_session(session, workspace.config.agent or AGENT)
        recorded = add_memories(writer, [_front_and_body(edit) for edit in additions], once)
    return _result(job, answer, judgement, recorded)


def _additions(judgement: Judgement) -> list[CuratorEdit]:
    return [accepted.edit for accepted in judgement.accepted if accepted.edit.form == ADD]


def _front_and_body(edit: CuratorEdit) -> dict[str, Value]:
    return {
        "title": edit.title, "body": edit.body, "kind": edit.kind, "type": edit.type, "topic": edit.topic,
        "tags": edit.tags, "based_on": edit.others, "evidence": "inference",
    }  # fmt: skip


def _result(job: Job, answer: CuratorAnswer, judgement: Judgement, recorded: Sequence[Recorded]) -> CurationResult:
    additions = _additions(judgement)
    accepted = [
        CuratedEdit(edit.form, memory.id, edit.reason) for edit, memory in zip(additions, recorded, strict=True)
    ]
    verdict = next((one.edit for one in judgement.accepted if job.kind == REVIEW), None)
    if verdict:
        accepted.append(CuratedEdit(verdict.form, job.session, verdict.reason))
    return CurationResult(
        job=job.kind,
        session=recorded[0].session if recorded else job.session,
        accepted=tuple(accepted),
        refused=judgement.refused,
        failure=judgement.failure,
        remarks=answer.remarks,
        verdict=verdict.verdict if verdict else None,
        rejects=verdict.rejects if verdict else (),
        recorded=tuple(recorded),
    )
