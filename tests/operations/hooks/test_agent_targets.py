"""`mem hooks` on files of harnesses: install, install, uninstall leaves every byte, mode and link as it was."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from memcli.agents.registry import adapters
from memcli.errors import MemError, Usage
from memcli.operations.hooks.hooks_status import hooks_status
from memcli.operations.hooks.install import HookChanges, HookRequest, install, snippets, uninstall
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo
from tests.operations.snapshots import snapshot

Open = Callable[..., Workspace]
FOREIGN = {"matcher": "*", "hooks": [{"type": "command", "command": "npm run lint", "timeout": 1.50}]}
FIXTURES: dict[str, bytes | None] = {
    "absent file": None,
    "empty file": b"",
    "empty object": b"{}",
    "empty object, spaced": b"\n{ \n}\n\n",
    "empty table": b'{"hooks": { }}\n',
    "null table": b'{\n  "hooks": null,\n  "z": 1\n}',
    "null arrays": b'{\n  "hooks": {\n    "Stop": null,\n    "stop": null,\n    "SessionStart": [ ]\n  }\n}\n',
    "foreign entries": json.dumps({"a": [1, 1.0], "hooks": {"Stop": [FOREIGN], "Other": []}}, indent=4).encode(),
    "one line": b'{"a":1e5,"hooks":{"Stop":[{"hooks":[{"command":"x"}]}]},"b":"\\u00e9"}',
    "CRLF": b'{\r\n  "a": true,\r\n  "hooks": {\r\n    "PreCompact": []\r\n  }\r\n}\r\n',
    "BOM": b'\xef\xbb\xbf{\n  "a": "\xc3\xbc"\n}\n',
    "tabs": b'{\n\t"a": {\n\t\t"b": []\n\t}\n}',
    "no indentation": b'{\n"a": 1,\n"b": 2\n}\n',
}
REFUSED: dict[str, bytes] = {
    "comments": b'{\n  // mine\n  "a": 1\n}\n',
    "trailing comma": b'{"a": 1,}\n',
    "double keys": b'{"hooks": {}, "hooks": {}}\n',
    "NaN": b'{"a": NaN}',
    "cut off": b'{"a": ',
    "a list": b"[]\n",
    "hooks of another form": b'{"hooks": []}\n',
    "latin-1": b'{"a": "\xfc"}\n',
}
TABLES = [name for name, adapter in adapters().items() if not adapter.owns_hook_file]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home for each test: what is kept about files lies there."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    yield home


def file_of(repo: Repo, agent: str) -> Path:
    one = adapters()[agent]
    return Path(next(iter(one.hook_files.values())).format(tree=repo.path))


def actions(done: HookChanges) -> list[str]:
    return [one.action for one in done.changes]


@pytest.mark.parametrize("fixture", FIXTURES)
@pytest.mark.parametrize("agent", TABLES)
def test_install_install_uninstall_is_the_same_to_the_byte(
    repo: Repo, workspace: Open, agent: str, fixture: str
) -> None:
    file, data = file_of(repo, agent), FIXTURES[fixture]
    if data is not None:
        file.parent.mkdir()
        file.write_bytes(data)
        file.chmod(0o600)
    before = snapshot(repo.path)
    request = HookRequest(agents=(agent,), recall=True)
    first = install(workspace(), request)
    assert set(actions(first)) <= {"created", "changed"} and first.changes[0].diff
    after = snapshot(repo.path)
    document = json.loads(file.read_bytes().decode("utf-8-sig"))
    assert any("session-start" in json.dumps(one) for one in document["hooks"].values())
    assert data is None or file.stat().st_mode & 0o777 == 0o600
    assert set(actions(install(workspace(), request))) == {"unchanged"}
    assert snapshot(repo.path) == after
    uninstall(workspace(), request)
    assert snapshot(repo.path) == before


@pytest.mark.parametrize("fixture", FIXTURES)
def test_uninstall_without_the_original_keeps_foreign_entries(
    repo: Repo, workspace: Open, own_home: Path, fixture: str
) -> None:
    file, data = file_of(repo, "claude"), FIXTURES[fixture]
    if data is not None:
        file.parent.mkdir()
        file.write_bytes(data)
    install(workspace(), HookRequest(agents=("claude",)))
    for record in own_home.rglob("record.json"):
        record.unlink()
    uninstall(workspace(), HookRequest(agents=("claude",)))
    left = json.loads(file.read_bytes().decode("utf-8-sig"))
    was = json.loads((data or b"{}").decode("utf-8-sig") or "{}")
    table = {event: entries for event, entries in (was.pop("hooks", None) or {}).items() if entries}
    kept = {event: entries for event, entries in (left.pop("hooks", None) or {}).items() if entries}
    assert (left, kept) == (was, table)


@pytest.mark.parametrize("fixture", REFUSED)
@pytest.mark.parametrize("agent", TABLES)
def test_a_file_that_cannot_be_edited_is_refused_with_a_snippet(
    repo: Repo, workspace: Open, agent: str, fixture: str
) -> None:
    file = file_of(repo, agent)
    file.parent.mkdir()
    file.write_bytes(REFUSED[fixture])
    done = install(workspace(), HookRequest(agents=(agent,)))
    assert done.changes[0].action == "refused" and done.refused
    assert f"mem hook {agent} session-start" in done.changes[0].snippet
    assert json.loads(done.changes[0].snippet)["hooks"]
    assert file.read_bytes() == REFUSED[fixture]
    uninstall(workspace(), HookRequest(agents=(agent,)))
    assert file.read_bytes() == REFUSED[fixture]


def test_entries_added_between_install_and_uninstall_stay(repo: Repo, workspace: Open) -> None:
    file = file_of(repo, "claude")
    file.parent.mkdir()
    file.write_text('{\n  "hooks": {\n    "Stop": null\n  }\n}\n')
    install(workspace(), HookRequest(agents=("claude",)))
    document = json.loads(file.read_text())
    document["hooks"]["Stop"].append(FOREIGN)
    document["model"] = "x"
    file.write_text(json.dumps(document))
    assert actions(install(workspace(), HookRequest(agents=("claude",)))) == ["unchanged"]
    assert actions(install(workspace(), HookRequest(agents=("claude",), recall=True))) == ["changed"]
    assert json.loads(file.read_text())["hooks"]["Stop"][0] == FOREIGN, "ours come last"
    uninstall(workspace(), HookRequest(agents=("claude",)))
    assert json.loads(file.read_text()) == {"hooks": {"Stop": [FOREIGN]}, "model": "x"}


def test_recall_stays_installed_until_it_is_disabled(repo: Repo, workspace: Open) -> None:
    install(workspace(), HookRequest(agents=("claude",), recall=True))
    assert actions(install(workspace(), HookRequest(agents=("claude",)))) == ["unchanged"]
    install(workspace(), HookRequest(agents=("claude",), recall=False))
    assert "hook claude prompt" not in file_of(repo, "claude").read_text()
    uninstall(workspace(), HookRequest(agents=("claude",)))
    assert not file_of(repo, "claude").parent.exists()


def test_a_link_stays_a_link_and_its_target_gets_the_entries(repo: Repo, workspace: Open, tmp_path: Path) -> None:
    dotfiles = tmp_path / "dotfiles"
    dotfiles.mkdir()
    (dotfiles / "settings.json").write_text('{"a": 1}\n')
    (repo.path / ".claude").mkdir()
    file_of(repo, "claude").symlink_to(dotfiles / "settings.json")
    before = snapshot(repo.path, dotfiles)
    install(workspace(), HookRequest(agents=("claude",)))
    assert file_of(repo, "claude").is_symlink()
    assert "mem hook claude" in (dotfiles / "settings.json").read_text()
    uninstall(workspace(), HookRequest(agents=("claude",)))
    assert snapshot(repo.path, dotfiles) == before


def test_a_link_to_itself_is_refused(repo: Repo, workspace: Open) -> None:
    (repo.path / ".claude").mkdir()
    file_of(repo, "claude").symlink_to(file_of(repo, "claude"))
    assert actions(install(workspace(), HookRequest(agents=("claude",)))) == ["refused"]


def test_a_copy_of_the_file_is_kept_for_its_owner_alone(repo: Repo, workspace: Open, own_home: Path) -> None:
    file = file_of(repo, "gemini")
    file.parent.mkdir()
    file.write_text('{"a": 1}')
    done = install(workspace(), HookRequest(agents=("gemini",)))
    assert done.changes[0].backup
    backup = Path(done.changes[0].backup)
    assert backup.read_text() == '{"a": 1}' and backup.is_relative_to(own_home / "state/memcli/backups")
    assert backup.stat().st_mode & 0o777 == 0o600 and backup.parent.stat().st_mode & 0o777 == 0o700


def test_files_of_our_own_are_written_and_deleted_whole(repo: Repo, workspace: Open) -> None:
    before = snapshot(repo.path)
    request = HookRequest(agents=("copilot", "opencode", "cursor"), skill=True, instructions=True)
    assert set(actions(install(workspace(), request))) == {"created"}
    copilot = json.loads((repo.path / ".github/hooks/memcli.json").read_text())
    assert copilot["version"] == 1 and all(one[0]["powershell"].startswith("mem ") for one in copilot["hooks"].values())
    skill = (repo.path / ".agents/skills/mem/SKILL.md").read_text()
    assert skill.startswith("---\nname: mem\ndescription: ") and len(skill.splitlines()) < 500
    assert set(actions(install(workspace(), request))) == {"unchanged"}
    (repo.path / ".opencode/plugins/memcli.js").write_text("// Written by 'mem hooks install'; an older version\n")
    assert "changed" in actions(install(workspace(), request))
    uninstall(workspace(), HookRequest())
    assert snapshot(repo.path) == before


def test_a_foreign_file_of_the_same_name_is_refused(repo: Repo, workspace: Open) -> None:
    repo.write(".opencode/plugins/memcli.js", "export const Mine = 1\n")
    before = snapshot(repo.path)
    assert actions(install(workspace(), HookRequest(agents=("opencode",)))) == ["refused"]
    uninstall(workspace(), HookRequest())
    assert snapshot(repo.path) == before


INSTRUCTIONS = ["", "# Agents\n", "# Agents", "# Agents\r\n\r\nBe kind.\r\n", "\n\n", "See @AGENTS.md for all.\n"]


@pytest.mark.parametrize("text", INSTRUCTIONS)
def test_instructions_are_one_block_that_can_be_removed(repo: Repo, workspace: Open, text: str) -> None:
    for name in ("AGENTS.md", "CLAUDE.md", "GEMINI.md"):
        (repo.path / name).write_bytes(text.encode())
    before = snapshot(repo.path)
    request = HookRequest(agents=("claude", "gemini"), instructions=True)
    install(workspace(), request)
    agents = (repo.path / "AGENTS.md").read_bytes().decode()
    assert agents.startswith(text) and agents.count("mem:begin") == 1 and len(agents[len(text) :].splitlines()) <= 15
    assert "@AGENTS.md\r\n" in (repo.path / "CLAUDE.md").read_bytes().decode().replace("\r\n", "\n").replace(
        "\n", "\r\n"
    )
    assert set(actions(install(workspace(), request))) == {"unchanged"}
    uninstall(workspace(), request)
    assert snapshot(repo.path) == before


def test_an_existing_import_is_not_duplicated(repo: Repo, workspace: Open) -> None:
    repo.write("CLAUDE.md", "@AGENTS.md\n")
    install(workspace(), HookRequest(agents=("claude",), instructions=True))
    assert (repo.path / "CLAUDE.md").read_text() == "@AGENTS.md\n"
    (repo.path / "CLAUDE.md").unlink()
    (repo.path / "CLAUDE.md").symlink_to("AGENTS.md")
    assert "changed" not in actions(install(workspace(), HookRequest(agents=("claude",), instructions=True)))


def test_the_users_scope_needs_no_repository_and_is_left_alone_unless_named(
    workspace: Open, own_home: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    names = tuple(adapters())
    before = snapshot(own_home)
    assert set(actions(install(workspace(outside), HookRequest(agents=names, scope="user", skill=True)))) == {"created"}
    assert "/mem hook claude stop" in (own_home / ".claude/settings.json").read_text(), "by its path"
    kept = snapshot(own_home)
    uninstall(workspace(), HookRequest())
    assert snapshot(own_home) == kept
    uninstall(workspace(outside), HookRequest(scope="user"))
    left = {path for path in snapshot(own_home) if "/state" not in path}
    assert left == set(before)


def test_an_enabled_plugin_rules_out_hooks(repo: Repo, workspace: Open) -> None:
    repo.write(".claude/settings.json", '{"enabledPlugins": {"mem@market": true}}')
    done = install(workspace(), HookRequest(agents=("claude",)))
    assert actions(done) == ["refused"] and "plugin" in done.changes[0].message


def test_dry_run_and_print_write_nothing(repo: Repo, workspace: Open, own_home: Path) -> None:
    before = snapshot(repo.path, own_home)
    done = install(workspace(), HookRequest(agents=("claude",)), dry_run=True)
    assert actions(done) == ["created"] and '+  "hooks": {' in done.changes[0].diff
    printed = snippets(workspace(), HookRequest(agents=("claude",)))
    assert json.loads(printed[0][1])["hooks"]["SessionEnd"][0]["hooks"][0]["timeout"] == 5
    assert snapshot(repo.path, own_home) == before


@pytest.mark.parametrize(
    ("chosen", "error"),
    [
        (HookRequest(agents=("emacs",)), Usage), (HookRequest(agents=("codex",), scope="local"), Usage),
        (HookRequest(agents=("claude",), scope="world"), Usage),
    ],
)  # fmt: skip
def test_unknown_names_and_scopes_are_usage_errors(workspace: Open, chosen: HookRequest, error: type[MemError]) -> None:
    with pytest.raises(error):
        install(workspace(), chosen)


def test_the_handlers_have_what_each_harness_wants(workspace: Open) -> None:
    found: dict[str, Any] = {}
    for agent in TABLES:
        found[agent] = json.loads(snippets(workspace(), HookRequest(agents=(agent,)))[0][1])
    start = found["claude"]["hooks"]["SessionStart"][0]
    assert "matcher" not in start and start["hooks"][0]["timeout"] == 10
    assert found["codex"].keys() == {"hooks"} and "async" not in json.dumps(found["codex"])
    assert found["codex"]["hooks"]["SessionEnd"][0]["hooks"][0]["timeout"] == 3
    gemini = found["gemini"]["hooks"]["SessionStart"][0]
    assert gemini["matcher"] == "*" and gemini["hooks"][0]["timeout"] == 10_000
    assert gemini["hooks"][0]["name"] == "memcli-session-start"
    assert found["cursor"]["version"] == 1 and found["cursor"]["hooks"]["stop"][0].keys() == {"command", "timeout"}


def test_the_command_reports_every_change(mem: Mem, repo: Repo) -> None:
    done = mem("hooks", "install", "--agent", "codex", "--json").json()
    change = done["changes"][0]
    assert change["action"] == "created" and change["agent"] == "codex" and change["diff"] and change["backup"] is None
    assert "'/hooks'" in mem("hooks", "install", "--agent", "codex", "--recall").err
    (repo.path / ".gemini").mkdir()
    (repo.path / ".gemini/settings.json").write_text("// mine\n{}")
    refused = mem("hooks", "install", "--agent", "gemini")
    assert refused.code == 1 and '"memcli-session-start"' in refused.out and "comments are not supported" in refused.out
    assert mem("hooks", "uninstall", "--agent", "codex").code == 0
    assert not (repo.path / ".codex").exists()


def test_uninstall_leaves_a_file_alone_that_became_unreadable(repo: Repo, workspace: Open) -> None:
    install(workspace(), HookRequest(agents=("claude",)))
    file = file_of(repo, "claude")
    file.write_text("// mine\n" + file.read_text())
    before = file.read_bytes()
    done = uninstall(workspace(), HookRequest(agents=("claude",)))
    assert actions(done) == ["refused"] and "by hand" in done.changes[0].message
    assert file.read_bytes() == before


def test_without_options_git_and_the_harnesses_in_use_are_installed(repo: Repo, workspace: Open) -> None:
    (repo.path / ".codex").mkdir()
    before = snapshot(repo.path)
    assert {"codex", "git"} <= {one.agent for one in install(workspace(), HookRequest()).changes}
    uninstall(workspace(), HookRequest())
    assert snapshot(repo.path) == before


def test_status_probes_that_hooks_reach_mem(
    repo: Repo, workspace: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "programs" / "mem"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\n[ "$1 $3" = "hook probe" ] && echo "{}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    names = tuple(adapters())
    install(workspace(), HookRequest(agents=names))
    found = [row for row in hooks_status(workspace(), names) if row.agent != "shell"]
    assert {one.agent for one in found} == set(names) and all(one.ok for one in found)
    assert any("'/hooks'" in one.next for one in found if one.agent == "codex")
    program.write_text("#!/bin/sh\nexit 2\n")
    broken = [one for one in hooks_status(workspace(), names) if one.reachable is False]
    assert {one.agent for one in broken} == set(names) and all(one.next and not one.ok for one in broken)
    program.write_text("#!/bin/sh\necho '{}'\n")
    file = file_of(repo, "claude")
    file.write_text(file.read_text().replace('"timeout": 5', '"timeout": 6'))
    assert [row.current for row in hooks_status(workspace(), ("claude",)) if row.agent == "claude"] == [False]
