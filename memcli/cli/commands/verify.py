"""`mem verify`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from memcli.cli.commands.memories import anchor_data
from memcli.cli.options import Command, call
from memcli.cli.views.output import emit, finding_data, note, printable
from memcli.operations.memories.verify import Verification, verify_memories

app = typer.Typer()


@app.command("verify", cls=Command)
def verify_command(
    ctx: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids, or unique beginnings or ends of them")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show how they fare")] = False,
) -> None:
    """Confirm memories against the code as it is committed now, as candidates of your session

    A memory whose 'holds_if' rules all hold is recorded as verified, and so is one without rules: calling this is your
    word for it. Its anchors follow renamed files. A false rule is recorded as 'attention'. Exit 1 when one is not
    verified.
    """
    this = call(ctx)
    found = verify_memories(this.workspace, ids, dry_run)
    delayed = next((one.recorded.delayed for one in found if one.recorded and one.recorded.delayed), "")
    warnings = [f"not committed yet: {delayed}"] if delayed else []
    emit(this, "verify", {"memories": [_data(one) for one in found]}, lambda: _text(found, dry_run), warnings)
    started = next((one.recorded.session for one in found if one.recorded and one.recorded.started), None)
    if started:
        note(this, f"started session {started}")
    if not all(one.verified for one in found):
        raise typer.Exit(1)


def _data(one: Verification) -> dict[str, Any]:
    done = one.recorded
    return {
        "id": one.id, "verified": one.verified, "staleness": one.staleness.state,
        "anchors": [anchor_data(anchor) for anchor in one.staleness.anchors],
        "rules": [{"rule": rule.rule, "holds": rule.holds, "why": rule.why} for rule in one.rules],
        "session": done.session if done else None, "state": done.state if done else None,
        "findings": [finding_data(finding) for finding in done.findings] if done else [],
    }  # fmt: skip


def _text(found: Sequence[Verification], dry_run: bool) -> str:
    return "\n".join(line for one in found for line in _lines(one, dry_run))


def _lines(one: Verification, dry_run: bool) -> Iterator[str]:
    said = ("would be verified" if dry_run else "verified") if one.verified else "not verified"
    state = f", {one.recorded.state}" if one.recorded and one.recorded.state != "committed" else ""
    yield printable(f"{one.id[-6:]}  {one.title}  ({said}{state})")
    for anchor in one.staleness.anchors:
        yield printable(f"        {anchor.state}: {anchor.path} {anchor.reason}")
    for rule in one.rules:
        outcome = {True: "holds", False: "false", None: "cannot be checked"}[rule.holds]
        yield printable(f"        {outcome}: {rule.rule}" + (f" ({rule.why})" if rule.why else ""))
