"""Codex CLI. Claude Code's shapes in a file that may hold nothing but `hooks`; a person approves every command."""

from __future__ import annotations

from memcli.agents.adapter import Adapter
from memcli.agents.events import (
    MENTION,
    POST_COMPACT,
    PRE_COMPACT,
    PROMPT,
    SESSION_END,
    SESSION_START,
    STOP,
    SUBAGENT_STOP,
)


class Codex(Adapter):
    """Approval is by the hash of a command, so the command must never change."""

    name, agent, title = "codex", "codex", "Codex CLI"
    session_variables = ("CODEX_THREAD_ID", "CODEX_SESSION_ID")
    home_variable = "CODEX_HOME"
    program, directory = "codex", ".codex"
    daemon_words = ("app-server",)
    hook_files = {"project": "{tree}/.codex/hooks.json", "user": "{own}/hooks.json"}
    hook_events = (
        ("SessionStart", SESSION_START, 10),
        ("UserPromptSubmit", MENTION, 5),
        ("UserPromptSubmit", PROMPT, 5),
        ("PreCompact", PRE_COMPACT, 10),
        ("PostCompact", POST_COMPACT, 10),
        ("Stop", STOP, 5),
        ("SubagentStop", SUBAGENT_STOP, 5),
        ("SessionEnd", SESSION_END, 3),  # Codex allows no more
    )
    approval = "Codex will not run these until you approve them: run 'codex', then '/hooks'"
    default_reader = True
    mcp_setup = "codex mcp add mem -- mem mcp"
    mcp_client = "codex-mcp-client"
    answer_events = {SESSION_START: "SessionStart", MENTION: "UserPromptSubmit", PROMPT: "UserPromptSubmit"}


ADAPTER = Codex()
