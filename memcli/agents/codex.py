"""Codex CLI. Claude Code's shapes in a file that may hold nothing but `hooks`; a person approves every command.

In `config.toml`, `[projects."DIRECTORY"] trust_level` admits a project's file, and `[hooks.state."FILE:EVENT:0:0"]`
with a `trusted_hash` each of its handlers: the hash of the handler with its event and matcher as canonical JSON.
"""

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

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from memcli.agents.trust import HookFile, Read, Trust

CONFIG = "{own}/config.toml"
TIMEOUT = 600
"""Seconds of a handler without a timeout."""
APPROVE = "run 'codex' here, then '/hooks', and press 't' at each hook of mem"


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
    plugin_marks = (("{own}/config.toml", r'\[plugins\."mem(cli)?@[^"]*"\]\s*enabled\s*=\s*true'),)
    default_reader = True
    mcp_setup = "codex mcp add mem -- mem mcp"
    mcp_client = "codex-mcp-client"
    answer_events = {SESSION_START: "SessionStart", MENTION: "UserPromptSubmit", PROMPT: "UserPromptSubmit"}

    def trust(self, hooks: HookFile, read: Read) -> Trust:
        """By the project's trust, then by the approval of each handler: without, `codex exec` skips it silently."""
        from memcli.agents.trust import CHANGED, TRUSTED, WAITING, Trust, member, toml_file

        config = toml_file(read, CONFIG)
        level = _project_trust(member(config, "projects"), hooks)
        if hooks.scope == "project" and level != "trusted":
            reason = "you have marked this project as untrusted" if level else "Codex does not trust this project yet"
            return Trust(
                WAITING, f"{reason}, so it runs no hook of it", f"run 'codex' here and trust it; then {APPROVE}"
            )
        handlers, state = dict(approvable(hooks)), member(config, "hooks", "state")
        approved = {name: _approved(state, hooks.path, name) for name in handlers}
        stale = [name.partition(":")[0] for name, digest in handlers.items() if approved[name] not in (None, digest)]
        missing = [name for name, digest in approved.items() if digest is None]
        if stale:
            return Trust(CHANGED, f"changed since you approved it, and not run: {', '.join(stale)}", f"{APPROVE} again")
        if missing:
            number = f"{len(missing)} of {len(approved)}"
            return Trust(WAITING, f"Codex does not run hooks before you approve them: {number}", APPROVE)
        return Trust(TRUSTED)


def _project_trust(projects: Mapping[str, Any], hooks: HookFile) -> str:
    """The trust level of a worktree, or of the main one; `` where there is none."""
    from os.path import realpath

    levels = (projects.get(name) for root in (hooks.tree, hooks.main) for name in (root, realpath(root)))
    return next(
        (str(level["trust_level"]) for level in levels if isinstance(level, dict) and "trust_level" in level), ""
    )


def _approved(state: Mapping[str, Any], path: str, name: str) -> str | None:
    """The hash that was approved for a handler; None without any."""
    from os.path import realpath

    entries = (state.get(f"{file}:{name}") for file in (path, realpath(path)))
    return next(
        (str(entry["trusted_hash"]) for entry in entries if isinstance(entry, dict) and "trusted_hash" in entry), None
    )


def approvable(hooks: HookFile) -> Iterator[tuple[str, str]]:
    """(`event:group:place`, current hash) of each handler of ours in a hook file."""
    import json
    import re

    from memcli.agents.hook_commands import calls_mem
    from memcli.agents.trust import member

    try:
        table = member(json.loads(hooks.text), "hooks")
    except ValueError:
        return
    for event, groups in table.items():
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", event).lower()
        for number, group in enumerate(groups if isinstance(groups, list) else ()):
            for place, handler in enumerate(group.get("hooks") or () if isinstance(group, dict) else ()):
                if isinstance(handler, dict) and calls_mem(str(handler.get("command", ""))):
                    yield f"{name}:{number}:{place}", _digest(name, group, handler)


def _digest(event: str, group: Mapping[str, Any], handler: Mapping[str, Any]) -> str:
    """The hash by which Codex knows a handler."""
    import hashlib
    import json

    usual = {
        "type": "command",
        "command": handler["command"],
        "timeout": handler.get("timeout", TIMEOUT),
        "async": False,
    }
    message = {"statusMessage": handler["statusMessage"]} if handler.get("statusMessage") else {}
    matcher = {"matcher": group["matcher"]} if group.get("matcher") is not None else {}
    identity = {"event_name": event, **matcher, "hooks": [{**usual, **message}]}
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


ADAPTER = Codex()
