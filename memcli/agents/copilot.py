"""Copilot CLI and cloud agent. PascalCase events get snake_case payloads."""

from __future__ import annotations

from memcli.agents.adapter import Adapter
from memcli.agents.events import (
    MENTION,
    PRE_COMPACT,
    PRE_EDIT,
    PROMPT,
    SESSION_END,
    SESSION_START,
    STOP,
    SUBAGENT_START,
    SUBAGENT_STOP,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from memcli.agents.trust import HookFile, Read, Trust


class Copilot(Adapter):
    """It reads every file of its hooks directory, so ours is a file of its own."""

    name, agent, title = "copilot", "copilot", "Copilot"
    session_variables = ("COPILOT_AGENT_SESSION_ID",)
    program, directory = "copilot", ".copilot"
    hook_files = {"project": "{tree}/.github/hooks/memcli.json", "user": "{home}/.copilot/hooks/memcli.json"}
    hook_events = (
        ("SessionStart", SESSION_START, 10),
        ("UserPromptSubmit", MENTION, 10),
        ("UserPromptSubmit", PROMPT, 10),
        ("PostToolUse", PRE_EDIT, 10),
        ("SubagentStart", SUBAGENT_START, 10),
        ("PreCompact", PRE_COMPACT, 10),
        ("Stop", STOP, 10),
        ("SubagentStop", SUBAGENT_STOP, 10),
        ("SessionEnd", SESSION_END, 10),
    )
    matchers = {PRE_EDIT: "view|Read"}
    root_members = {"version": 1}
    owns_hook_file = True
    plugin_marks = (("{home}/.copilot/settings.json", r'"mem(cli)?@[^"]*"\s*:\s*true'),)
    skill_directories = {"project": "{tree}/.agents/skills", "user": "{home}/.copilot/skills"}
    instruction_files = (".github/copilot-instructions.md",)
    mcp_setup = "copilot mcp add mem -- mem mcp"
    mcp_client = "copilot-cli"
    subject_fields = ("prompt", "initial_prompt")
    session_fields = ("parent_agent_id", "session_id", "sessionId")  # a sub-agent has a session of its own
    edited_fields = ("path", "file_path")
    answer_fields = dict.fromkeys((SESSION_START, MENTION, PROMPT, PRE_EDIT, SUBAGENT_START), "additionalContext")

    def entry(self, event: str, command: str, timeout: int) -> dict[str, Any]:
        powershell = f"mem{command[command.rindex(' hook copilot ') :]}"
        matcher = {"matcher": self.matchers[event]} if event in self.matchers else {}
        return {"type": "command", "bash": command, "powershell": powershell, "timeoutSec": timeout, **matcher}

    def trust(self, hooks: HookFile, read: Read) -> Trust:
        """By the folders that its `config.json` lists; `-p` without `--trust-folder` skips hooks silently."""
        from memcli.agents.trust import TRUSTED, WAITING, Trust, is_within, json_file

        config = json_file(read, "{own}/config.json")
        lists = (config.get(name) for name in ("trustedFolders", "trusted_folders"))
        folders = [folder for trusted in lists if isinstance(trusted, list) for folder in trusted]
        if hooks.scope == "user" or is_within(hooks.tree, folders):
            return Trust(TRUSTED)
        step = "run 'copilot' here and trust the folder for the future; with '-p', add '--trust-folder'"
        return Trust(WAITING, "Copilot does not trust this folder yet, so it runs no hook of it", step)


ADAPTER = Copilot()
