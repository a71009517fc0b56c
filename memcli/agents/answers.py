"""How a text is handed to a harness: the one JSON object that its hook may print.

Every harness has its own field for it; where it has none the text is not handed over, and `{}` is printed.
"""

from __future__ import annotations

CLAUDE = {"session-start": "SessionStart", "prompt": "UserPromptSubmit", "pre-edit": "PreToolUse"}
GEMINI = {"session-start": "SessionStart", "prompt": "BeforeAgent", "pre-edit": "BeforeTool"}
NESTED = {"claude": CLAUDE, "codex": CLAUDE, "gemini": GEMINI}
"""Harness → event → what that harness calls it in an answer."""


def answer(agent: str, event: str, text: str) -> dict[str, object]:
    """The object to print; empty where the harness takes nothing at this event."""
    name = NESTED.get(agent, {}).get(event)
    if not text:
        return {}
    if name:
        return {"hookSpecificOutput": {"hookEventName": name, "additionalContext": text}}
    if agent == "cursor" and event == "session-start":
        return {"additional_context": text}
    if agent == "opencode" and event in ("session-start", "pre-compact"):
        return {"context": text}
    return {}
