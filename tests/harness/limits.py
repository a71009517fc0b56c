"""Limits of the harnesses, as docs/hooks.md names them: (program, title of a row) → why the row does not hold."""

from __future__ import annotations

LIMITS: dict[tuple[str, str], str] = {
    (
        "claude-2.1.197",
        "forked: a session of its own",
    ): "its SessionStart names the conversation that is forked, so the fork goes on in that session",
    (
        "opencode-1.18.33",
        "uninstalled to the byte",
    ): "opencode writes a `.gitignore` into `.opencode/`, which therefore stays",
}
