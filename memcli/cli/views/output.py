"""How every command prints: results on stdout, everything else on stderr, one JSON document on request."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from memcli.cli.options import Call
from memcli.core.memory.instants import format_instant
from memcli.errors import MemError

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    """Text from a store, safe for a terminal: control, direction and invisible characters are escaped."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def emit(
    call: Call, command: str, data: Mapping[str, Any], text: Callable[[], str], warnings: Sequence[str] = ()
) -> None:
    """Print a command's result: its JSON document, or its text with the warnings beside it."""
    if call.flags.json:
        document = {"schema": f"memcli/{command}@1", "data": data, "warnings": list(warnings)}
        print_result(json.dumps(document, ensure_ascii=False, default=as_plain_json))
        return
    for warning in warnings:
        note(call, f"warning: {warning}")
    if result := text():
        print_result(result)


def print_result(text: str) -> None:
    """Print text on stdout; what UTF-8 cannot hold is escaped."""
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n")


def note(call: Call, text: str) -> None:
    """Print a remark beside the result, on stderr; nothing with `--json` or `-q`."""
    if not (call.flags.json or call.flags.quiet):
        sys.stdout.flush()  # where both streams go to one place, the remark follows the result
        print(printable(text), file=sys.stderr)


def hint_init(call: Call) -> None:
    """Say how to start writing where a clone only has the remote's memory."""
    if not call.workspace.is_initialised:
        note(call, "reading from the remote branch; run 'mem init' to write here too")


def report_error(error: MemError, as_json: bool) -> None:
    """Print an error and its hint on stderr."""
    fields = error_data(error)
    if as_json:
        print(json.dumps({"schema": "memcli/error@1", "error": fields}), file=sys.stderr)
        return
    print(printable(f"error: {fields['message']}"), file=sys.stderr)
    if fields["hint"]:
        print(printable(f"hint: {fields['hint']}"), file=sys.stderr)


def error_data(error: MemError) -> dict[str, object]:
    """An error as the JSON contract has it; secrets that it quotes are masked."""
    from memcli.core.review.secrets import without_secrets  # only errors quote what a caller gave

    message, hint = without_secrets(error.message), without_secrets(error.hint)
    return {"code": error.code, "message": message, "hint": hint, "retryable": error.retryable,
            "exit": error.exit_code}  # fmt: skip


def as_plain_json(value: object) -> object:
    """The JSON form of an instant, a path or a dataclass. Raises TypeError for other values."""
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, Path):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
