"""Cursor. Events hold a flat list of handlers; cloud agents run no hooks, so a rule file names the commands."""

from __future__ import annotations

from memcli.agents.adapter import Adapter
from memcli.agents.events import PRE_COMPACT, SESSION_END, SESSION_START, STOP, SUBAGENT_STOP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Cursor(Adapter):
    """It also runs Claude Code's hooks: that adapter names it as the second caller."""

    name, agent, title = "cursor", "cursor", "Cursor"
    session_variables = ("CURSOR_CONVERSATION_ID",)
    program, directory = "cursor", ".cursor"
    hook_files = {"project": "{tree}/.cursor/hooks.json", "user": "{home}/.cursor/hooks.json"}
    hook_events = (
        ("sessionStart", SESSION_START, 10),
        ("preCompact", PRE_COMPACT, 10),
        ("stop", STOP, 10),
        ("subagentStop", SUBAGENT_STOP, 10),
        ("sessionEnd", SESSION_END, 10),
    )
    root_members = {"version": 1}
    project_files = (("{tree}/.cursor/rules/memory.mdc", "cursor-rule.mdc"),)
    mcp_setup = '.cursor/mcp.json:\n{"mcpServers": {"mem": {"command": "mem", "args": ["mcp"]}}}'
    session_fields = ("session_id", "conversation_id")
    directory_fields = ("cwd", "workspace_roots")
    answer_fields = {SESSION_START: "additional_context"}

    def entry(self, event: str, command: str, timeout: int) -> dict[str, Any]:
        return {"command": command, "timeout": timeout}


ADAPTER = Cursor()
