"""Cursor: a flat list of handlers per event, seconds. Cloud agents start no hooks, so a rule file says it again."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NAME, PROGRAM, HOME = "cursor", "cursor", ".cursor"
FORM = "table"
FILES = {"project": "{tree}/.cursor/hooks.json", "user": "{home}/.cursor/hooks.json"}
SKILLS = {"project": "{tree}/.agents/skills", "user": "{home}/.agents/skills"}
INSTRUCTIONS = ("AGENTS.md",)
MEMBERS: dict[str, object] = {"version": 1}
NOTE = ""
RULE = ("{tree}/.cursor/rules/memory.mdc", "cursor-rule.mdc")
"""A file of our own beside the hooks of a project, and its template."""
EVENTS = (
    ("sessionStart", "session-start", 10),
    ("preCompact", "pre-compact", 10),
    ("stop", "stop", 10),
    ("subagentStop", "subagent-stop", 10),
    ("sessionEnd", "session-end", 10),
)


def entries(command: Callable[[str], str], _recall: bool) -> list[tuple[str, dict[str, Any]]]:
    """(event, handler) of all that is installed; there is no field for recall at a prompt."""
    return [(event, {"command": command(ours), "timeout": seconds}) for event, ours, seconds in EVENTS]
