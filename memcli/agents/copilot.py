"""Copilot CLI and cloud agent: a file of our own; PascalCase events for snake_case payloads; nothing is injected."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NAME, PROGRAM, HOME = "copilot", "copilot", ".copilot"
FORM = "file"
FILES = {"project": "{tree}/.github/hooks/memcli.json", "user": "{home}/.copilot/hooks/memcli.json"}
SKILLS = {"project": "{tree}/.agents/skills", "user": "{home}/.copilot/skills"}
INSTRUCTIONS = (".github/copilot-instructions.md",)
MEMBERS: dict[str, object] = {"version": 1}
NOTE = ""
EVENTS = (
    ("SessionStart", "session-start"),
    ("PreCompact", "pre-compact"),
    ("Stop", "stop"),
    ("SubagentStop", "subagent-stop"),
    ("SessionEnd", "session-end"),
)
SECONDS = 10


def entries(command: Callable[[str], str], _recall: bool) -> list[tuple[str, dict[str, Any]]]:
    """(event, handler) of all that is installed; there is no field for recall at a prompt."""
    return [(event, _handler(command(ours), ours)) for event, ours in EVENTS]


def _handler(command: str, ours: str) -> dict[str, Any]:
    return {"type": "command", "bash": command, "powershell": f"mem hook copilot {ours}", "timeoutSec": SECONDS}
