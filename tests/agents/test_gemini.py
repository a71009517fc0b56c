"""Gemini CLI: named handlers, milliseconds, hooks beside the user's settings."""

from __future__ import annotations

import html
from collections.abc import Callable

from memcli.agents.gemini import ADAPTER
from memcli.agents.registry import caller
from memcli.core.pack.frame import framed
from memcli.workspace import Workspace
from tests.agents.round_trip import hook_table, installed_hooks
from tests.conftest import Repo

PROMPT = {"session_id": "g1", "cwd": "/code", "hook_event_name": "BeforeAgent", "prompt": "why 7?",
          "timestamp": "2026-11-20T09:30:00Z"}  # fmt: skip


def test_payloads() -> None:
    assert (ADAPTER.session_id(PROMPT), ADAPTER.working_directory(PROMPT)) == ("g1", "/code")
    assert ADAPTER.prompt(PROMPT) == "why 7?"


def test_what_hooks_gave_is_not_part_of_the_prompt() -> None:
    pack = html.escape(framed("RETRIES is 7, because a < b.\n"))
    given = f"<hook_context>{pack}</hook_context>\n\n<hook_context>more</hook_context>\n\n"
    for text in ("why 7?", "what is <hook_context>x</hook_context>?"):
        assert ADAPTER.prompt({**PROMPT, "prompt": given + text}) == text
    assert ADAPTER.prompt({**PROMPT, "prompt": f"{pack}why 7?"}) == "why 7?"


def test_answers() -> None:
    output = {"hookEventName": "BeforeAgent", "additionalContext": "known"}
    assert ADAPTER.answer("prompt", "known") == {"hookSpecificOutput": output}
    assert ADAPTER.answer("pre-compact", "known") == {}


def test_hook_file(repo: Repo, workspace: Callable[..., Workspace]) -> None:
    repo.write(".gemini/settings.json", '{\n\t"theme": "dark"\n}\n')
    table = hook_table(installed_hooks(workspace(), repo.path, "gemini", ".gemini/settings.json"))
    assert list(table) == ["SessionStart", "BeforeAgent", "AfterTool", "AfterAgent", "PreCompress", "SessionEnd"]
    assert table["AfterTool"][0]["matcher"] == "read_file"
    [group] = table["AfterAgent"]
    [handler] = group["hooks"]
    assert group["matcher"] == "*"
    assert (handler["name"], handler["timeout"]) == ("memcli-stop", 10_000)
    assert handler["description"] == "Save the session's files"


def test_variables() -> None:
    assert caller({"GEMINI_CLI": "1", "GEMINI_SESSION_ID": "g1"}) == ("gemini-cli", "g1")
    assert caller({"GEMINI_CLI": "1"}) == ("gemini-cli", None)
