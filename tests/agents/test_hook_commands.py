"""The command lines of hooks: which are ours, and how they are probed."""

from __future__ import annotations

import pytest

from memcli.agents.hook_commands import calls_mem, personal_command, probe_of, shared_command, without_guard


@pytest.mark.parametrize(
    ("command", "is_ours"),
    [
        ("mem hook claude stop", True), ("/a/mem hook git post-commit", True), ("'/a b/mem' hook codex stop", True),
        ("C:\\x\\mem.exe hook cursor stop", True), ('"mem" hook gemini stop --now', True), ("mem hooks install", False),
        ("memo hook claude stop", False), ("mem hook other stop", False), ("mem add 'hook claude stop'", False),
    ],
)  # fmt: skip
def test_a_command_is_ours_by_its_tail(command: str, is_ours: bool) -> None:
    assert calls_mem(command) is is_ours


def test_a_probe_uses_the_same_launcher() -> None:
    assert probe_of(personal_command("'/a b/mem'", "claude", "stop")) == "'/a b/mem' hook claude probe"
    assert probe_of(without_guard(shared_command("mem", "codex", "session-end"))) == "mem hook codex probe"
