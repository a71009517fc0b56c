"""`mem add`, its annotations as objects: Typer evaluates each of them four times, and from text that costs 2 ms."""

from typing import Annotated

import typer

from memcli.cli.checked_values import date_for, one_of, share_for, type_for
from memcli.cli.draft_option import DraftCommand, DraftName, refuse_beside_draft
from memcli.cli.memories_to_add import memories_to_add
from memcli.cli.options import Call, call_of
from memcli.cli.selectors import Evidence
from memcli.cli.views.written_memory import show_batch, show_written
from memcli.core.memory.key_types import KINDS
from memcli.operations.memories.add import add_memories
from memcli.operations.writing.record import Recorded

app = typer.Typer()


@app.command("add", cls=DraftCommand)
def add_command(
    ctx: typer.Context,
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="TEXT", help="The memory; '-' reads it from stdin", show_default="write it in your editor"
        ),
    ] = None,
    title: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Title, one line", show_default="the first heading or sentence")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="What the type implies", callback=one_of("--kind", KINDS), hidden=True)
    ] = None,
    type: Annotated[
        str | None,
        typer.Option(
            help="fact, decision, constraint, preference, stability, procedure, event or attempt",
            callback=type_for("--type"),
        ),
    ] = None,
    topic: Annotated[
        str | None,
        typer.Option(help="Topic, the directory it is filed in", show_default="that of the code paths, else general"),
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Tag (repeatable)")] = None,
    key: Annotated[str | None, typer.Option(help="Key; memories with the same key form a timeline")] = None,
    path: Annotated[list[str] | None, typer.Option(help="Code path it is about (repeatable)")] = None,
    pin: Annotated[bool, typer.Option("--pin", help="Always include it in context packs")] = False,
    valid_from: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="When it begins to hold: a date or RFC 3339", callback=date_for("--valid-from")
        ),
    ] = None,
    valid_to: Annotated[
        str | None, typer.Option(metavar="DATE", help="When it ceases to hold", callback=date_for("--valid-to"))
    ] = None,
    expires: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Date from which dreams retire it", callback=date_for("--expires")),
    ] = None,
    evidence: Evidence = None,
    confidence: Annotated[
        str | None, typer.Option(help="Confidence, 0 to 1", callback=share_for("--confidence"))
    ] = None,
    ref: Annotated[str | None, typer.Option(help="Source: a file and line, or a URL")] = None,
    based_on: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Memory it was concluded from (repeatable)")
    ] = None,
    batch: Annotated[
        str | None, typer.Option(metavar="-", help="'-' reads JSON lines of front matter keys and 'body' from stdin")
    ] = None,
    once: Annotated[
        str | None, typer.Option(metavar="KEY", help="Idempotency key: adding again with the same KEY adds nothing")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Fail unless the memory is committed at once")] = False,
    promote: Annotated[bool, typer.Option("--promote", help="Promote it right away")] = False,
    draft: DraftName = None,
) -> None:
    """Add a memory as a candidate in your session

    What you omit is filled in. Without a current session, a person writes into
    their drafts, a session named after their login; an agent starts one.
    """
    given = dict(locals())
    call = call_of(ctx)
    refuse_beside_draft(draft, TEXT=text, batch=batch)
    with memories_to_add(call, given) as inputs:
        added = add_memories(call.workspace, list(inputs.values()), once, list(inputs) if batch else ())
    if wait and added[0].state not in ("committed", "known"):
        _refuse_unfinished(added[0])
    if batch:
        show_batch(call, "add", added)
    else:
        show_written(call, "add", added[0])
    if promote:
        _promote(call, added)


def _refuse_unfinished(memory: Recorded) -> None:
    from memcli.errors import Busy

    reason = f": {memory.delayed}" if memory.delayed else ""
    raise Busy(
        f"{memory.id} is acknowledged ({memory.state}) but not committed yet{reason}",
        "the next mem command will commit it; adding it again would duplicate it",
    )


def _promote(call: Call, added: list[Recorded]) -> None:
    """Promote what was added. With `--json` the memories have been printed already, so nothing else is."""
    from memcli.cli.approval import promote_with_approval
    from memcli.cli.views.promotion import show_promoted
    from memcli.operations.review.promote import PromoteRequest

    request = PromoteRequest(added[0].session, only=tuple(memory.id for memory in added))
    promoted = promote_with_approval(call, request)
    if not call.flags.json:
        show_promoted(call, promoted)
