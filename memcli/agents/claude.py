"""Claude Code. In VS Code a SessionStart hook with a matcher never fires, so ours has none."""

from __future__ import annotations

from memcli.agents.adapter import Adapter
from memcli.agents.events import (
    DELEGATE,
    MENTION,
    POST_COMPACT,
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


class ClaudeCode(Adapter):
    """Its settings file is also the user's."""

    name, agent, title = "claude", "claude-code", "Claude Code"
    session_variables = ("CLAUDE_CODE_SESSION_ID",)
    export_variable = "CLAUDE_ENV_FILE"
    program, directory = "claude", ".claude"
    hook_files = {
        "local": "{tree}/.claude/settings.local.json",
        "project": "{tree}/.claude/settings.json",
        "user": "{home}/.claude/settings.json",
    }
    hook_events = (
        ("SessionStart", SESSION_START, 10),
        ("UserPromptSubmit", MENTION, 5),
        ("UserPromptSubmit", PROMPT, 5),
        ("PreToolUse", PRE_EDIT, 5),
        ("PreToolUse", DELEGATE, 5),
        ("SubagentStart", SUBAGENT_START, 10),
        ("PreCompact", PRE_COMPACT, 10),
        ("PostCompact", POST_COMPACT, 10),
        ("Stop", STOP, 5),
        ("SubagentStop", SUBAGENT_STOP, 5),
        ("SessionEnd", SESSION_END, 5),  # without a timeout of its own it gets 1.5 s
    )
    # What PreToolUse gives comes with the tool's result: before an edit only at the read that it needs
    matchers = {PRE_EDIT: "Read|Edit|MultiEdit|Write|NotebookEdit", DELEGATE: "Task|Agent"}
    plugin_marks = tuple((file, r'"mem(cli)?@[^"]*"\s*:\s*true') for file in hook_files.values())
    skill_directories = {"project": "{tree}/.claude/skills", "user": "{home}/.claude/skills"}
    instruction_files = ("AGENTS.md", "CLAUDE.md")
    default_reader = True
    # Cursor runs these hooks too, with fields of its own, and so does Copilot, with a variable that only hooks have
    mcp_setup = "claude mcp add mem -- mem mcp"
    mcp_client = "claude-code"
    second_callers = (("cursor", "CURSOR_VERSION", "cursor_version"), ("copilot", "COPILOT_PROJECT_DIR", ""))
    changes_ids = True  # 2.1.197 starts a fork under the id of its origin
    subject_fields = ("prompt", "compact_summary")
    session_fields = ("session_id", "conversation_id")
    directory_fields = ("cwd", "workspace_roots")
    edited_fields = ("file_path", "notebook_path", "path", "target_file")
    answer_events = {
        SESSION_START: "SessionStart",
        MENTION: "UserPromptSubmit",
        PROMPT: "UserPromptSubmit",
        PRE_EDIT: "PreToolUse",
        SUBAGENT_START: "SubagentStart",
    }

    def entry(self, event: str, command: str, timeout: int) -> dict[str, Any]:
        handler: dict[str, Any] = {"type": "command", "command": command, "timeout": timeout}
        if event == SESSION_START:
            handler["statusMessage"] = "Loading memory"
        matcher: dict[str, Any] = {"matcher": self.matchers[event]} if event in self.matchers else {}
        return {**matcher, "hooks": [handler]}

    def trust(self, hooks: HookFile, read: Read) -> Trust:
        """By the answer to the dialog at the first start in a folder, or above it; `claude -p` does not ask."""
        from memcli.agents.trust import TRUSTED, WAITING, Trust, is_within, json_file, member

        projects = member(json_file(read, "{home}/.claude.json"), "projects")
        accepted = [path for path in projects if member(projects, path).get("hasTrustDialogAccepted") is True]
        if hooks.scope == "user" or is_within(hooks.tree, accepted):
            return Trust(TRUSTED)
        step = "run 'claude' here and trust the folder; 'claude -p' runs them without"
        return Trust(WAITING, "Claude Code asks at its first start here whether you trust this folder", step)

    def notes_about(self, project: str) -> str:
        """`project`: the absolute path of the repository's main worktree; all worktrees share its notes."""
        name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in project)
        return f"{{own}}/projects/{name}/memory"


ADAPTER = ClaudeCode()
