"""The bundles for the harnesses' own plugin commands are what the adapters say, and events are answered once."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.agents.registry import HARNESSES
from memcli.operations.hooks.hooks_status import hooks_status
from memcli.operations.hooks.install import HookRequest, install
from memcli.workspace import Workspace
from tests.agents.plugin_bundles import PLUGINS, bundles
from tests.conftest import Mem, Repo


def test_the_bundles_are_current() -> None:
    kept = {str(path.relative_to(PLUGINS)): path.read_text("utf-8") for path in PLUGINS.rglob("*") if path.is_file()}
    assert kept == bundles(), "run 'make docs'"


def test_every_harness_with_a_plugin_door_has_a_bundle() -> None:
    assert {path.partition("/")[0] for path in bundles()} == {*HARNESSES} - {"cursor"}


def test_a_plugin_is_silent_beside_hooks_of_its_harness(repo: Repo, mem: Mem) -> None:
    assert mem("init").code == 0
    assert mem("add", "Refunds are paid by the evening batch.", "--promote").code == 0
    start = ("hook", "codex", "session-start", "--plugin")
    payload = json.dumps({"session_id": "0190c0de", "cwd": str(repo.path), "source": "startup"})
    alone = mem(*start, input=payload)
    assert "evening batch" in alone.out
    assert mem("hooks", "install", "--agent", "codex").code == 0
    beside = mem(*start, input=payload.replace("0190c0de", "0290c0de"))
    assert beside.out == "{}\n"
    assert "evening batch" in mem(*start[:3], input=payload.replace("0190c0de", "0290c0de")).out


ENABLED = {
    "claude": (".claude/settings.json", '{"enabledPlugins": {"mem@memcli": true}}'),
    "codex": (".codex/config.toml", '[plugins."mem@memcli"]\nenabled = true\n'),
    "gemini": (".gemini/extensions/mem/gemini-extension.json", '{"name": "mem"}'),
    "copilot": (".copilot/settings.json", '{"enabledPlugins": {"mem@memcli": true}}'),
    "opencode": ("config/opencode/opencode.json", '{"plugin": ["memcli-opencode"]}'),
}
"""Harness → the file in the home that says that our plugin is enabled."""


@pytest.mark.parametrize("name", ENABLED)
def test_install_and_status_notice_an_enabled_plugin(
    workspace: Callable[..., Workspace], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    home = workspace().config.homes.home
    (file, text) = ENABLED[name]
    (home / file).parent.mkdir(parents=True, exist_ok=True)
    (home / file).write_text(text)
    request = HookRequest(agents=(name,), scope="project")
    row = hooks_status(workspace(), (name,))[0]
    assert (row.scope, row.file, row.ok) == ("plugin", str(home / file), True)
    changes = install(workspace(), request).changes
    assert changes[0].action == "refused" and "a plugin of mem is enabled" in changes[0].message
    (home / file).write_text(text.replace("true", "false").replace("mem", "other"))
    assert install(workspace(), request).changes[0].action == "created"
    (home / file).write_text(text)
    assert "a plugin of mem is enabled" in hooks_status(workspace(), (name,))[0].message
