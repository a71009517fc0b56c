"""`mem policy`, `policy edit`, `policy set`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from memcli.cli.draft_option import DraftCommand, DraftName
from memcli.cli.options import Call, Command, Group, call_of
from memcli.cli.views.output import emit, note, printable
from memcli.operations.setup.policy import set_policy, show_policy
from memcli.operations.writing.record import Acknowledged

app = typer.Typer()
policy = typer.Typer(cls=Group, invoke_without_command=True, help="Show or change the store's rules")
app.add_typer(policy, name="policy")


@policy.callback(invoke_without_command=True)
def _show(ctx: typer.Context) -> None:
    if ctx.invoked_subcommand is not None:
        return
    call = call_of(ctx)
    shown = show_policy(call.workspace)
    values = {key: str(value) if isinstance(value, timedelta) else value for key, value in asdict(shown.policy).items()}
    data = {"policy": values, "default": shown.blob is None, "problems": list(shown.problems), "text": shown.text}
    emit(call, "policy", data, lambda: printable(shown.text.rstrip("\n")), shown.problems)


@policy.command("edit", cls=DraftCommand)
def edit_command(ctx: typer.Context, draft: DraftName = None) -> None:
    """Propose changed rules, written in your editor

    The change awaits review as the candidate 'policy'.
    """
    from memcli.cli.typed_policy import policy_from_editor

    call = call_of(ctx)
    written = policy_from_editor(call, draft)
    if written:
        _show_proposed(call, written)
    else:
        note(call, "unchanged")


@policy.command("set", cls=Command)
def set_command(
    ctx: typer.Context,
    key: Annotated[
        str, typer.Argument(metavar="KEY", help="For example promote, dream.every or checks.near-duplicate")
    ],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="For example auto, 36h or info")],
) -> None:
    """Propose one changed rule, keeping the file's comments"""
    call = call_of(ctx)
    _show_proposed(call, set_policy(call.workspace, key, value))


def _show_proposed(call: Call, written: Acknowledged) -> None:
    data = {"session": written.session, "state": written.state}
    text = f"proposed in {written.session}; 'mem review {written.session}' shows it"
    emit(call, "policy-edit", data, lambda: text)
