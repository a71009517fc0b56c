"""Where answers come from: the command in `mem.curator`, or a directory that somebody has edited."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from memcli.core.curator.answer import CuratorAnswer, parse_answer
from memcli.core.curator.job import Job
from memcli.core.curator.job_files import README, ReturnedAnswer, answer_file_names, files_of_job, read_answer
from memcli.core.review.private import without_private
from memcli.core.review.secrets import find_secrets
from memcli.system.exchange_directory import read_known, write_fresh
from memcli.system.external_command import ask_guest
from memcli.workspace import Workspace

COMMAND, TIMEOUT = "curator", "curatortimeout"
PATIENCE, MOST_PATIENCE = 300.0, 86_400.0
"""Seconds for an answer."""


def has_curator(workspace: Workspace) -> bool:
    """Whether git config names a command to ask."""
    return is_configured(workspace, COMMAND)


def is_configured(workspace: Workspace, command: str) -> bool:
    """Whether git config says what to run under a name."""
    return bool(workspace.settings.get(command, "").strip())


def ask(workspace: Workspace, job: Job, command: str = COMMAND) -> CuratorAnswer:
    """Ask `mem.curator` (or another such command); whatever goes wrong is the answer's `failure`."""
    if not is_configured(workspace, command):
        return CuratorAnswer(failure=f"no {command} is configured")
    place = Path(workspace.layout.worktree or workspace.layout.common_dir)
    given = job.to_json().encode("utf-8", "replace")
    said = ask_guest(workspace.settings[command], given, place, workspace.guests_environment, _patience(workspace))
    remarks = _remarks(said.words)
    if said.failure:
        return CuratorAnswer(failure=said.failure, remarks=remarks)
    answer = parse_answer(said.output, job.limits.edits)
    if answer.job and answer.job != job.id:
        return CuratorAnswer(failure="it answers another job", remarks=remarks)
    return replace(answer, remarks=remarks)


def _remarks(words: str) -> tuple[str, ...]:
    """What a command said beside its answer, for a report that may end up in a commit."""
    if find_secrets(words):
        return ("what it said on stderr looks like it holds a credential, and is not shown",)
    said, _ = without_private(words)
    return (said,) if said else ()


def _patience(workspace: Workspace) -> float:
    try:
        said = float(workspace.settings.get(TIMEOUT, PATIENCE))
    except ValueError:
        return PATIENCE
    return min(said, MOST_PATIENCE) if said > 0 else PATIENCE


def prepare(job: Job, directory: Path) -> None:
    """Write a job as plain files into a new or empty directory. Raises Conflict, Failure."""
    write_fresh(directory, files_of_job(job))


def read_directory(job: Job, directory: Path) -> ReturnedAnswer:
    """What a prepared directory answers to the job as it is now. Raises NotFound where the directory is not there."""
    found = read_known(directory, answer_file_names(job), ignored=(README,))
    said = read_answer(job, found.files)
    return replace(said, answer=replace(said.answer, remarks=(*said.answer.remarks, *found.remarks)))
