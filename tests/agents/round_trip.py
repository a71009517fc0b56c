"""What every harness's hook file goes through: installed, installed again, uninstalled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from memcli.operations.hooks.install import HookRequest, install, uninstall
from memcli.workspace import Workspace
from tests.operations.snapshots import snapshot


def installed_hooks(workspace: Workspace, root: Path, name: str, file: str, scope: str = "project") -> str:
    """The text of a harness's hook file, after a round trip that left every byte below `root` as it was."""
    request = HookRequest(agents=(name,), scope=scope, recall=True)
    before = snapshot(root)
    install(workspace, request)
    text = (root / file).read_text()
    assert {change.action for change in install(workspace, request).changes} == {"unchanged"}
    uninstall(workspace, request)
    assert snapshot(root) == before
    return text


def hook_table(text: str) -> Any:
    """The `hooks` table of a hook file."""
    return json.loads(text)["hooks"]
