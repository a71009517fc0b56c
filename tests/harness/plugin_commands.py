"""The command lines with which each harness installs and uninstalls its bundle from a directory."""

from __future__ import annotations

from tests.agents.plugin_bundles import MARKETPLACE, NAME, PLUGINS

_PLUGIN = f"{NAME}@{MARKETPLACE}"
INSTALL: dict[str, tuple[tuple[str, ...], ...]] = {
    "claude": (("plugin", "marketplace", "add", str(PLUGINS / "claude")), ("plugin", "install", _PLUGIN)),
    "codex": (("plugin", "marketplace", "add", str(PLUGINS / "codex")), ("plugin", "add", _PLUGIN)),
    "gemini": (("extensions", "install", str(PLUGINS / "gemini" / NAME), "--consent"),),
    "copilot": (("plugin", "marketplace", "add", str(PLUGINS / "copilot")), ("plugin", "install", _PLUGIN)),
    "opencode": (("plugin", str(PLUGINS / "opencode")),),
}
UNINSTALL: dict[str, tuple[tuple[str, ...], ...]] = {
    "claude": (("plugin", "uninstall", _PLUGIN), ("plugin", "marketplace", "remove", MARKETPLACE)),
    "codex": (("plugin", "remove", _PLUGIN), ("plugin", "marketplace", "remove", MARKETPLACE)),
    "gemini": (("extensions", "uninstall", NAME),),
    "copilot": (("plugin", "uninstall", NAME), ("plugin", "marketplace", "remove", MARKETPLACE)),
    "opencode": (),  # it has no command for that: the line in opencode.json goes by hand
}
