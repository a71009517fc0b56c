"""`mem policy`, `policy edit`, `policy set`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from memcli.cli.options import Call, Command, Group, call
from memcli.cli.views.output import emit, note, printable
from memcli.operations.setup.policy import edit_policy, editable, set_policy, show_policy
from memcli.operations.writing.record import Written

app = typer.Typer()
policy = typer.Typer(cls=Group, invoke_without_command=True, help="The store's rules: show, edit or set them")
app.add_typer(policy, name="policy")


@policy.callback(invoke_without_command=True)
def _show(ctx: typer.Context) -> None:
    if ctx.invoked_subcommand is not None:
        return
    this = call(ctx)
    found = show_policy(this.workspace)
    values = {key: str(value) if isinstance(value, timedelta) else value for key, value in asdict(found.policy).items()}
    data = {"policy": values, "default": found.blob is None, "problems": list(found.problems), "text": found.text}
    emit(this, "policy", data, lambda: printable(found.text.rstrip("\n")), found.problems)


@policy.command("edit", cls=Command)
def edit_command(ctx: typer.Context) -> None:
    """Change the rules in the editor; the change waits in review as the candidate 'policy'"""
    from memcli.cli.views.terminal import edited

    this = call(ctx)
    before = editable(this.workspace)
    after = edited(this, before, suffix=".yaml")
    if after == before:
        note(this, "unchanged")
        return
    _recorded(this, edit_policy(this.workspace, after))


@policy.command("set", cls=Command)
def set_command(
    ctx: typer.Context,
    key: Annotated[str, typer.Argument(help="For example promote, dream.every, checks.near-duplicate")],
    value: Annotated[str, typer.Argument(help="For example auto, 36h, info")],
) -> None:
    """Propose one changed rule, comments kept"""
    this = call(ctx)
    _recorded(this, set_policy(this.workspace, key, value))


def _recorded(this: Call, done: Written) -> None:
    data = {"session": done.session, "state": done.state}
    emit(this, "policy-edit", data, lambda: f"proposed in {done.session}; 'mem review {done.session}' shows it")
