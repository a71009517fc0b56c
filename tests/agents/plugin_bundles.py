"""The bundles in templates/plugins/, made from the adapters: `make docs` writes them.

Each brings the hooks, the skill and the MCP server of `mem` in the form that its harness installs with its own command.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import memcli
from memcli.agents.adapter import Adapter
from memcli.agents.events import FROM_PLUGIN
from memcli.agents.hook_commands import plugin_command
from memcli.agents.registry import find_adapter
from memcli.operations.hooks.shipped import template

PLUGINS = Path(__file__).parents[2] / "templates" / "plugins"
NAME, MARKETPLACE = "mem", "memcli"
DESCRIPTION = "Memory of a git repository for agents: hooks, a skill and an MCP server"
SERVERS = {NAME: {"command": "mem", "args": ["mcp"]}}
OWNER = {"name": "memcli"}
Files = dict[str, str]


def bundles() -> Files:
    """Path below templates/plugins/ → text, of everything."""
    return {f"{name}/{path}": text for name, make in _MAKERS.items() for path, text in make(_adapter(name)).items()}


def _adapter(name: str) -> Adapter:
    adapter = find_adapter(name)
    assert adapter is not None
    return adapter


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _manifest(**more: object) -> dict[str, object]:
    return {"name": NAME, "version": memcli.__version__, "description": DESCRIPTION, **more}


def _hooks(adapter: Adapter) -> str:
    events: dict[str, list[object]] = {}
    for event, entry in adapter.entries(lambda ours: plugin_command(adapter.name, ours), recall=False):
        events.setdefault(event, []).append(entry)
    return _json({**adapter.root_members, "hooks": events})


def _skill() -> str:
    lines = template("SKILL.md").splitlines(keepends=True)
    return "".join(line for line in lines if "hooks uninstall --skill" not in line)


def _contents(adapter: Adapter, hooks: str = "hooks/hooks.json") -> Files:
    """The parts that the bundles share."""
    return {f"{NAME}/{hooks}": _hooks(adapter), f"{NAME}/skills/mem/SKILL.md": _skill()}


def _claude(adapter: Adapter) -> Files:
    listed = {"name": NAME, "source": f"./{NAME}", "description": DESCRIPTION}
    marketplace = {"name": MARKETPLACE, "owner": OWNER, "plugins": [listed]}
    return {
        ".claude-plugin/marketplace.json": _json(marketplace),
        f"{NAME}/.claude-plugin/plugin.json": _json(_manifest(author=OWNER)),
        f"{NAME}/.mcp.json": _json({"mcpServers": SERVERS}),
        **_contents(adapter),
    }


def _codex(adapter: Adapter) -> Files:
    source = {"source": "local", "path": f"./{NAME}"}
    policy = {"installation": "AVAILABLE", "authentication": "ON_INSTALL"}
    listed = {"name": NAME, "source": source, "policy": policy, "category": "Developer Tools"}
    manifest = _manifest(skills="./skills/", hooks="./hooks/hooks.json", mcpServers="./.mcp.json")
    return {
        ".agents/plugins/marketplace.json": _json({"name": MARKETPLACE, "plugins": [listed]}),
        f"{NAME}/.codex-plugin/plugin.json": _json(manifest),
        f"{NAME}/.mcp.json": _json({"mcpServers": SERVERS}),
        **_contents(adapter),
    }


def _gemini(adapter: Adapter) -> Files:
    return {f"{NAME}/gemini-extension.json": _json(_manifest(mcpServers=SERVERS)), **_contents(adapter)}


def _copilot(adapter: Adapter) -> Files:
    listed = {"name": NAME, "source": f"./{NAME}", "description": DESCRIPTION}
    marketplace = {"name": MARKETPLACE, "owner": OWNER, "plugins": [listed]}
    manifest = _manifest(skills="skills/", hooks="hooks.json", mcpServers=".mcp.json")
    return {
        ".github/plugin/marketplace.json": _json(marketplace),
        f"{NAME}/plugin.json": _json(manifest),
        f"{NAME}/.mcp.json": _json({"mcpServers": SERVERS}),
        **_contents(adapter, "hooks.json"),
    }


def _opencode(adapter: Adapter) -> Files:
    _, _, code = template(adapter.plugin_template).partition("\n")  # that line is of `mem hooks install`
    call = '["hook", "opencode", event'
    assert call in code
    package = {
        "name": "memcli-opencode",
        "version": memcli.__version__,
        "description": DESCRIPTION,
        "type": "module",
        "main": "index.js",
        "exports": {".": "./index.js", "./server": "./index.js"},
        "license": "MIT",
        "files": ["index.js"],
    }
    return {"package.json": _json(package), "index.js": code.replace(call, f'{call}, "{FROM_PLUGIN}"')}


_MAKERS: Mapping[str, Callable[[Adapter], Files]] = {
    "claude": _claude, "codex": _codex, "gemini": _gemini, "copilot": _copilot, "opencode": _opencode,
}  # fmt: skip


if __name__ == "__main__":
    shutil.rmtree(PLUGINS, ignore_errors=True)
    for path, text in bundles().items():
        (PLUGINS / path).parent.mkdir(parents=True, exist_ok=True)
        (PLUGINS / path).write_text(text, "utf-8")
