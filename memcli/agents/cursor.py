"""Cursor. Events hold a flat list of handlers; cloud agents run no hooks, so a rule file names the commands."""

from __future__ import annotations

from memcli.agents.adapter import Adapter

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
        ("sessionStart", "session-start", 10),
        ("preCompact", "pre-compact", 10),
        ("stop", "stop", 10),
        ("subagentStop", "subagent-stop", 10),
        ("sessionEnd", "session-end", 10),
    )
    root_members = {"version": 1}
    project_files = (("{tree}/.cursor/rules/memory.mdc", "cursor-rule.mdc"),)
    session_fields = ("session_id", "conversation_id")
    directory_fields = ("cwd", "workspace_roots")
    answer_fields = {"session-start": "additional_context"}

    def entry(self, event: str, command: str, timeout: int) -> dict[str, Any]:
        return {"command": command, "timeout": timeout}


ADAPTER = Cursor()
