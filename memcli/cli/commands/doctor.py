"""`mem doctor`."""

from __future__ import annotations

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.views.diagnoses import show_diagnoses

app = typer.Typer()


@app.command("doctor", cls=Command)
def doctor_command(ctx: typer.Context) -> None:
    """Diagnose the setup and suggest fixes"""
    from memcli.operations.status.doctor import doctor

    call = call_of(ctx, any_session=True)
    diagnoses = doctor(call.workspace)
    show_diagnoses(call, diagnoses)
    if not all(diagnosis.ok for diagnosis in diagnoses):
        raise typer.Exit(1)
