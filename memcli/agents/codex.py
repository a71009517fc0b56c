"""Codex CLI: the nesting of Claude Code, no other root keys; its user trusts every command by its hash."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NAME, PROGRAM, HOME = "codex", "codex", ".codex"
FORM = "table"
FILES = {"project": "{tree}/.codex/hooks.json", "user": "{codex}/hooks.json"}
SKILLS = {"project": "{tree}/.agents/skills", "user": "{home}/.agents/skills"}
INSTRUCTIONS = ("AGENTS.md",)
MEMBERS: dict[str, object] = {}
NOTE = "Codex will not run these until you approve them: run 'codex', then '/hooks'"
EVENTS = (
    ("SessionStart", "session-start", 10),
    ("UserPromptSubmit", "prompt", 5),
    ("PreCompact", "pre-compact", 10),
    ("PostCompact", "post-compact", 10),
    ("Stop", "stop", 5),
    ("SubagentStop", "subagent-stop", 5),
    ("SessionEnd", "session-end", 3),  # more than that is cut
)


def entries(command: Callable[[str], str], recall: bool) -> list[tuple[str, dict[str, Any]]]:
    """(event, group) of all that is installed; `command` gives the command line of an event of ours."""
    return [
        (event, {"hooks": [{"type": "command", "command": command(ours), "timeout": seconds}]})
        for event, ours, seconds in EVENTS
        if recall or ours != "prompt"
    ]
