"""Gemini CLI. Handlers have names and timeouts in milliseconds; a hook must print pure JSON."""

from __future__ import annotations

from memcli.agents.adapter import Adapter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DESCRIPTIONS = {
    "session-start": "Load the memory of this repository",
    "prompt": "Recall what the question is about",
    "stop": "Save the session's files",
    "pre-compact": "Save before the context is compressed",
    "session-end": "End the memory session",
}


class Gemini(Adapter):
    """Its settings file is also the user's, and may hold comments."""

    name, agent, title = "gemini", "gemini-cli", "Gemini CLI"
    session_variables = ("GEMINI_SESSION_ID",)
    program, directory = "gemini", ".gemini"
    hook_files = {"project": "{tree}/.gemini/settings.json", "user": "{home}/.gemini/settings.json"}
    hook_events = (
        ("SessionStart", "session-start", 10_000),
        ("BeforeAgent", "prompt", 10_000),
        ("AfterAgent", "stop", 10_000),
        ("PreCompress", "pre-compact", 10_000),
        ("SessionEnd", "session-end", 10_000),
    )
    skill_directories = {"project": "{tree}/.gemini/skills", "user": "{home}/.gemini/skills"}
    instruction_files = ("GEMINI.md",)
    answer_events = {"session-start": "SessionStart", "prompt": "BeforeAgent", "pre-edit": "BeforeTool"}

    def entry(self, event: str, command: str, timeout: int) -> dict[str, Any]:
        handler = {"name": f"memcli-{event}", "type": "command", "command": command, "timeout": timeout,
                   "description": DESCRIPTIONS[event]}  # fmt: skip
        return {"matcher": "*", "hooks": [handler]}


ADAPTER = Gemini()
