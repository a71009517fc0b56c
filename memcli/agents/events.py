"""What harnesses tell their hooks, read alike: which session it is about, and where.

Nothing is imported here: an event that is only recorded has four bare starts of Python for everything.
"""

from __future__ import annotations

AGENTS = {
    "claude": "claude-code",
    "codex": "codex",
    "gemini": "gemini-cli",
    "cursor": "cursor",
    "copilot": "copilot",
    "opencode": "opencode",
}
"""The word in a hook's command → the agent's name, as the environment that the harness sets gives it too."""
_SESSION = ("session_id", "sessionId", "sessionID", "conversation_id")
_PLACE = ("cwd", "directory", "worktree", "workspace_roots")
_FILE = ("file_path", "filePath", "path", "notebook_path", "target_file")
MOST = 200


def session_id(payload: dict[str, object]) -> str:
    """The harness's own id of its session; `` where it says none."""
    return next((text for name in _SESSION if (text := said(payload, name))), "")[:MOST]


def place(payload: dict[str, object]) -> str:
    """The directory that the event is about; `` where it says none."""
    return next((text for name in _PLACE if (text := _first(payload.get(name)))), "")


def edited(payload: dict[str, object]) -> str:
    """The path that is about to be edited; `` where there is none."""
    inner = payload.get("tool_input")
    known = inner if isinstance(inner, dict) else payload
    return next((text for name in _FILE if (text := said(known, name))), "")


def said(payload: dict[str, object], name: str) -> str:
    """A text of the payload; `` for anything else."""
    return _first(payload.get(name)) if isinstance(payload.get(name), str) else ""


def _first(value: object) -> str:
    found = value[0] if isinstance(value, list) and value else value
    return found.encode("utf-8", "replace").decode() if isinstance(found, str) else ""
