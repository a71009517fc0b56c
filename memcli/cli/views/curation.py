"""The results of `mem curate`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from memcli.cli.options import Call
from memcli.cli.views.findings import finding_data, finding_lines, refusal_data
from memcli.cli.views.output import emit, note, printable

if TYPE_CHECKING:
    from memcli.core.curator.job import Job
    from memcli.operations.curation.curate import CurationResult


def show_prepared(call: Call, job: Job, directory: str) -> None:
    """Print where a job was written, and how to go on."""
    data = {"job": job.kind, "session": job.session or None, "id": job.id, "directory": directory,
            "memories": len(job.memories), "candidates": len(job.candidates), "left_out": job.left_out}  # fmt: skip
    emit(call, "curate-prepare", data, lambda: printable(f"{directory}: {job.kind}, job {job.id}"))
    note(call, f"next: edit the files, then repeat the command with '--apply {directory}' in place of '--prepare'")


def show_curated(call: Call, curated: CurationResult) -> None:
    """Print which edits were accepted and refused, and a review's verdict."""
    emit(call, "curate", _curated_data(curated), lambda: "\n".join(_curated_lines(curated)), curated.remarks)


def _curated_data(curated: CurationResult) -> dict[str, Any]:
    return {
        "job": curated.job, "session": curated.session or None,
        "accepted": [vars(edit) for edit in curated.accepted], "refused": refusal_data(curated.refused),
        "failure": curated.failure or None, "verdict": curated.verdict,
        "reject": [vars(rejection) for rejection in curated.rejects],
        "findings": [finding_data(finding) for memory in curated.recorded for finding in memory.findings],
    }  # fmt: skip


def _curated_lines(curated: CurationResult) -> list[str]:
    if curated.failure:
        return [printable(f"the curator changed nothing: {curated.failure}")]
    return list(_answer_lines(curated)) or ["the curator proposed nothing"]


def _answer_lines(curated: CurationResult) -> Iterator[str]:
    if curated.verdict:
        yield f"verdict: {curated.verdict}"
    yield from (printable(f"{edit.edit} {edit.id}: {edit.reason}") for edit in curated.accepted)
    if curated.verdict:
        yield from (printable(f"  reject {rejection.id}: {rejection.reason}") for rejection in curated.rejects)
    yield from finding_lines(finding for memory in curated.recorded for finding in memory.findings)
    for refusal in curated.refused:
        yield printable(f"refused {refusal.form or 'edit'} {refusal.id}: {refusal.reason}")
