"""Results on stdout, everything else on stderr; one JSON document where that was asked for."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memcli.cli.options import Call
from memcli.core.memory.instants import format_instant
from memcli.errors import MemError

if TYPE_CHECKING:
    from memcli.core.curator.edit import RefusedEdit
    from memcli.core.finding import Finding

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Text from a store, made safe for a terminal: control and direction characters are shown, not obeyed."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def emit(
    call: Call, command: str, data: Mapping[str, Any], text: Callable[[], str], warnings: Sequence[str] = ()
) -> None:
    """Print a command's result: the JSON document, or its text and the warnings beside it."""
    if call.flags.json:
        document = {"schema": f"memcli/{command}@1", "data": data, "warnings": list(warnings)}
        _write(json.dumps(document, ensure_ascii=False, default=_plain))
        return
    for warning in warnings:
        note(call, f"warning: {warning}")
    if words := text():
        _write(words)


def note(call: Call, text: str) -> None:
    """A remark beside the result, on stderr; nothing with `--json` or `-q`."""
    if not (call.flags.json or call.flags.quiet):
        sys.stdout.flush()  # where both go to one place, the remark follows the result
        print(printable(text), file=sys.stderr)


def hint_init(call: Call) -> None:
    """Where a clone only reads the fetched memory, say how to take part."""
    if not call.workspace.tip()[0].startswith("refs/heads/"):
        note(call, "this clone only reads the fetched memory: 'mem init' adopts it")


def report(error: MemError, as_json: bool) -> None:
    """An error with its next step."""
    if as_json:
        said = {"code": error.code, "message": error.message, "hint": error.hint, "retryable": error.retryable,
                "exit": error.exit_code}  # fmt: skip
        print(json.dumps({"schema": "memcli/error@1", "error": said}), file=sys.stderr)
        return
    print(printable(f"error: {error.message}"), file=sys.stderr)
    if error.hint:
        print(printable(f"hint: {error.hint}"), file=sys.stderr)


def _write(text: str) -> None:
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, Path):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def refusals_data(refused: Sequence[RefusedEdit]) -> list[dict[str, Any]]:
    """What was not taken of a curator's answer, as JSON has it."""
    return [{"edit": one.form, "id": one.id, "reason": one.reason} for one in refused]


def finding_data(finding: Finding) -> dict[str, str]:
    """A finding as the JSON contract has it."""
    return {"check": finding.check, "severity": finding.severity, "id": finding.id, "message": finding.message,
            "next": finding.next}  # fmt: skip


def finding_lines(findings: Sequence[Finding]) -> list[str]:
    """Findings as lines: severity, check, id, message, next step."""
    lines = []
    for one in findings:
        where = f" {one.id[-6:]}" if one.id else ""
        lines.append(printable(f"  {one.severity}: {one.check}{where}: {one.message}"))
        if one.next:
            lines.append(printable(f"         {one.next}"))
    return lines


def counted(number: int, one: str, many: str) -> str:
    """`1 memory`, `1,200 memories`."""
    return f"{number:,} {one if number == 1 else many}"


def age(moment: datetime, now: datetime) -> str:
    """How long ago, in the largest whole unit."""
    seconds = max(0, int((now - moment).total_seconds()))
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return "just now"
