"""Codex CLI: Claude Code's shapes, nothing else in the file, and approval by a person."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.agents.codex import ADAPTER
from memcli.agents.registry import caller
from memcli.agents.trust import HookFile
from memcli.operations.hooks.hooks_status import hooks_status
from memcli.operations.hooks.install import HookRequest, install
from memcli.workspace import Workspace
from tests.agents.round_trip import hook_table, installed_hooks
from tests.conftest import Repo

STOP = {"session_id": "0199", "turn_id": "3", "cwd": "/code", "transcript_path": None, "hook_event_name": "Stop"}


def test_payloads() -> None:
    assert (ADAPTER.session_id(STOP), ADAPTER.working_directory(STOP)) == ("0199", "/code")


def test_answers() -> None:
    output = {"hookEventName": "UserPromptSubmit", "additionalContext": "known"}
    assert ADAPTER.answer("prompt", "known") == {"hookSpecificOutput": output}
    assert ADAPTER.answer("stop", "known") == {}


def test_hook_file(repo: Repo, workspace: Callable[..., Workspace]) -> None:
    text = installed_hooks(workspace(), repo.path, "codex", ".codex/hooks.json")
    assert json.loads(text).keys() == {"hooks"} and "async" not in text
    table = hook_table(text)
    assert list(table) == ["SessionStart", "UserPromptSubmit", "PreCompact", "PostCompact", "Stop", "SubagentStop",
                           "SessionEnd"]  # fmt: skip
    assert table["SessionEnd"][0]["hooks"][0]["timeout"] == 3, "Codex allows no more"


def test_its_own_directory_may_be_elsewhere(
    workspace: Callable[..., Workspace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEX_HOME", str(tmp_path / "elsewhere"))
    result = install(workspace(), HookRequest(agents=("codex",), scope="user"))
    assert [change.file for change in result.changes] == [str(tmp_path / "elsewhere/hooks.json")]


HASHES = {
    "session_start": "sha256:67d514bb7025967d9bc24effba3550fd2c286fc27eaffeb8840dba0e4c9bb11e",
    "stop": "sha256:7c81999aec09925d05c62d263b319a7055c0b3300d7c165e1b979e8380de8111",
}
"""As `codex app-server` (0.171.0) gives them for the handlers that we write into the file of a project."""


def test_trust(repo: Repo, workspace: Callable[..., Workspace], home: Path) -> None:
    remarks = install(workspace(), HookRequest(agents=("codex",))).remarks
    assert "Codex does not trust this project yet" in remarks[0] and "'/hooks'" in remarks[0]
    file, config = repo.path / ".codex/hooks.json", home / ".codex/config.toml"
    table = json.loads(file.read_text())["hooks"]
    file.write_text(json.dumps({"hooks": {event: table[event] for event in ("SessionStart", "Stop")}}))
    config.parent.mkdir()

    def state(text: str) -> tuple[str, str]:
        config.write_text(text)
        hooks = HookFile(str(file), "project", str(repo.path), str(repo.path), file.read_text())
        trust = ADAPTER.trust(hooks, lambda pattern: Path(pattern.format(own=home / ".codex")).read_bytes())
        return trust.state, trust.message

    project = f'[projects."{repo.path}"]\ntrust_level = "trusted"\n'
    approved = {name: f'[hooks.state."{file}:{name}:0:0"]\ntrusted_hash = "{HASHES[name]}"\n' for name in HASHES}
    assert "marked this project as untrusted" in state(project.replace('"trusted"', '"untrusted"'))[1]
    assert state(project) == ("waiting", "Codex does not run hooks before you approve them: 2 of 2")
    assert state(project + approved["stop"])[1].endswith("1 of 2")
    assert state(project + "".join(approved.values())) == ("trusted", "")
    stale = approved["stop"].replace(HASHES["stop"], "sha256:0")
    assert state(project + approved["session_start"] + stale) == (
        "changed",
        "changed since you approved it, and not run: stop",
    )
    config.write_text("[broken")
    [row, *_] = hooks_status(workspace(), ("codex",))
    assert row.trust == "unknown" and "config.toml cannot be read" in row.message


@pytest.mark.parametrize("variable", ["CODEX_SANDBOX", "CODEX_SANDBOX_NETWORK_DISABLED"])
def test_variables(variable: str) -> None:
    assert caller({"CODEX_THREAD_ID": "0199"}) == ("codex", "0199")
    assert caller({variable: "1"}) == ("codex", None)
