"""Copilot CLI and cloud agent. PascalCase events get snake_case payloads; it takes no text from hooks."""

from __future__ import annotations

from memcli.agents.adapter import Adapter
from memcli.agents.events import PRE_COMPACT, SESSION_END, SESSION_START, STOP, SUBAGENT_STOP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Copilot(Adapter):
    """It reads every file of its hooks directory, so ours is a file of its own."""

    name, agent, title = "copilot", "copilot", "Copilot"
    session_variables = ("COPILOT_AGENT_SESSION_ID",)
    program, directory = "copilot", ".copilot"
    hook_files = {"project": "{tree}/.github/hooks/memcli.json", "user": "{home}/.copilot/hooks/memcli.json"}
    hook_events = (
        ("SessionStart", SESSION_START, 10),
        ("PreCompact", PRE_COMPACT, 10),
        ("Stop", STOP, 10),
        ("SubagentStop", SUBAGENT_STOP, 10),
        ("SessionEnd", SESSION_END, 10),
    )
    root_members = {"version": 1}
    owns_hook_file = True
    skill_directories = {"project": "{tree}/.agents/skills", "user": "{home}/.copilot/skills"}
    instruction_files = (".github/copilot-instructions.md",)
    needs_instructions = True
    mcp_setup = "copilot mcp add mem -- mem mcp"
    session_fields = ("session_id", "sessionId")

    def entry(self, event: str, command: str, timeout: int) -> dict[str, Any]:
        powershell = f"mem hook copilot {event}"
        return {"type": "command", "bash": command, "powershell": powershell, "timeoutSec": timeout}


ADAPTER = Copilot()
