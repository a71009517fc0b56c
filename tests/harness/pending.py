"""What is not right yet: title of a fact → programs. A test fails when one of these has become right."""

from __future__ import annotations

PENDING: dict[str, tuple[str, ...]] = {
    "the episode's title says what was done": (
        "claude-2.1.197",
        "claude-2.1.332",
        "codex-0.171.0",
        "copilot-1.0.102",
        "gemini-0.61.0",
        "opencode-1.18.33",
    ),
    "resumed: no second pack": ("claude-2.1.197", "claude-2.1.332", "codex-0.171.0", "gemini-0.61.0"),
    "forked: a session of its own": ("claude-2.1.197", "opencode-1.18.33"),
    "its code commit is found (`mem why`)": ("codex-0.171.0", "copilot-1.0.102", "gemini-0.61.0", "opencode-1.18.33"),
    "sub-agent: in the session of its agent": ("codex-0.171.0", "copilot-1.0.102", "gemini-0.61.0", "opencode-1.18.33"),
    "no session is left open": ("codex-0.171.0", "copilot-1.0.102", "gemini-0.61.0", "opencode-1.18.33"),
    "the pack arrives with the first request": ("copilot-1.0.102", "opencode-1.18.33"),
    "… and once": ("copilot-1.0.102", "gemini-0.61.0", "opencode-1.18.33"),
    "a constraint arrives before the edit": ("copilot-1.0.102", "opencode-1.18.33"),
    "one session for one run": ("copilot-1.0.102", "gemini-0.61.0", "opencode-1.18.33"),
    "`mem add` in the shell: in the session of the hooks": ("copilot-1.0.102", "gemini-0.61.0", "opencode-1.18.33"),
    "resumed: the same session": ("copilot-1.0.102", "gemini-0.61.0", "opencode-1.18.33"),
    "killed: what was added is kept": ("copilot-1.0.102", "gemini-0.61.0", "opencode-1.18.33"),
    "nothing of `mem` that the agent did not ask for": ("copilot-1.0.102", "gemini-0.61.0", "opencode-1.18.33"),
    "the end of the run ends the session": ("opencode-1.18.33",),
}
