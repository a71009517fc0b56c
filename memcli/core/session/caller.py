"""Who calls, as the environment tells: the variables that agents' harnesses set for what they run.

Imports nothing: what git calls at a commit has no time for more.
"""

from __future__ import annotations

from collections.abc import Mapping

HARNESSES = (
    ("CLAUDECODE", "claude-code", ("CLAUDE_CODE_SESSION_ID",)),
    ("CODEX_THREAD_ID", "codex", ("CODEX_THREAD_ID",)),
    ("CODEX_SANDBOX", "codex", ()),
    ("CODEX_SANDBOX_NETWORK_DISABLED", "codex", ()),
    ("GEMINI_CLI", "gemini-cli", ("GEMINI_SESSION_ID",)),
    ("CURSOR_AGENT", "cursor", ("CURSOR_CONVERSATION_ID",)),
    ("COPILOT_CLI", "copilot", ("COPILOT_SESSION_ID",)),
    ("OPENCODE", "opencode", ("OPENCODE_SESSION_ID",)),
    ("GOOSE_TERMINAL", "goose", ()),
    ("AMP_CURRENT_THREAD_ID", "amp", ("AMP_CURRENT_THREAD_ID",)),
)
"""(variable a harness sets for what it runs, the agent's name, variables that hold its session id)."""


def caller(env: Mapping[str, str], said: str | None = None) -> tuple[str | None, str | None]:
    """(agent's name, harness's session id); (None, None) for a person. `said`: the name on the command line."""
    for variable, name, ids in HARNESSES:
        if env.get(variable):
            found = next((env[key] for key in ids if env.get(key)), None)
            return said or env.get("MEM_AGENT") or name, found
    return said or env.get("MEM_AGENT") or env.get("AI_AGENT") or None, None
