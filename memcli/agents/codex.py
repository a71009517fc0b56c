"""Codex CLI. Claude Code's shapes in a file that may hold nothing but `hooks`; a person approves every command."""

from __future__ import annotations

from memcli.agents.adapter import Adapter


class Codex(Adapter):
    """Approval is by the hash of a command, so the command must never change."""

    name, agent, title = "codex", "codex", "Codex CLI"
    session_variables = ("CODEX_THREAD_ID",)
    home_variable = "CODEX_HOME"
    program, directory = "codex", ".codex"
    hook_files = {"project": "{tree}/.codex/hooks.json", "user": "{own}/hooks.json"}
    hook_events = (
        ("SessionStart", "session-start", 10),
        ("UserPromptSubmit", "prompt", 5),
        ("PreCompact", "pre-compact", 10),
        ("PostCompact", "post-compact", 10),
        ("Stop", "stop", 5),
        ("SubagentStop", "subagent-stop", 5),
        ("SessionEnd", "session-end", 3),  # Codex allows no more
    )
    approval = "Codex will not run these until you approve them: run 'codex', then '/hooks'"
    default_reader = True
    answer_events = {"session-start": "SessionStart", "prompt": "UserPromptSubmit", "pre-edit": "PreToolUse"}


ADAPTER = Codex()
