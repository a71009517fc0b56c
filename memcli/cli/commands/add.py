"""`mem add`, its annotations as objects: Typer evaluates each one four times, and from text that costs 2 ms."""

import sys
from typing import Annotated, Any

import typer

from memcli.cli.options import Call, Command, call
from memcli.cli.views.written_memory import show_many, show_recorded
from memcli.errors import Usage
from memcli.operations.memories.add import add_memories
from memcli.operations.writing.record import Recorded

app = typer.Typer()
MAX_INPUT = 32 << 20


@app.command("add", cls=Command)
def add_command(
    ctx: typer.Context,
    text: Annotated[
        str | None, typer.Argument(help="The memory; '-' reads it from stdin; left out, the editor opens")
    ] = None,
    title: Annotated[str | None, typer.Option(help="One line; else the first heading or sentence")] = None,
    kind: Annotated[str | None, typer.Option(help="semantic, procedural or episodic")] = None,
    type: Annotated[
        str | None, typer.Option(help="fact, decision, constraint, preference, stability, procedure, event, attempt")
    ] = None,
    topic: Annotated[
        str | None, typer.Option(help="The directory it is filed in; else the anchors', else general")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag (repeatable)")] = None,
    key: Annotated[str | None, typer.Option(help="Memories of one key are a timeline")] = None,
    path: Annotated[list[str] | None, typer.Option(help="A code path it is about (repeatable)")] = None,
    pin: Annotated[bool, typer.Option("--pin", help="Always hand it to agents")] = False,
    valid_from: Annotated[str | None, typer.Option(help="Since when it holds: a date or RFC 3339")] = None,
    valid_to: Annotated[str | None, typer.Option(help="Until when it holds")] = None,
    expires: Annotated[str | None, typer.Option(help="A dream retires it from then on")] = None,
    evidence: Annotated[str | None, typer.Option(help="code, test, human, document or inference")] = None,
    confidence: Annotated[str | None, typer.Option(help="0 to 1")] = None,
    ref: Annotated[str | None, typer.Option(help="Where it comes from: file and line, URL")] = None,
    based_on: Annotated[
        list[str] | None, typer.Option(help="The id of a memory it was concluded from (repeatable)")
    ] = None,
    batch: Annotated[str | None, typer.Option(help="'-': JSON lines of front matter keys and 'body'")] = None,
    once: Annotated[str | None, typer.Option(help="A key of your own that makes a retry harmless")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Fail if it is acknowledged but not committed yet")] = False,
    promote: Annotated[bool, typer.Option("--promote", help="Promote your session's candidates right after")] = False,
) -> None:
    """Write down a memory, as a candidate of your session

    What is left out is filled in: the title from the first heading or sentence, the session from who you are.
    """
    this = call(ctx)
    front = _front(locals())
    drafts = _batch(batch) if batch else [{**front, "body": _body(this, text)}]
    added = add_memories(this.workspace, drafts, once)
    if wait and added[0].state != "committed":
        _refuse_unfinished(added[0])
    if batch:
        show_many(this, "add", added)
    else:
        show_recorded(this, "add", added[0])
    if promote:
        from memcli.cli.commands.promote import promote_and_show

        promote_and_show(this, added[0].session, only=tuple(one.id for one in added), nested=True)


def _front(said: dict[str, Any]) -> dict[str, Any]:
    """Front matter keys from the options that were given."""
    plain = ("title", "kind", "type", "topic", "key", "valid_from", "valid_to", "expires", "evidence", "confidence")
    front: dict[str, Any] = {name: said[name] for name in plain if said[name]}
    lists = {"tags": said["tag"], "paths": said["path"], "based_on": said["based_on"]}
    front |= {name: tuple(items) for name, items in lists.items() if items}
    if said["pin"]:
        front["pin"] = "true"
    if said["ref"]:
        front["source"] = {"ref": said["ref"]}
    return front


def _body(this: Call, text: str | None) -> str:
    if text == "-" or (text is None and not sys.stdin.isatty()):
        return read_stdin()
    if text is not None:
        return text
    if not this.may_ask:
        raise Usage("nothing to write down", "give the text as an argument, or pipe it into 'mem add -'")
    from memcli.cli.views.terminal import edited

    return edited(this, "\n", suffix=".md")


def read_stdin() -> str:
    """All of stdin as text, a bounded amount of it. Raises Usage."""
    data = sys.stdin.buffer.read(MAX_INPUT + 1)
    if len(data) > MAX_INPUT:
        raise Usage("more than 32 MiB on stdin", "a memory is at most 64 KiB")
    from memcli.core.memory.document import DocumentError, decode

    try:
        return decode(data, limit=MAX_INPUT)
    except DocumentError as error:
        raise Usage(f"stdin: {error}", "a memory is UTF-8 text") from error


def _batch(source: str) -> list[dict[str, Any]]:
    if source != "-":
        raise Usage("--batch reads stdin: '--batch -'", "pipe JSON lines into it")
    import json

    drafts = []
    for number, line in enumerate(read_stdin().split("\n"), 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            drafts.append({str(key): _value(value) for key, value in said.items()})
        except (ValueError, AttributeError, RecursionError) as error:
            raise Usage(f"--batch, line {number}: not a JSON object ({error})", "nothing was recorded") from None
    if not drafts:
        raise Usage("--batch was given no lines", "one JSON object a line, with 'body'")
    return drafts


def _value(value: Any) -> Any:
    """A JSON value as front matter has it: scalars are text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return tuple(_value(item) for item in value)
    if isinstance(value, dict):
        return {str(key): _value(item) for key, item in value.items()}
    return value if value is None else str(value)


def _refuse_unfinished(one: Recorded) -> None:
    from memcli.errors import Busy

    raise Busy(
        f"{one.id} is acknowledged ({one.state}) but not committed yet" + (f": {one.delayed}" if one.delayed else ""),
        "the next mem command carries it out; adding it again would make a second one",
    )
