"""opencode: a plugin of ours, run by node with a program `mem` of the test's."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.agents.opencode import ADAPTER
from memcli.agents.registry import caller
from memcli.operations.hooks.install import HookRequest, install
from memcli.workspace import Workspace
from tests.agents.round_trip import installed_hooks
from tests.conftest import Repo
from tests.needs import program

PLUGIN = ".opencode/plugins/memcli.js"
MEM = """#!/bin/sh
echo "$3 $(cat)" >> calls
case $3 in
*start|mention|pre-edit|pre-compact) echo "{\\"context\\": \\"known at $3\\"}";;
stop) echo broken; exit 1;;
*) echo '{}';;
esac
"""
DRIVER = """
import { Memcli } from "./memcli.mjs"
const here = process.cwd()
const hooks = await Memcli({ directory: here, worktree: here })
const happens = (type, properties) => hooks.event({ event: { type, properties } })
await happens("session.created", { info: { id: "s1" } })
const message = (sessionID) => ({ message: { id: "msg_1", sessionID }, parts: [] })
const id = "prt_000000000000x"
const parts = [{ id, type: "text", text: "look at app.py" }, { id, type: "text", text: "not mine", synthetic: true }]
await hooks["chat.message"]({ sessionID: "s1" }, { ...message("s1"), parts })
const given = parts.splice(2)
await hooks["chat.message"]({ sessionID: "s1" }, message("s1"))
await happens("session.created", { info: { id: "sub", parentID: "s1" } })
const toSub = message("sub")
await hooks["chat.message"]({ sessionID: "sub" }, toSub)
const shell = { env: {} }
await hooks["shell.env"]({ cwd: here, sessionID: "sub", callID: "c1" }, shell)
const result = { output: "1: x" }
await hooks["tool.execute.after"]({ tool: "read", sessionID: "sub", args: { filePath: "app.py" } }, result)
await hooks["tool.execute.after"]({ tool: "bash", sessionID: "s1", args: {} }, result)
const output = { context: [] }
await hooks["experimental.session.compacting"]({ sessionID: "s1" }, output)
const systems = [{ system: ["base"] }, { system: ["base"] }]
await hooks["experimental.chat.system.transform"]({ sessionID: "s1" }, systems[0])
await happens("session.compacted", { sessionID: "s1" })
await hooks["experimental.chat.system.transform"]({ sessionID: "s1" }, systems[1])
await happens("session.idle", { sessionID: "sub" })
await happens("session.idle", { sessionID: "s1" })
await happens("session.deleted", { info: { id: "sub" } })
await hooks["chat.message"]({ sessionID: "s2" }, message("s2"))
await happens("session.deleted", { info: { id: "s2" } })
await happens("other", {})
await hooks.dispose()
const isWhole = (part) => part.id > id && part.synthetic && part.messageID === "msg_1" && part.type === "text"
const texts = [given, toSub.parts].map((list) => list.map((part) => part.text))
const told = { texts, whole: given.every(isWhole), read: result.output, system: systems.map(({ system }) => system) }
console.log(JSON.stringify([shell.env, output.context, told]))
"""


def test_payloads() -> None:
    payload = {"sessionID": "o1", "directory": "/code/src", "worktree": "/code"}
    assert (ADAPTER.session_id(payload), ADAPTER.working_directory(payload)) == ("o1", "/code/src")


def test_answers() -> None:
    assert ADAPTER.answer("pre-compact", "known") == {"context": "known"}
    assert ADAPTER.answer("session-start", "known") == {"context": "known"}
    assert ADAPTER.edited_path({"filePath": "app.py"}) == "app.py"


def test_hook_file(repo: Repo, workspace: Callable[..., Workspace]) -> None:
    text = installed_hooks(workspace(), repo.path, "opencode", PLUGIN)
    assert 'const MEM = "mem"\n' in text
    for event, ours, timeout in ADAPTER.hook_events:
        assert event in text and f'"{ours}"' in text and f"{timeout:_}" in text


def test_a_plugin_of_one_person_calls_mem_by_its_path(workspace: Callable[..., Workspace], home: Path) -> None:
    install(workspace(), HookRequest(agents=("opencode",), scope="user"))
    text = (home / "config/opencode/plugins/memcli.js").read_text()
    assert f"const MEM = {json.dumps(shutil.which('mem') or 'mem')}\n" in text or '/mem"\n' in text


def test_variables() -> None:
    assert caller({"OPENCODE": "1", "OPENCODE_SESSION_ID": "o1"}) == ("opencode", "o1")


@pytest.mark.parametrize("has_mem", [True, False])
def test_events_reach_mem_and_no_failure_breaks_a_turn(
    repo: Repo, workspace: Callable[..., Workspace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_mem: bool
) -> None:
    node = program("node")
    directory = tmp_path / "bin"
    directory.mkdir()
    if has_mem:
        (directory / "mem").write_text(MEM)
        (directory / "mem").chmod(0o755)
    install(workspace(), HookRequest(agents=("opencode",)))
    shutil.copy(repo.path / PLUGIN, repo.path / "memcli.mjs")
    repo.write("driver.mjs", DRIVER)
    monkeypatch.setenv("PATH", f"{directory}:/usr/bin:/bin")
    done = subprocess.run([node, "driver.mjs"], cwd=repo.path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    environment, context, told = json.loads(done.stdout)
    assert environment == {"OPENCODE_SESSION_ID": "s1"} and told["whole"]
    if not has_mem:
        assert (context, told["texts"], told["read"], told["system"]) == ([], [[], []], "1: x", [["base"], ["base"]])
    else:
        assert context == ["known at pre-compact"] and told["read"] == "1: x\nknown at pre-edit"
        assert told["texts"] == [
            ["known at session-start", "known at mention"],
            ["known at subagent-start", "known at mention"],
        ]
        assert told["system"] == [["base"], ["base", "known at session-start"]]
        calls = [line.split(" ", 1) for line in (repo.path / "calls").read_text().splitlines()]
        assert [(event, json.loads(payload)["sessionID"]) for event, payload in calls] == [
            ("session-start", "s1"), ("mention", "s1"), ("mention", "s1"), ("subagent-start", "s1"), ("mention", "s1"),
            ("pre-edit", "s1"), ("save", "s1"), ("pre-compact", "s1"), ("session-start", "s1"), ("stop", "s1"),
            ("session-start", "s2"), ("mention", "s2"), ("session-end", "s2"), ("session-end", "s1"),
        ]  # fmt: skip
        payloads = [json.loads(payload) for _, payload in calls]
        assert payloads[1]["prompt"] == "look at app.py" and payloads[8]["source"] == "compact"
        assert [payload.get("agent_id") for payload in payloads[:6]] == [None, None, None, "sub", "sub", "sub"]
