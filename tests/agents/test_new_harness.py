"""A harness is added by one module and one line: everything else works without knowing of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import memcli
from tests.conftest import Mem, Repo, Result
from tests.operations.snapshots import snapshot
from tests.waiting import eventually

MODULE = """
from memcli.agents.adapter import Adapter
from memcli.agents.trust import WAITING, Trust


class Nova(Adapter):
    name, agent, title = "nova", "nova-agent", "Nova"
    session_variables = ("NOVA_CHAT",)
    program, directory = "nova", ".nova"
    hook_files = {"project": "{tree}/.nova/hooks.json", "user": "{home}/.nova/hooks.json"}
    hook_events = (("begin", "session-start", 9), ("ask", "prompt", 9), ("finish", "session-end", 9))
    root_members = {"format": 2}
    session_fields = ("chat",)
    directory_fields = ("folder",)
    answer_fields = {"session-start": "context"}

    def entry(self, event, command, timeout):
        return {"command": command, "seconds": timeout}

    def trust(self, hooks, read):
        return Trust(WAITING, "Nova does not run them yet", "run 'nova trust'")


ADAPTER = Nova()
"""
LINE = '    "nova": ("NOVA",),\n'


@pytest.fixture
def nova(tmp_path: Path, mem: Mem, monkeypatch: pytest.MonkeyPatch) -> Mem:
    """`mem` as a program of the PATH, from a copy of the package with the new module and the new line."""
    source, package = Path(memcli.__file__).parent, tmp_path / "lib" / "memcli"
    shutil.copytree(source, package, copy_function=os.symlink)
    (package.parent / "templates").symlink_to(source.parent / "templates")
    (package / "agents" / "nova.py").write_text(MODULE)
    registry = package / "agents" / "registry.py"
    text = registry.read_text()
    registry.unlink()
    registry.write_text(text.replace('    "opencode":', f'{LINE}    "opencode":'))
    program = tmp_path / "bin" / "mem"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m memcli "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    assert mem("init").code == 0
    return mem


def hook(repo: Repo, event: str) -> Any:
    payload = {"chat": "7", "folder": str(repo.path)}
    done = subprocess.run(
        ["mem", "hook", "nova", event], cwd="/", input=json.dumps(payload), capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def sessions(mem: Mem) -> list[Any]:
    return list(mem("session", "list", "--json").json()["sessions"])


def status(mem: Mem) -> tuple[Result, Any]:
    done = mem("hooks", "status", "--agent", "nova", "--json")
    return done, done.json()["hooks"][0]


def test_its_hooks_are_installed_checked_and_removed(nova: Mem, repo: Repo) -> None:
    before = snapshot(repo.path)
    assert "nova" in nova("hooks", "install", "--help").out
    done = nova("hooks", "install", "--agent", "nova", "--recall")
    assert done.code == 0 and "nova trust" in done.err
    document = json.loads((repo.path / ".nova/hooks.json").read_text())
    assert document["format"] == 2 and list(document["hooks"]) == ["begin", "ask", "finish"]
    assert document["hooks"]["ask"][0]["seconds"] == 9
    done, row = status(nova)
    assert (done.code, row["ok"], row["reachable"]) == (0, True, True) and "nova trust" in row["next"]
    assert nova("hooks", "uninstall", "--agent", "nova").code == 0
    assert snapshot(repo.path) == before
    assert status(nova)[1]["next"] == "mem hooks install --agent nova"


def test_its_hooks_start_a_session_that_its_shell_writes_into_and_end_it(nova: Mem, repo: Repo) -> None:
    nova("add", "Webhooks are retried at most 7 times.", "--promote", "--pin")
    assert "at most 7 times" in hook(repo, "session-start")["context"]
    [session] = sessions(nova)
    assert session["agent"] == "nova-agent" and session["session"].startswith("nova-agent-")
    added = nova("add", "The queue owns failures.", "--json", env={"NOVA": "1", "NOVA_CHAT": "7"}).json()
    assert added["session"] == session["session"]
    assert hook(repo, "session-end") == {}
    assert eventually(lambda: sessions(nova)[0]["state"] == "closed"), "the worker ends what its hook has named"
