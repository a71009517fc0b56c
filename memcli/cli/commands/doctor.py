"""`mem doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.views.diagnoses import show_diagnoses

app = typer.Typer()


@app.command("doctor", cls=Command)
def doctor_command(
    ctx: typer.Context,
    repair: Annotated[bool, typer.Option("--repair", help="First carry out again what has failed or waits")] = False,
) -> None:
    """Diagnose the setup and suggest fixes

    Exits with 1 if a check fails.
    """
    from memcli.operations.status.doctor import doctor
    from memcli.operations.status.repair import repair_journal

    call = call_of(ctx, any_session=True)
    repairs = repair_journal(call.workspace) if repair else []
    diagnoses = [*repairs, *doctor(call.workspace)]
    show_diagnoses(call, diagnoses)
    if not all(diagnosis.ok for diagnosis in diagnoses):
        raise typer.Exit(1)
