"""Where the memories of `mem add` come from: an argument, stdin, a batch of JSON lines, or the editor."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from memcli.cli.checked_values import check_front
from memcli.cli.input_text import read_stdin, unkept
from memcli.cli.options import Call
from memcli.core.memory.keys import ORDER
from memcli.errors import Usage

_TEXTS = ("title", "kind", "type", "topic", "key", "valid_from", "valid_to", "expires", "evidence", "confidence")
"""Options that are front matter keys of the same name."""


def _front(options: dict[str, Any]) -> dict[str, Any]:
    """Front matter keys from the options that were given."""
    front: dict[str, Any] = {name: options[name] for name in _TEXTS if options[name]}
    lists = {"tags": options["tag"], "paths": options["path"], "based_on": options["based_on"]}
    front |= {name: tuple(items) for name, items in lists.items() if items}
    if options["pin"]:
        front["pin"] = "true"
    if options["ref"]:
        front["source"] = {"ref": options["ref"]}
    return front


@contextmanager
def memories_to_add(call: Call, options: dict[str, Any]) -> Iterator[dict[str, dict[str, Any]]]:
    """{place: memory to add}, from the option, stdin or editor that has it, for a block that records them."""
    text, front = options["text"], _front(options)
    if options["draft"] is None and (options["batch"] or text == "-" or (text is None and not sys.stdin.isatty())):
        with unkept():
            yield _batch(options["batch"]) if options["batch"] else {"stdin": {**front, "body": read_stdin()}}
    elif text is not None:
        yield {"TEXT": {**front, "body": text}}
    else:
        from memcli.cli.typed_memories import memory_from_editor  # few call it

        with memory_from_editor(call, front, options["draft"]) as values:
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
