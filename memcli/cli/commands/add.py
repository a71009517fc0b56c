"""`mem add`, its annotations as objects: Typer evaluates each of them four times, and from text that costs 2 ms."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from memcli.cli.checked_values import check_front, date_for, one_of, share_for, type_for
from memcli.cli.draft_option import DraftCommand, DraftName, refuse_beside_draft
from memcli.cli.input_text import read_stdin, unkept
from memcli.cli.options import Call, call_of
from memcli.cli.selectors import Evidence
from memcli.cli.views.written_memory import show_batch, show_written
from memcli.core.memory.key_types import KINDS
from memcli.core.memory.keys import ORDER
from memcli.errors import Usage
from memcli.operations.memories.add import add_memories
from memcli.operations.writing.record import Recorded

app = typer.Typer()
_TEXTS = ("title", "kind", "type", "topic", "key", "valid_from", "valid_to", "expires", "evidence", "confidence")
"""Options that are front matter keys of the same name."""


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
    their drafts, a session that has their name; an agent starts one.
    """
    given = dict(locals())
    call = call_of(ctx)
    refuse_beside_draft(draft, TEXT=text, batch=batch)
    with _inputs(call, given) as inputs:
        added = add_memories(call.workspace, list(inputs.values()), once, list(inputs) if batch else ())
    if wait and added[0].state not in ("committed", "known"):
        _refuse_unfinished(added[0])
    if batch:
        show_batch(call, "add", added)
    else:
        show_written(call, "add", added[0])
    if promote:
        _promote(call, added)


def _front(given: dict[str, Any]) -> dict[str, Any]:
    """Front matter keys from the options that were given."""
    front: dict[str, Any] = {name: given[name] for name in _TEXTS if given[name]}
    lists = {"tags": given["tag"], "paths": given["path"], "based_on": given["based_on"]}
    front |= {name: tuple(items) for name, items in lists.items() if items}
    if given["pin"]:
        front["pin"] = "true"
    if given["ref"]:
        front["source"] = {"ref": given["ref"]}
    return front


@contextmanager
def _inputs(call: Call, given: dict[str, Any]) -> Iterator[dict[str, dict[str, Any]]]:
    """{place: memory to add}, from where they were given, for a block that records them."""
    text, front = given["text"], _front(given)
    if given["draft"] is None and (given["batch"] or text == "-" or (text is None and not sys.stdin.isatty())):
        with unkept():
            yield _batch(given["batch"]) if given["batch"] else {"stdin": {**front, "body": read_stdin()}}
    elif text is not None:
        yield {"TEXT": {**front, "body": text}}
    else:
        from memcli.cli.typed_memories import memory_from_editor  # few call it

        with memory_from_editor(call, front, given["draft"]) as values:
            yield {"editor": values}


def _batch(source: str) -> dict[str, dict[str, Any]]:
    """{place: memory} on stdin, one JSON object per line. Raises Usage."""
    if source != "-":
        raise Usage("--batch reads only stdin", "use '--batch -' and pipe JSON lines into it")
    lines = enumerate(read_stdin().split("\n"), 1)
    places = ((f"--batch, line {number}", line) for number, line in lines if line.strip())
    inputs = {place: _batch_input(place, line) for place, line in places}
    if not inputs:
        raise Usage("--batch found no lines on stdin", "pass one JSON object per line, with 'body'")
    return inputs


def _batch_input(place: str, line: str) -> dict[str, Any]:
    import json

    try:
        values = {str(key): _value(value) for key, value in json.loads(line).items()}
    except (ValueError, AttributeError, RecursionError):
        hint = "write one JSON object per line, with 'body'; nothing of the batch was recorded"
        raise Usage(f"{place}: not a JSON object", hint) from None
    try:
        check_front(place, values, (*ORDER, "body"))
    except Usage as error:
        error.hint = f"{error.hint}; nothing of the batch was recorded"
        raise
    return values


def _value(value: Any) -> Any:
    """A JSON value as front matter has it: scalars are text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return tuple(_value(item) for item in value)
    if isinstance(value, dict):
        return {str(key): _value(item) for key, item in value.items()}
    return value if value is None else str(value)


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
