"""Gemini CLI. Handlers have names and timeouts in milliseconds; a hook must print pure JSON."""

from __future__ import annotations

from memcli.agents.adapter import Adapter
from memcli.agents.events import MENTION, PRE_COMPACT, PRE_EDIT, PROMPT, SESSION_END, SESSION_START, STOP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from memcli.agents.trust import HookFile, Read, Trust

DESCRIPTIONS = {
    SESSION_START: "Load the memory of this repository",
    MENTION: "Constraints of the files that the question names",
    PROMPT: "Recall what the question is about",
    PRE_EDIT: "Constraints of a file that is read",
    STOP: "Save the session's files",
    PRE_COMPACT: "Save before the context is compressed",
    SESSION_END: "End the memory session",
}


class Gemini(Adapter):
    """Its settings file is also the user's, and may hold comments."""

    name, agent, title = "gemini", "gemini-cli", "Gemini CLI"
    session_variables = ("GEMINI_SESSION_ID",)
    program, directory = "gemini", ".gemini"
    runs_git_hooks = False  # its shell sets `core.hooksPath` to nothing
    hook_files = {"project": "{tree}/.gemini/settings.json", "user": "{home}/.gemini/settings.json"}
    hook_events = (
        ("SessionStart", SESSION_START, 10_000),
        ("BeforeAgent", MENTION, 10_000),
        ("BeforeAgent", PROMPT, 10_000),
        ("AfterTool", PRE_EDIT, 10_000),
        ("AfterAgent", STOP, 10_000),
        ("PreCompress", PRE_COMPACT, 10_000),
        ("SessionEnd", SESSION_END, 10_000),
    )
    matchers = {PRE_EDIT: "read_file"}
    plugin_marks = (("{home}/.gemini/extensions/mem/gemini-extension.json", r'"name"\s*:\s*"mem"'),)
    skill_directories = {"project": "{tree}/.gemini/skills", "user": "{home}/.gemini/skills"}
    instruction_files = ("GEMINI.md",)
    mcp_setup = "gemini mcp add mem mem mcp"
    mcp_client = "gemini-cli-mcp-client"
    answer_events = {
        SESSION_START: "SessionStart",
        MENTION: "BeforeAgent",
        PROMPT: "BeforeAgent",
        PRE_EDIT: "AfterTool",
    }

    def entry(self, event: str, command: str, timeout: int) -> dict[str, Any]:
        handler = {"name": f"memcli-{event}", "type": "command", "command": command, "timeout": timeout,
                   "description": DESCRIPTIONS[event]}  # fmt: skip
        return {"matcher": self.matchers.get(event, "*"), "hooks": [handler]}

    def prompt(self, payload: Mapping[str, object]) -> str:
        """What the user asks, without what hooks gave: Gemini puts that before it, escaped, as `<hook_context>`."""
        import re  # few events have a prompt

        return re.sub(r"(?s)\A\s*(?:<hook_context>.*?</hook_context>\s*)+", "", super().prompt(payload))

    def trust(self, hooks: HookFile, read: Read) -> Trust:
        """By the most specific folder in `trustedFolders.json`, unless its settings turn folder trust off."""
        from memcli.agents.trust import TRUSTED, WAITING, Trust, is_within, json_file, member

        security = member(json_file(read, "{own}/settings.json"), "security", "folderTrust")
        if hooks.scope == "user" or security.get("enabled") is False:
            return Trust(TRUSTED)
        rules = json_file(read, "{own}/trustedFolders.json").items()
        covering = [(len(path), level) for path, level in rules if is_within(hooks.tree, [_folder(path, level)])]
        level = max(covering, key=lambda rule: rule[0], default=(0, ""))[1]
        if level in ("TRUST_FOLDER", "TRUST_PARENT"):
            return Trust(TRUSTED)
        reason = "you do not trust this folder" if level else "Gemini CLI does not trust this folder yet"
        step = "run 'gemini' here and trust the folder ('/permissions'); '--skip-trust' loads no hooks of a project"
        return Trust(WAITING, f"{reason}, so it runs no hook of it", step)


def _folder(path: str, level: object) -> str:
    """The folder that a rule is about."""
    return path.rstrip("/").rpartition("/")[0] or "/" if level == "TRUST_PARENT" else path


ADAPTER = Gemini()
