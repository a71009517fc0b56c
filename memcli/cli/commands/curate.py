"""`mem curate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from memcli.cli.options import Call, Command, call
from memcli.cli.views.output import emit, finding_data, finding_lines, note, printable, refusals_data
from memcli.cli.views.terminal import working
from memcli.errors import Usage

if TYPE_CHECKING:
    from memcli.core.curator.job import Job
    from memcli.operations.curation.curate import CurationResult

app = typer.Typer()


@app.command("curate", cls=Command)
def curate_command(
    ctx: typer.Context,
    job: Annotated[str, typer.Argument(metavar="JOB", help="distil, review or generalise")],
    name: Annotated[
        str | None, typer.Argument(metavar="SESSION", help="Left out: yours, or the only one that waits")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help="generalise: this memory (repeatable)")
    ] = None,
    prepare: Annotated[
        str | None, typer.Option("--prepare", metavar="DIR", help="Write the job as files into a new directory")
    ] = None,
    apply: Annotated[
        str | None, typer.Option("--apply", metavar="DIR", help="Take the answer from such a directory")
    ] = None,
) -> None:
    """Let the curator distil a session, review it, or rewrite memories for another scope

    Asks the command in git config 'mem.curator'; or any agent or person, through a directory of plain files. What it
    adds are candidates; its verdict is printed and decides nothing. What is refused is listed with the reason.
    """
    from memcli.operations.curation.curate import curate, prepare_job, session_job

    if prepare is not None and apply is not None:
        raise Usage("'--prepare' and '--apply' are two steps", "give one of them")
    this = call(ctx)
    wanted = session_job(this.workspace, job, name, tuple(only or ()))
    if prepare is not None:
        prepare_job(this.workspace, wanted, Path(prepare))
        _show_prepared(this, wanted, prepare)
        return
    with working(this, "curating"):
        done = curate(this.workspace, wanted, Path(apply) if apply is not None else None)
    emit(this, "curate", curated_data(done), lambda: "\n".join(_lines(done)), done.remarks)
    if done.failure:
        raise typer.Exit(1)


def _show_prepared(this: Call, job: Job, directory: str) -> None:
    data = {"job": job.kind, "session": job.session or None, "id": job.id, "directory": directory,
            "memories": len(job.memories), "candidates": len(job.candidates), "left_out": job.left_out}  # fmt: skip
    emit(this, "curate-prepare", data, lambda: printable(f"{directory}: {job.kind}, job {job.id}"))
    note(this, f"next: edit it, then the same command with '--apply {directory}'")


def curated_data(done: CurationResult) -> dict[str, Any]:
    """What came of an answer, as JSON has it."""
    return {
        "job": done.job, "session": done.session or None,
        "accepted": [vars(one) for one in done.accepted],
        "refused": refusals_data(done.refused),
        "failure": done.failure or None, "verdict": done.verdict, "reject": [vars(one) for one in done.rejects],
        "findings": [finding_data(finding) for one in done.recorded for finding in one.findings],
    }  # fmt: skip


def _lines(done: CurationResult) -> list[str]:
    if done.failure:
        return [printable(f"the curator changed nothing: {done.failure}")]
    lines = [printable(f"{one.edit} {one.id}: {one.reason}") for one in done.accepted]
    if done.verdict:
        lines.insert(0, f"verdict: {done.verdict}")
        lines += [printable(f"  reject {one.id}: {one.reason}") for one in done.rejects]
    lines += [line for one in done.recorded for line in finding_lines(one.findings)]
    lines += [printable(f"refused {one.form or 'edit'} {one.id}: {one.reason}") for one in done.refused]
    return lines or ["the curator had nothing to say"]
