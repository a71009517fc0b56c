"""Claude Code: groups of handlers per event, seconds; in VS Code a SessionStart with a matcher never fires."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NAME, PROGRAM, HOME = "claude", "claude", ".claude"
FORM = "table"
FILES = {
    "local": "{tree}/.claude/settings.local.json",
    "project": "{tree}/.claude/settings.json",
    "user": "{home}/.claude/settings.json",
}
SKILLS = {"project": "{tree}/.claude/skills", "user": "{home}/.claude/skills"}
INSTRUCTIONS = ("AGENTS.md", "CLAUDE.md")
MEMBERS: dict[str, object] = {}
NOTE = ""
EDITS = "Edit|MultiEdit|Write|NotebookEdit"
EVENTS = (
    ("SessionStart", "session-start", 10),
    ("UserPromptSubmit", "prompt", 5),
    ("PreToolUse", "pre-edit", 5),
    ("PreCompact", "pre-compact", 10),
    ("PostCompact", "post-compact", 10),
    ("Stop", "stop", 5),
    ("SubagentStop", "subagent-stop", 5),
    ("SessionEnd", "session-end", 5),  # a timeout of its own lifts the 1.5 s that it has otherwise
)


def entries(command: Callable[[str], str], recall: bool) -> list[tuple[str, dict[str, Any]]]:
    """(event, group) of all that is installed; `command` gives the command line of an event of ours."""
    found: list[tuple[str, dict[str, Any]]] = []
    for event, ours, seconds in EVENTS:
        if ours == "prompt" and not recall:
            continue
        handler: dict[str, Any] = {"type": "command", "command": command(ours), "timeout": seconds}
        if ours == "session-start":
            handler["statusMessage"] = "Loading memory"
        group: dict[str, Any] = {"matcher": EDITS} if ours == "pre-edit" else {}
        found.append((event, {**group, "hooks": [handler]}))
    return found
