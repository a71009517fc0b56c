"""How a recorded memory is shown: one JSON form, one line, for every command that writes one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from memcli.cli.options import Call
from memcli.cli.views.output import emit, finding_data, finding_lines, note, printable
from memcli.operations.writing.record import Recorded


def show_recorded(this: Call, command: str, done: Recorded) -> None:
    """Print one written memory."""
    show_all(this, command, [done], _data(done))


def show_many(this: Call, command: str, done: Sequence[Recorded]) -> None:
    """Print the memories of a batch, in their order."""
    show_all(this, command, done, {"memories": [_data(one) for one in done]})


def show_all(this: Call, command: str, done: Sequence[Recorded], data: dict[str, Any]) -> None:
    """Print written memories under the given JSON data, and say which session they began."""
    warnings = [f"not committed yet: {done[0].delayed}"] if done[0].delayed else []
    emit(this, command, data, lambda: "\n".join(line for one in done for line in _lines(one)), warnings)
    if done[0].started:
        joined = f"; other processes join it with MEM_SESSION={done[0].session}" if this.workspace.config.agent else ""
        note(this, f"started session {done[0].session}{joined}")


def _data(one: Recorded) -> dict[str, Any]:
    return {"id": one.id, "session": one.session, "state": one.state, "path": one.path,
            "findings": [finding_data(finding) for finding in one.findings]}  # fmt: skip


def _lines(one: Recorded) -> list[str]:
    state = "" if one.state == "committed" else f" ({one.state})"
    return [printable(f"{one.id}  {one.path}{state}"), *finding_lines(one.findings)]
