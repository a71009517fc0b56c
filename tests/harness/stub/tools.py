"""Which tool of a harness does what a step of a script says, and with which arguments."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Arguments = dict[str, Any]


@dataclass(frozen=True)
class ToolCall:
    """A call; `arguments` are a text where the tool takes free text (Codex's apply_patch)."""

    name: str
    arguments: Arguments | str
    namespace: str = ""
    """Of a tool that Codex offers in one."""


SHELLS: dict[str, Callable[[str], Arguments]] = {
    "Bash": lambda command: {"command": command, "description": "run it"},
    "shell_command": lambda command: {"command": command},
    "exec_command": lambda command: {"cmd": command, "yield_time_ms": 20000},
    "shell": lambda command: {"command": ["bash", "-lc", command]},
    "run_shell_command": lambda command: {"command": command, "description": "run it"},
    "bash": lambda command: {"command": command, "description": "run it"},
}
READS = {"Read": "file_path", "read_file": "file_path", "read": "filePath", "view": "path"}
EDITS = {
    "Edit": ("file_path", "old_string", "new_string"),
    "replace": ("file_path", "old_string", "new_string"),
    "str_replace_editor": ("path", "old_str", "new_str"),
    "edit": ("filePath", "oldString", "newString"),
}
WRITES = {"Write": ("file_path", "content"), "write_file": ("file_path", "content"), "write": ("filePath", "content"),
          "create": ("path", "file_text")}  # fmt: skip
TASKS = ("Agent", "Task", "task", "spawn_agent", "invoke_agent")


def tool_call(action: Mapping[str, Any], tools: Mapping[str, Any]) -> ToolCall | None:
    """The call of a harness's tool for an action; None where it has no such tool."""
    for kind, make in _MAKERS.items():
        if kind in action:
            return make(action[kind], tools)
    return None


def _shell(command: str, tools: Mapping[str, Any]) -> ToolCall | None:
    name = next((name for name in SHELLS if name in tools), None)
    if name is None:
        return None
    arguments = SHELLS[name](command)
    if name == "bash" and '"mode"' in json.dumps(tools[name]):  # Copilot's
        arguments["mode"] = "sync"
    return ToolCall(name, arguments)


def _read(path: str, tools: Mapping[str, Any]) -> ToolCall | None:
    name = next((name for name in READS if name in tools), None)
    return ToolCall(name, {READS[name]: path}) if name else _shell(f"cat {path}", tools)


def _edit(change: tuple[str, str, str], tools: Mapping[str, Any]) -> ToolCall | None:
    path, old, new = change
    name = next((name for name in EDITS if name in tools), None)
    if name is None:
        if "apply_patch" in tools:
            return ToolCall(
                "apply_patch", f"*** Begin Patch\n*** Update File: {path}\n@@\n-{old}\n+{new}\n*** End Patch"
            )
        return _shell(f"sed -i 's|{old}|{new}|' {path}", tools)
    is_copilot = name == "edit" and "old_str" in json.dumps(tools[name])
    fields = EDITS["str_replace_editor"] if is_copilot else EDITS[name]
    extra = {"instruction": "change it"} if name == "replace" else {}
    return ToolCall(name, {**dict(zip(fields, change, strict=True)), **extra})


def _write(change: tuple[str, str], tools: Mapping[str, Any]) -> ToolCall | None:
    path, text = change
    if name := next((name for name in WRITES if name in tools), None):
        return ToolCall(name, dict(zip(WRITES[name], change, strict=True)))
    return _shell(f"cat > {path} <<'X'\n{text}\nX", tools)


def _task(prompt: str, tools: Mapping[str, Any]) -> ToolCall | None:
    name = next((name for name in TASKS if name in tools), None)
    if name is None:
        return None
    schema = json.dumps(tools[name])
    fields: Arguments = {"prompt": prompt, "description": "helper"}
    if name == "spawn_agent":
        return ToolCall(name, {"message": prompt}, tools[name].get("namespace", ""))
    if name == "invoke_agent":
        return ToolCall(name, {"prompt": prompt, "agent_name": "generalist"})
    if name == "task" and '"subagent_type"' not in schema:  # Copilot's
        return ToolCall(name, {**fields, "agent_type": "general-purpose", "name": "helper", "mode": "sync"})
    return ToolCall(name, {**fields, "subagent_type": "general" if name == "task" else "general-purpose"})


def _raw(call: Mapping[str, Any], _: Mapping[str, Any]) -> ToolCall:
    return ToolCall(call["name"], call["args"])


_MAKERS: dict[str, Callable[[Any, Mapping[str, Any]], ToolCall | None]] = {
    "shell": _shell, "read": _read, "edit": _edit, "write": _write, "task": _task, "raw": _raw,
}  # fmt: skip
