"""A recorded memory as shown by every command that writes one: one JSON form, one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from memcli.cli.options import Call
from memcli.cli.views.findings import finding_data, finding_lines
from memcli.cli.views.output import emit, note, printable
from memcli.operations.writing.record import Recorded


def show_written(call: Call, command: str, memory: Recorded) -> None:
    """Print one written memory."""
    _show(call, command, [memory], written_data(memory))


def show_batch(call: Call, command: str, memories: Sequence[Recorded]) -> None:
    """Print the memories of a batch, in their order."""
    _show(call, command, memories, {"memories": [written_data(memory) for memory in memories]})


def _show(call: Call, command: str, memories: Sequence[Recorded], data: dict[str, Any]) -> None:
    first = memories[0]
    lines = [line for memory in memories for line in _lines(memory)]
    emit(call, command, data, lambda: "\n".join(lines), delay_warnings(first))
    if first.started:
        note_started(call, first.session)


def delay_warnings(memory: Recorded) -> list[str]:
    """Why an acknowledged memory is not committed yet, where it is not."""
    return [f"not committed yet: {memory.delayed}"] if memory.delayed else []


def note_started(call: Call, session: str) -> None:
    """Say that a write has started a session, and to an agent how its other processes join it."""
    join = f"; set MEM_SESSION={session} to join it from other processes" if call.workspace.config.agent else ""
    note(call, f"started session {session}{join}")


def written_data(memory: Recorded) -> dict[str, Any]:
    """A recorded memory as the JSON contract has it."""
    return {"id": memory.id, "session": memory.session, "state": memory.state, "path": memory.path,
            "findings": [finding_data(finding) for finding in memory.findings]}  # fmt: skip


def _lines(memory: Recorded) -> list[str]:
    state = "" if memory.state == "committed" else f" ({memory.state})"
    return [printable(f"{memory.id}  {memory.path}{state}"), *finding_lines(memory.findings)]
