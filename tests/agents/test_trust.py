"""What harnesses' own files say of trust: folders, also above; missing and broken files; and what stands in between."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.operations.hooks.hooks_status import HookStatus, hooks_status
from memcli.operations.hooks.install import HookRequest, install
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo

Open = Callable[..., Workspace]


def row_of(workspace: Workspace, name: str) -> HookStatus:
    return next(row for row in hooks_status(workspace, (name,)) if row.agent == name)


@pytest.fixture
def installed(workspace: Open, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Hooks of three harnesses, which find `mem`."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    install(workspace(), HookRequest(agents=("claude", "gemini", "copilot")))
    return workspace()


def test_folders_that_a_person_trusts(installed: Workspace, repo: Repo, home: Path) -> None:
    tree, above = str(repo.path), str(repo.path.parent)
    claude = {path: {"hasTrustDialogAccepted": True} for path in (tree,)}
    cases: list[tuple[str, str, object, str]] = [
        ("gemini", ".gemini/trustedFolders.json", None, "waiting"),
        ("gemini", ".gemini/trustedFolders.json", {}, "waiting"),
        ("gemini", ".gemini/trustedFolders.json", {tree: "TRUST_FOLDER"}, "trusted"),
        ("gemini", ".gemini/trustedFolders.json", {above: "TRUST_FOLDER"}, "trusted"),
        ("gemini", ".gemini/trustedFolders.json", {f"{above}/other": "TRUST_PARENT"}, "trusted"),
        ("gemini", ".gemini/trustedFolders.json", {above: "TRUST_FOLDER", tree: "DO_NOT_TRUST"}, "waiting"),
        ("gemini", ".gemini/trustedFolders.json", f"{tree}/sub", "unknown"),
        ("gemini", ".gemini/settings.json", {"security": {"folderTrust": {"enabled": False}}}, "trusted"),
        ("copilot", ".copilot/config.json", None, "waiting"),
        ("copilot", ".copilot/config.json", {"trustedFolders": [7, None, above]}, "trusted"),
        ("copilot", ".copilot/config.json", {"trusted_folders": [tree]}, "trusted"),
        ("copilot", ".copilot/config.json", {"trustedFolders": [f"{tree}x"]}, "waiting"),
        ("copilot", ".copilot/config.json", {"trustedFolders": "x"}, "waiting"),
        ("claude", ".claude.json", None, "waiting"),
        ("claude", ".claude.json", {"projects": claude}, "trusted"),
        ("claude", ".claude.json", {"projects": {above: claude[tree]}}, "trusted"),
        ("claude", ".claude.json", {"projects": {tree: []}}, "waiting"),
        ("claude", ".claude.json", ["x"], "unknown"),
    ]
    for name, file, value, expected in cases:
        place = home / file
        place.unlink(missing_ok=True)
        if value is not None:
            place.parent.mkdir(exist_ok=True)
            place.write_text(f"// managed\n{json.dumps(value)}")
        row = row_of(installed, name)
        assert (row.trust, row.waits) == (expected, expected != "trusted"), (name, value, row)
        assert bool(row.next) == row.waits and row.ok
        place.unlink(missing_ok=True)


@pytest.mark.usefixtures("installed")
def test_what_a_person_has_to_do_is_in_text_and_json(mem: Mem) -> None:
    assert "!   copilot (project)" in (status := mem("hooks", "status").out) and "--trust-folder" in status
    rows = {row["agent"]: row for row in mem("hooks", "status", "--json").json()["hooks"]}
    assert rows["gemini"]["trust"] == "waiting" and "trust the folder" in rows["gemini"]["next"]
    again = mem("hooks", "install", "--agent", "gemini", "--json").json()
    [gate] = again["trust"]
    assert (gate["agent"], gate["state"]) == ("gemini", "waiting") and gate["next"]


def test_a_login_shell_without_mem(installed: Workspace, home: Path, tmp_path: Path) -> None:
    (home / ".bash_profile").write_text("PATH=/nowhere\n")
    [row] = [row for row in hooks_status(installed, ("claude",)) if row.agent == "shell"]
    assert row.file == "bash -lc" and row.waits and "login shell" in row.message
    assert any("login shell" in remark for remark in install(installed, HookRequest(agents=("claude",))).remarks)
    program = tmp_path / "bin" / "mem"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (home / ".bash_profile").write_text(f"PATH={program.parent}:{os.environ['PATH']}\n")
    assert not [row for row in hooks_status(installed, ("claude",)) if row.agent == "shell"]


@pytest.mark.usefixtures("installed")
def test_a_linked_worktree_without_hooks_names_those_of_the_main_one(repo: Repo, mem: Mem, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    repo.commit("first", {"a.txt": "a\n"})
    repo.git("worktree", "add", "-q", str(linked))
    status = mem("hooks", "status", "--agent", "claude", cwd=linked).out
    assert status.startswith("-   claude: no hooks in this worktree; ")
    assert str(repo.path / ".claude/settings.local.json") in status and "mem hooks install --agent claude" in status
