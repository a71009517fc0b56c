"""Where answers come from: a command in git config (`mem.curator`, `mem.reviewer`), or a directory of edited files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from memcli.core.curator.answer import CuratorAnswer, parse_answer
from memcli.core.curator.job import Job
from memcli.core.curator.job_files import README, ReturnedAnswer, answer_file_names, files_of_job, read_answer
from memcli.core.review.private import without_private
from memcli.core.review.secrets import find_secrets
from memcli.git.layout import Layout
from memcli.system.exchange_directory import read_known, write_fresh
from memcli.system.external_command import run_external

CURATOR, REVIEWER = "curator", "reviewer"
"""The git settings under `mem.` that name a command."""
_TIMEOUT = "curatortimeout"
DEFAULT_TIMEOUT, MOST_TIMEOUT = 300.0, 86_400.0
"""Seconds to wait for an answer."""


@dataclass(frozen=True)
class CuratorCommand:
    """A configured command line, and how to run it. `timeout`: seconds to wait for its answer."""

    line: str
    directory: Path
    environment: Mapping[str, str]
    timeout: float

    def ask(self, job: Job) -> CuratorAnswer:
        """The command's answer to a job; whatever goes wrong is the answer's `failure`."""
        payload = job.to_json().encode("utf-8", "replace")
        result = run_external(self.line, payload, self.directory, self.environment, self.timeout)
        remarks = _remarks(result.errors)
        if result.failure:
            return CuratorAnswer(failure=result.failure, remarks=remarks)
        answer = parse_answer(result.output, job.limits.edits)
        if answer.job and answer.job != job.id:
            return CuratorAnswer(failure="it answers another job", remarks=remarks)
        return replace(answer, remarks=remarks)


def is_configured(settings: Mapping[str, str], name: str) -> bool:
    """Whether git config has a command under `mem.<name>`."""
    return bool(settings.get(name, "").strip())


def configured_command(
    settings: Mapping[str, str], name: str, layout: Layout, environment: Mapping[str, str]
) -> CuratorCommand | None:
    """The command in `mem.<name>`, to be run in the worktree; None where none is configured."""
    if not is_configured(settings, name):
        return None
    directory = Path(layout.worktree or layout.common_dir)
    return CuratorCommand(settings[name], directory, environment, _timeout(settings))


def _timeout(settings: Mapping[str, str]) -> float:
    try:
        seconds = float(settings.get(_TIMEOUT, DEFAULT_TIMEOUT))
    except ValueError:
        return DEFAULT_TIMEOUT
    return min(seconds, MOST_TIMEOUT) if seconds > 0 else DEFAULT_TIMEOUT


def _remarks(stderr: str) -> tuple[str, ...]:
    """What a command printed on standard error, for a report that may end up in a commit."""
    if find_secrets(stderr):
        return ("its output on stderr is not shown: it may contain a credential",)
    text, _ = without_private(stderr)
    return (text,) if text else ()


def write_job(job: Job, directory: Path) -> None:
    """Write a job as plain files into a new or empty directory. Raises Conflict, Failure."""
    write_fresh(directory, files_of_job(job))


def read_directory(job: Job, directory: Path) -> ReturnedAnswer:
    """The answer in a prepared directory to the job as it is now. Raises NotFound where the directory is missing."""
    contents = read_known(directory, answer_file_names(job), ignored=(README,))
    returned = read_answer(job, contents.files)
    remarks = (*returned.answer.remarks, *contents.remarks)
    return replace(returned, answer=replace(returned.answer, remarks=remarks))
