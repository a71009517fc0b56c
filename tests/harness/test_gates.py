"""What `mem hooks status` says of a harness's trust is what the harness does: it runs the hooks, or it does not."""

from __future__ import annotations

import json

from memcli.agents import codex
from memcli.agents.trust import HookFile
from tests.harness.room import Room
from tests.harness.script_steps import DONE

TRUST_FILES = {"gemini": ".gemini/trustedFolders.json", "copilot": ".copilot/config.json"}
"""Harness → the file in the home in which it notes trusted folders."""

ONLY = {
    "test_trusted_folders_are_read_as_the_harness_reads_them": tuple(TRUST_FILES),
    "test_the_hash_of_an_approved_hook_is_that_of_codex": ("codex",),
}


def runs_hooks(room: Room, *words: str) -> bool:
    """Whether a run of the harness calls our hooks."""
    before = len(room.hook_calls())
    name = room.script([DONE])
    prompt = f"Please go on. SCRIPT:{name}"
    room.finish(name, room.start((*words, prompt) if words else room.launcher.prompt(prompt)))
    return len(room.hook_calls()) > before


def trust(room: Room) -> str:
    """What status says."""
    rows = json.loads(room.run("mem", "hooks", "status", "--json", check=False))["data"]["hooks"]
    return next(str(row["trust"]) for row in rows if row["agent"] == room.program.adapter)


def test_trusted_folders_are_read_as_the_harness_reads_them(room: Room) -> None:
    room.run("mem", "hooks", "install", "--agent", room.program.adapter)
    assert trust(room) == "trusted" and runs_hooks(room)
    (room.home / TRUST_FILES[room.program.adapter]).unlink()
    assert trust(room) == "waiting" and not runs_hooks(room)


def test_the_hash_of_an_approved_hook_is_that_of_codex(room: Room) -> None:
    room.run("mem", "hooks", "install", "--agent", "codex")
    words = ("exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox")
    assert trust(room) == "waiting" and not runs_hooks(room, *words)
    file = room.project / ".codex/hooks.json"
    hooks = HookFile(str(file), "project", str(room.project), str(room.project), file.read_text())
    with (room.home / ".codex/config.toml").open("a") as config:
        for name, digest in codex.approvable(hooks):
            config.write(f'[hooks.state."{file}:{name}"]\ntrusted_hash = "{digest}"\n')
    assert trust(room) == "trusted" and runs_hooks(room, *words)
    file.write_text(file.read_text().replace('"timeout": 10', '"timeout": 9', 1))
    assert trust(room) == "changed"
