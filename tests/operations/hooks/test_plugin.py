"""The opencode plugin, run by node with a program `mem` of the test's."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.operations.hooks.install import HookRequest, install
from memcli.workspace import Workspace
from tests.conftest import Repo
from tests.needs import program

MEM = """#!/bin/sh
echo "$3 $(cat)" >> calls
case $3 in pre-compact) echo '{"context": "what is known"}';; stop) echo broken; exit 1;; *) echo '{}';; esac
"""
DRIVER = """
import { Memcli } from "./memcli.mjs"
const here = process.cwd()
const hooks = await Memcli({ directory: here, worktree: here })
await hooks["chat.message"]({ sessionID: "s1" })
await hooks["chat.message"]({ sessionID: "s1" })
await hooks["tool.execute.after"]({ sessionID: "s1" })
await hooks["tool.execute.after"]({ sessionID: "s1" })
const output = { context: [] }
await hooks["experimental.session.compacting"]({ sessionID: "s1" }, output)
await hooks.event({ event: { type: "session.idle", properties: { sessionID: "s1" } } })
await hooks.event({ event: { type: "session.deleted", properties: { info: { id: "s1" } } } })
await hooks.event({ event: { type: "other", properties: {} } })
console.log(JSON.stringify(output.context))
"""


@pytest.mark.parametrize("installed", [True, False])
def test_events_reach_mem_and_nothing_of_it_breaks_a_turn(
    repo: Repo, workspace: Callable[..., Workspace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    place = tmp_path / "bin"
    place.mkdir()
    if installed:
        (place / "mem").write_text(MEM)
        (place / "mem").chmod(0o755)
    install(workspace(), HookRequest(agents=("opencode",)))
    shutil.copy(repo.path / ".opencode/plugins/memcli.js", repo.path / "memcli.mjs")
    repo.write("driver.mjs", DRIVER)
    node = program("node")
    monkeypatch.setenv("PATH", f"{place}:/usr/bin:/bin")
    done = subprocess.run([node, "driver.mjs"], cwd=repo.path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == (["what is known"] if installed else [])
    if installed:
        told = [line.split(" ", 1) for line in (repo.path / "calls").read_text().splitlines()]
        assert [event for event, _ in told] == ["session-start", "save", "pre-compact", "stop", "session-end"]
        assert {json.loads(said)["sessionID"] for _, said in told} == {"s1"}
