"""`mem hook`: harmless whatever comes, quick, and of use without an agent that thinks of it."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Mem, Repo, Result

EVENTS = ("session-start", "prompt", "pre-edit", "pre-compact", "post-compact", "stop", "subagent-stop", "save",
          "session-end", "probe", "tomorrow")  # fmt: skip
AGENTS = ("claude", "codex", "gemini", "cursor", "copilot", "opencode", "git", "unheard-of", "")
CALLS = int(os.environ.get("MEM_HOOK_CALLS", "120"))
"""10,000 take ten minutes."""


def hook(repo: Repo, agent: str, event: str, payload: Any = None, env: dict[str, str] | None = None) -> Result:
    """One event, with the payload as JSON, or as it is where it is bytes."""
    data = payload if isinstance(payload, bytes) else json.dumps(payload or {}).encode()
    command = [sys.executable, "-m", "memcli", "hook", agent, event]
    done = subprocess.run(
        command, cwd=repo.path, env={**os.environ, **(env or {})}, input=data, capture_output=True, timeout=60
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def harmless(done: Result) -> Any:
    """Exit 0, nothing on stderr, and on stdout nothing or one object, which is returned."""
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out) if done.out else {}
    assert isinstance(found, dict)
    return found


def payloads(chance: random.Random, repo: Repo) -> bytes:
    """What a harness might say, and what nobody should."""
    said: dict[str, Any] = {
        "session_id": chance.choice(["a", "b" * 4000, "", 7, None, "\ud800", "../../x", "é"]),
        "cwd": chance.choice([str(repo.path), "/", "/nowhere", 3, None, "\0"]),
        "prompt": chance.choice(["what about webhooks", "x" * 100_000, None, ["a"], "\ud800", "<private>x"]),
        "tool_input": chance.choice([{"file_path": "src/app.py"}, {"file_path": None}, "src", [], None]),
        "source": chance.choice(["startup", "resume", "compact", 1, None]),
    }
    for name in list(said):
        if chance.random() < 0.3:
            del said[name]
    text = json.dumps(said).encode()
    return chance.choice(
        [text, text, text, b"", b"{", b"[1]", b"\xff\xfe", b"nul\0", b'{"a":' * 5000, b"null", b" " * 9000]
    )


@pytest.fixture
def store(repo: Repo, mem: Mem) -> Repo:
    assert mem("init").code == 0
    return repo


def test_whatever_comes_a_hook_is_harmless(store: Repo, mem: Mem) -> None:
    chance = random.Random(5)
    mem("add", "Webhooks are retried at most 7 times.", "--path", "src/app.py", "--type", "constraint")
    mem("promote", "--yes")
    for _ in range(CALLS):
        harmless(hook(store, chance.choice(AGENTS), chance.choice(EVENTS), payloads(chance, store)))


@pytest.mark.parametrize(
    "words", [(), ("claude",), ("claude", "stop"), ("claude", "stop", "--flag", "x"), ("--help",), ("-C",)]
)
def test_every_beginning_of_the_command_line_exits_0(repo: Repo, mem: Mem, words: tuple[str, ...]) -> None:
    assert harmless(mem("hook", *words, cwd=repo.path)) == {}
    assert harmless(mem("--json", "-C", str(repo.path), "hook", *words)) == {}
    assert harmless(mem("-C", "/nowhere", "--agent", "x", "hook", *words)) == {}


@pytest.mark.parametrize("place", ["no repository", "no store", "read-only", "locked", "broken config"])
def test_hooks_survive_their_surroundings(repo: Repo, mem: Mem, tmp_path: Path, place: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    where = Repo(outside) if place == "no repository" else repo
    if place not in ("no repository", "no store"):
        mem("init")
    if place == "broken config":
        (repo.path / ".git" / "config").write_text("[broken")
    if place == "locked":
        from memcli.repo.lock import hold

        with hold(repo.path / ".git" / "mem" / "lock", 1) as held:
            assert held
            began = time.monotonic()
            harmless(hook(where, "claude", "session-start", {"session_id": "s", "cwd": str(where.path)}))
            assert time.monotonic() - began < 20
        return
    for event in EVENTS:
        harmless(hook(where, "claude", event, {"session_id": "s", "cwd": str(where.path)}))


def test_hooks_can_be_switched_off(store: Repo) -> None:
    payload = {"session_id": "s", "cwd": str(store.path)}
    for switch in ({"MEM_HOOKS": "0"}, {"MEM_HOOK": "1"}):
        assert harmless(hook(store, "claude", "session-start", payload, switch)) == {}
    assert store.git("for-each-ref", "refs/mem") == ""


def test_a_beginning_starts_a_session_and_tells_what_is_known(store: Repo, mem: Mem, tmp_path: Path) -> None:
    mem("add", "Webhooks are retried at most 7 times.", "--pin")
    mem("promote", "--yes")
    variables = tmp_path / "env"
    said = hook(store, "claude", "session-start", {"session_id": "s-1", "cwd": str(store.path), "source": "startup"},
                {"CLAUDE_ENV_FILE": str(variables)})  # fmt: skip
    answer = harmless(said)["hookSpecificOutput"]
    assert answer["hookEventName"] == "SessionStart"
    text = answer["additionalContext"]
    assert "Webhooks are retried at most 7 times" in text
    assert text.startswith("<!-- mem:pack")
    assert len(text) <= 9_000
    (session,) = mem("session", "list", "--json").json()["sessions"]
    assert session["agent"] == "claude-code"
    assert variables.read_text() == f"export MEM_SESSION={session['session']}\n"
    assert (store.path / ".mem" / session["session"] / "MEMORY.md").is_file()


def test_before_an_edit_what_is_known_of_the_path_is_told_once(store: Repo, mem: Mem) -> None:
    mem("add", "Never lower RETRIES below 7.", "--path", "src/app.py", "--type", "constraint")
    mem("promote", "--yes")
    start = {"session_id": "s-1", "cwd": str(store.path)}
    harmless(hook(store, "claude", "session-start", start))
    payload = {**start, "tool_name": "Edit", "tool_input": {"file_path": str(store.path / "src" / "app.py")}}
    first = harmless(hook(store, "claude", "pre-edit", payload))["hookSpecificOutput"]
    assert (first["hookEventName"], "Never lower RETRIES" in first["additionalContext"]) == ("PreToolUse", True)
    assert harmless(hook(store, "claude", "pre-edit", payload)) == {}


def test_a_prompt_is_answered_only_where_something_is_known(store: Repo, mem: Mem) -> None:
    mem("add", "Webhooks are retried at most 7 times, with growing pauses.")
    mem("promote", "--yes")
    base = {"session_id": "s-1", "cwd": str(store.path)}
    known = harmless(hook(store, "gemini", "prompt", {**base, "prompt": "how often are webhooks retried?"}))
    assert "7 times" in known["hookSpecificOutput"]["additionalContext"]
    unknown = harmless(hook(store, "gemini", "prompt", {**base, "prompt": "who won the cup in 1954?"}))
    assert unknown == {}
