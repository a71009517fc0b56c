"""What ships beside the program: hooks/, templates/agents/ and the manifest for pre-commit match the code."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from memcli.cli.command_table import COMMANDS
from memcli.core.text.marked_block import find_block, has_block
from memcli.operations.hooks.git_hooks import EVENTS, TRAILER
from memcli.operations.hooks.shipped import template
from tests.needs import program

ROOT = Path(__file__).parents[1]
TEMPLATES = sorted(path.name for path in (ROOT / "templates/agents").iterdir())
MANIFEST = ROOT / ".pre-commit-hooks.yaml"


def test_there_is_one_script_per_event() -> None:
    assert {path.name for path in (ROOT / "hooks").iterdir()} == {*EVENTS, TRAILER}


@pytest.mark.parametrize("event", [*EVENTS, TRAILER])
def test_a_script_is_a_block_that_calls_its_event(event: str) -> None:
    file = ROOT / "hooks" / event
    script = file.read_bytes()
    assert file.stat().st_mode & 0o111 and has_block(script)
    assert script == b"#!/bin/sh\n" + find_block(script)
    assert re.findall(r"mem hook git ([a-z-]+)", script.decode()) == [event]
    assert subprocess.run(["sh", "-n"], input=script, check=False).returncode == 0


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_name_commands_that_exist(name: str) -> None:
    named = set(re.findall(r"`mem ([a-z]+)", template(name)))
    assert named <= {*COMMANDS, "hook"}


def test_instructions_that_agents_always_read_are_short() -> None:
    assert len(template("instructions.md").splitlines()) <= 15
    assert len(template("cursor-rule.mdc").splitlines()) <= 15
    front = YAML(typ="safe").load(template("SKILL.md").split("---\n")[1])
    assert front["name"] == "mem" and len(front["description"]) <= 1024
    assert front.keys() <= {"name", "description", "license", "compatibility", "metadata", "allowed-tools"}


def test_the_manifest_calls_the_event_of_its_stage() -> None:
    hooks = YAML(typ="safe").load(MANIFEST.read_text())
    assert {hook["id"] for hook in hooks} >= {"mem-post-commit", "mem-check"}
    for hook in hooks:
        if "mem hook" in hook["entry"]:
            assert f"mem hook git {hook['stages'][0]}" in hook["entry"]


def test_pre_commit_accepts_the_manifest() -> None:
    command = [program("pre-commit"), "validate-manifest", str(MANIFEST)]
    assert subprocess.run(command, check=False).returncode == 0
