"""Gemini CLI: groups of named handlers in its settings, milliseconds; what a hook prints must be pure JSON."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NAME, PROGRAM, HOME = "gemini", "gemini", ".gemini"
FORM = "table"
FILES = {"project": "{tree}/.gemini/settings.json", "user": "{home}/.gemini/settings.json"}
SKILLS = {"project": "{tree}/.gemini/skills", "user": "{home}/.gemini/skills"}
INSTRUCTIONS = ("GEMINI.md",)
MEMBERS: dict[str, object] = {}
NOTE = ""
EVENTS = (
    ("SessionStart", "session-start", "Load the memory of this repository"),
    ("BeforeAgent", "prompt", "Recall what the question is about"),
    ("AfterAgent", "stop", "Save what was written"),
    ("PreCompress", "pre-compact", "Save before the context is compressed"),
    ("SessionEnd", "session-end", "End the session of the memory"),
)
MILLISECONDS = 10_000


def entries(command: Callable[[str], str], recall: bool) -> list[tuple[str, dict[str, Any]]]:
    """(event, group) of all that is installed; `command` gives the command line of an event of ours."""
    return [(event, {"matcher": "*", "hooks": [_handler(command(ours), ours, words)]})
            for event, ours, words in EVENTS if recall or ours != "prompt"]  # fmt: skip


def _handler(command: str, ours: str, words: str) -> dict[str, Any]:
    return {"name": f"memcli-{ours}", "type": "command", "command": command, "timeout": MILLISECONDS,
            "description": words}  # fmt: skip
