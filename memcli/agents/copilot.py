"""Copilot CLI and cloud agent. PascalCase events get snake_case payloads; it takes no text from hooks."""

from __future__ import annotations

from memcli.agents.adapter import Adapter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Copilot(Adapter):
    """It reads every file of its hooks directory, so ours is a file of its own."""

    name, agent, title = "copilot", "copilot", "Copilot"
    session_variables = ("COPILOT_SESSION_ID",)
    program, directory = "copilot", ".copilot"
    hook_files = {"project": "{tree}/.github/hooks/memcli.json", "user": "{home}/.copilot/hooks/memcli.json"}
    hook_events = (
        ("SessionStart", "session-start", 10),
        ("PreCompact", "pre-compact", 10),
        ("Stop", "stop", 10),
        ("SubagentStop", "subagent-stop", 10),
        ("SessionEnd", "session-end", 10),
    )
    root_members = {"version": 1}
    owns_hook_file = True
    skill_directories = {"project": "{tree}/.agents/skills", "user": "{home}/.copilot/skills"}
    instruction_files = (".github/copilot-instructions.md",)
    needs_instructions = True
    session_fields = ("session_id", "sessionId")

    def entry(self, event: str, command: str, timeout: int) -> dict[str, Any]:
        powershell = f"mem hook copilot {event}"
        return {"type": "command", "bash": command, "powershell": powershell, "timeoutSec": timeout}


ADAPTER = Copilot()
