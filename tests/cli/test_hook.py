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

from tests import sandbox
from tests.conftest import Mem, Repo, Result
from tests.waiting import LIMIT

EVENTS = ("session-start", "prompt", "mention", "pre-edit", "delegate", "subagent-start", "pre-compact", "post-compact",
          "stop", "subagent-stop", "save", "session-end", "probe", "tomorrow")  # fmt: skip
AGENTS = ("claude", "codex", "gemini", "cursor", "copilot", "opencode", "git", "unheard-of", "")
CALLS = int(os.environ.get("MEM_HOOK_CALLS", "30"))
"""Few, since every one is a process; 10,000 take ten minutes."""


def hook(
    repo: Repo, agent: str, event: str, payload: Any = None, env: dict[str, str] | None = None, sealed: bool = False
) -> Result:
    """One event, with the payload as JSON, or as it is where it is bytes; `sealed`: below a read-only `.git`."""
    data = payload if isinstance(payload, bytes) else json.dumps(payload or {}).encode()
    command = [*sandbox.MEM, "hook", agent, event]
    command = sandbox.confined(*command) if sealed else command
    done = subprocess.run(
        command, cwd=repo.path, env={**os.environ, **(env or {})}, input=data, capture_output=True, timeout=LIMIT
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


def test_a_hook_is_harmless_for_any_input(store: Repo, mem: Mem) -> None:
    chance = random.Random(5)
    mem("add", "Webhooks are retried at most 7 times.", "--path", "src/app.py", "--type", "constraint")
    mem("promote", "--yes")
    for _ in range(CALLS):
        harmless(hook(store, chance.choice(AGENTS), chance.choice(EVENTS), payloads(chance, store)))


@pytest.mark.parametrize(
    "words", [(), ("claude",), ("claude", "stop"), ("claude", "stop", "--flag", "x"), ("--help",), ("-C",)]
)
def test_every_command_line_that_starts_with_hook_exits_0(repo: Repo, mem: Mem, words: tuple[str, ...]) -> None:
    assert harmless(mem("hook", *words, cwd=repo.path)) == {}
    assert harmless(mem("--json", "-C", str(repo.path), "hook", *words)) == {}
    assert harmless(mem("-C", "/nowhere", "--agent", "x", "hook", *words)) == {}


@pytest.mark.parametrize("place", ["no repository", "no store", "locked", "broken config"])
def test_hooks_are_harmless_in_broken_repositories(repo: Repo, mem: Mem, tmp_path: Path, place: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    where = Repo(outside) if place == "no repository" else repo
    if place not in ("no repository", "no store"):
        mem("init")
    if place == "broken config":
        (repo.path / ".git" / "config").write_text("[broken")
    if place == "locked":
        from memcli.state.lock import hold

        with hold(repo.path / ".git" / "mem" / "lock", 1) as held:
            assert held
            patient = {"MEM_LOCK_TIMEOUT": "600"}  # a hook has a limit of its own
            harmless(hook(where, "claude", "session-start", {"session_id": "s", "cwd": str(where.path)}, patient))
        return
    for event in EVENTS:
        harmless(hook(where, "claude", event, {"session_id": "s", "cwd": str(where.path)}))


def test_below_a_read_only_git_hooks_answer_and_records_are_spooled(store: Repo, mem: Mem) -> None:
    sandbox.skip_unless_confined(store)
    mem("add", "Webhooks are retried at most 7 times.", "--promote")
    said = {"session_id": "s", "cwd": str(store.path)}
    harmless(hook(store, "claude", "session-start", said))
    (session,) = (one["session"] for one in mem("session", "list", "--json").json()["sessions"])
    store.write(f".mem/{session}/semantic/notes/queue.md", "The queue keeps what fails.\n")
    before = {file: file.read_bytes() for file in (store.path / ".git").rglob("*") if file.is_file()}
    began = hook(store, "gemini", "session-start", said, sealed=True)
    assert "at most 7 times" in json.dumps(harmless(began))
    for event in EVENTS:
        harmless(hook(store, "claude", event, said, sealed=True))
    assert {file: file.read_bytes() for file in (store.path / ".git").rglob("*") if file.is_file()} == before
    assert [file for file in (store.path / ".mem" / "spool").iterdir() if len(file.name) == 26]
    mem("add", "Written when it can be written again.")
    assert "The queue keeps what fails" in mem("list", "--session", session).out


def test_hooks_can_be_disabled(store: Repo) -> None:
    payload = {"session_id": "s", "cwd": str(store.path)}
    for switch in ({"MEM_HOOKS": "0"}, {"MEM_HOOK": "1"}):
        assert harmless(hook(store, "claude", "session-start", payload, switch)) == {}
    assert store.git("for-each-ref", "refs/mem") == ""


def test_session_start_starts_a_session_and_returns_the_pack(store: Repo, mem: Mem, tmp_path: Path) -> None:
    mem("add", "Webhooks are retried at most 7 times.", "--pin")
    mem("promote", "--yes")
    variables = tmp_path / "env"
    said = hook(store, "claude", "session-start", {"session_id": "s-1", "cwd": str(store.path), "source": "startup"},
                {"CLAUDE_ENV_FILE": str(variables)})  # fmt: skip
    answer = harmless(said)["hookSpecificOutput"]
    assert answer["hookEventName"] == "SessionStart"
    text = answer["additionalContext"]
    assert "Webhooks are retried at most 7 times" in text
    assert text.startswith("[mem:pack v1 ")
    assert len(text) <= 9_000
    (session,) = mem("session", "list", "--json").json()["sessions"]
    assert session["agent"] == "claude-code"
    assert variables.read_text() == f"export MEM_SESSION={session['session']}\n"
    assert (store.path / ".mem" / session["session"] / "MEMORY.md").is_file()


def test_pre_edit_returns_hazards_once_per_file(store: Repo, mem: Mem) -> None:
    mem("add", "Never lower RETRIES below 7.", "--path", "src/app.py", "--type", "constraint")
    mem("promote", "--yes")
    start = {"session_id": "s-1", "cwd": str(store.path)}
    harmless(hook(store, "claude", "session-start", start))
    payload = {**start, "tool_name": "Edit", "tool_input": {"file_path": str(store.path / "src" / "app.py")}}
    first = harmless(hook(store, "claude", "pre-edit", payload))["hookSpecificOutput"]
    assert (first["hookEventName"], "Never lower RETRIES" in first["additionalContext"]) == ("PreToolUse", True)
    assert harmless(hook(store, "claude", "pre-edit", payload)) == {}


def test_constraints_are_told_once_per_file_and_context_whatever_the_door(store: Repo, mem: Mem) -> None:
    for name in ("app", "queue"):
        store.write(f"src/{name}.py", "RETRIES = 7\n")
        mem("add", f"Never lower RETRIES of the {name} below 7.", "--path", f"src/{name}.py", "--type", "constraint")
    mem("add", "Deploys happen on Tuesdays.", "--pin")
    mem("promote", "--yes")
    base = {"session_id": "s-1", "cwd": str(store.path / "src")}
    harmless(hook(store, "claude", "session-start", {**base, "cwd": str(store.path)}))

    def told(event: str, **payload: Any) -> str:
        answer = harmless(hook(store, "claude", event, {**base, **payload}))
        return str(answer.get("hookSpecificOutput", {}).get("additionalContext", ""))

    for prompt in ("which files are there?", "see ../../etc/passwd, /etc/passwd and src", "src/nothing.py"):
        assert told("mention", prompt=prompt) == ""
    text = told("mention", prompt="Lower it in `@src/app.py:3`, please.")
    assert "RETRIES of the app" in text and "Tuesdays" not in text and "queue" not in text
    read = {"tool_name": "Read", "tool_input": {"file_path": str(store.path / "src/app.py")}}
    assert told("pre-edit", **read) == told("mention", prompt="app.py again") == ""
    assert "RETRIES of the app" in told("pre-edit", **read, agent_id="a1"), "a sub-agent's context is its own"
    assert told("pre-edit", **read, agent_id="a1") == ""
    assert told("delegate", tool_name="Agent", tool_input={"prompt": "Look into queue.py."}) == ""
    started = told("subagent-start", agent_id="a2", agent_type="general-purpose")
    assert "RETRIES of the queue" in started and "Tuesdays" in started and "of the app" not in started
    assert told("pre-edit", tool_input={"file_path": "queue.py"}, agent_id="a2") == ""
    assert "RETRIES of the queue" in told("pre-edit", tool_input={"file_path": "queue.py"})


def test_an_event_at_every_step_records_nothing_where_nothing_changed(store: Repo, mem: Mem) -> None:
    base = {"session_id": "s-1", "cwd": str(store.path)}
    harmless(hook(store, "gemini", "session-start", base))
    (session,) = (one["session"] for one in mem("session", "list", "--json").json()["sessions"])
    note = store.path / ".mem" / session / "semantic" / "notes" / "queue.md"

    def saves(change: str) -> int:
        if change:
            store.write(str(note.relative_to(store.path)), change)
        time.sleep(0.06)  # file systems have coarse clocks
        before = len(list((store.path / ".git/mem/journal").iterdir()))
        for _ in range(3):
            harmless(hook(store, "gemini", "pre-compact", base))
        return len(list((store.path / ".git/mem/journal").iterdir())) - before

    assert saves("") <= 1, "the start itself may just have written the directory"
    assert saves("") == 0
    assert saves("The queue keeps what fails.\n") == 1
    assert saves("") == 0
    note.unlink()
    assert saves("") == 1
    assert saves("The queue keeps all that fails.\n") == 1
    mem("add", "The command that writes carries the save out.")
    assert "keeps all that fails" in mem("list", "--session", session).out


def test_with_recall_a_prompt_gets_both_in_one_pack(store: Repo, mem: Mem) -> None:
    store.write("src/app.py", "RETRIES = 7\n")
    mem("add", "Never lower RETRIES below 7.", "--path", "src/app.py", "--type", "constraint")
    mem("add", "Webhooks are retried with growing pauses.")
    mem("promote", "--yes")
    payload = {"session_id": "s-1", "cwd": str(store.path), "prompt": "how are webhooks retried in src/app.py?"}
    text = harmless(hook(store, "copilot", "prompt", payload))["additionalContext"]
    assert "growing pauses" in text and "Never lower" in text and text.count("[mem:pack") == 1


def test_a_prompt_is_answered_only_if_something_is_known(store: Repo, mem: Mem) -> None:
    mem("add", "Webhooks are retried at most 7 times, with growing pauses.")
    mem("promote", "--yes")
    base = {"session_id": "s-1", "cwd": str(store.path)}
    known = harmless(hook(store, "gemini", "prompt", {**base, "prompt": "how often are webhooks retried?"}))
    assert "7 times" in known["hookSpecificOutput"]["additionalContext"]
    unknown = harmless(hook(store, "gemini", "prompt", {**base, "prompt": "who won the cup in 1954?"}))
    assert unknown == {}


def test_closed_streams_and_open_pipes_do_not_block(store: Repo) -> None:
    command = [sys.executable, "-m", "memcli", "hook", "claude", "save"]
    reading, writing = os.pipe()
    try:
        os.write(writing, b'{"session_id": "s"}')
        done = subprocess.run(command, cwd=store.path, stdin=reading, capture_output=True, timeout=LIMIT)
    finally:
        os.close(reading)
        os.close(writing)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"{}\n", b"")
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        shell = ["sh", "-c", f'exec "$@" {closed}', "sh", *command[:-1], "session-start"]
        assert subprocess.run(shell, cwd=store.path, capture_output=True, timeout=LIMIT).returncode == 0
    store.git("fsck", "--strict")


def test_names_that_are_paths_create_nothing_outside(store: Repo) -> None:
    before = {one.name for one in (store.path / ".git").iterdir()}
    named = {"session_id": "../../x", "cwd": str(store.path), "source": "../../../escaped"}
    for agent in ("claude", "../../../evil", "a/b"):
        for event in ("session-start", "stop", "session-end", "../../../evil"):
            harmless(hook(store, agent, event, named, {"MEM_SESSION": "../../../evil"}))
    after = {one.name for one in (store.path / ".git").iterdir()}
    assert after - before <= {"worktrees"}  # which the end worker takes away again, some time later
    assert not [*store.path.parent.glob("*evil*"), *store.path.parent.glob("*escaped*")]


@pytest.mark.parametrize("home", [False, True])
def test_hooks_that_cursor_runs_twice_are_answered_once(store: Repo, home: bool, tmp_path: Path) -> None:
    payload = {"session_id": "s", "cwd": str(store.path), "cursor_version": "2.0"}
    place = tmp_path / "person" if home else store.path
    (place / ".cursor").mkdir(parents=True)
    file = place / ".cursor" / "hooks.json"
    file.write_text(json.dumps({"hooks": {"stop": [{"command": "mem hook cursor stop"}]}}))
    person = {"HOME": str(tmp_path / "person")}
    assert harmless(hook(store, "claude", "session-start", payload, person)) == {}
    assert store.git("for-each-ref", "refs/mem/sessions") == ""
    file.write_text("{}")
    assert harmless(hook(store, "claude", "session-start", payload, person)) != {}


def test_hooks_that_copilot_runs_too_are_answered_once(store: Repo) -> None:
    payload = {"session_id": "s", "cwd": str(store.path)}
    store.write(".github/hooks/memcli.json", json.dumps({"hooks": {"Stop": [{"bash": "mem hook copilot stop"}]}}))
    assert harmless(hook(store, "claude", "session-start", payload, {"COPILOT_PROJECT_DIR": str(store.path)})) == {}
    assert store.git("for-each-ref", "refs/mem/sessions") == ""
    assert harmless(hook(store, "claude", "session-start", payload)) != {}


def test_private_text_in_a_prompt_is_written_to_no_file(store: Repo, mem: Mem) -> None:
    base = {"session_id": "s-1", "cwd": str(store.path)}
    mem("add", "Webhooks are retried at most 7 times.")
    mem("promote", "--yes")
    harmless(hook(store, "claude", "session-start", base))
    said = "how are webhooks retried <private>hunter2secret</private>"
    assert harmless(hook(store, "claude", "prompt", {**base, "prompt": said})) != {}
    mem("list")
    files = (one for one in store.path.rglob("*") if one.is_file())
    assert not [one for one in files if b"hunter2secret" in one.read_bytes()]


def test_edits_of_excluded_paths_get_no_text_and_leave_no_record(store: Repo, mem: Mem) -> None:
    mem("add", "Never lower RETRIES below 7.", "--path", "src/app.py", "--type", "constraint")
    mem("promote", "--yes")
    store.write(".memignore", "src/\n")
    base = {"session_id": "s-1", "cwd": str(store.path / "src")}
    harmless(hook(store, "claude", "session-start", base))
    edit = {**base, "tool_input": {"file_path": "app.py"}}
    assert harmless(hook(store, "claude", "pre-edit", edit)) == {}
    assert not list((store.path / ".git" / "mem" / "live").glob("*.told*"))
    store.write(".memignore", "")
    assert "RETRIES" in json.dumps(harmless(hook(store, "claude", "pre-edit", edit)))


def test_an_event_is_about_the_repository_that_it_names(store: Repo, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    Repo(other).git("init", "-q")
    assert harmless(hook(store, "claude", "session-start", {"session_id": "s", "cwd": str(other)})) == {}
    assert store.git("for-each-ref", "refs/mem/sessions") == ""
    gone = {"session_id": "s", "cwd": str(tmp_path / "gone")}
    assert harmless(hook(store, "claude", "session-start", gone)) != {}


@pytest.mark.parametrize("letter", ["x", "\U0001f600"])
def test_packs_stay_below_the_limit(store: Repo, mem: Mem, letter: str) -> None:
    pinned = (json.dumps({"body": f"Fact {number}: {letter * 700}", "pin": "true"}) for number in range(40))
    assert mem("add", "--batch", "-", input="\n".join(pinned)).code == 0
    mem("promote", "--yes")
    base = {"session_id": "s", "cwd": str(store.path)}
    for source in ("startup", "compact"):
        answer = harmless(hook(store, "claude", "session-start", {**base, "source": source}))
        text = answer["hookSpecificOutput"]["additionalContext"]
        assert 4_000 < len(text.encode("utf-16-le")) // 2 <= 9_000
    saved = harmless(hook(store, "opencode", "pre-compact", base))["context"]
    assert len(saved.encode("utf-16-le")) // 2 <= 9_000


LATE_IMPORTS = """
import os, signal, sys
start = signal.setitimer
before = set()

def set_timer(which, seconds, *interval):
    if seconds:
        before.update(sys.modules)
    else:
        late = [name for name in sys.modules if name.startswith("memcli.") and name not in before]
        os.write(2, " ".join(late).encode())
    return start(which, seconds, *interval)

signal.setitimer = set_timer
from memcli.cli.hook import serve_hook
serve_hook(sys.argv[1:])
"""


@pytest.mark.parametrize("event", ["stop", "session-end"])
def test_the_time_limit_of_recording_events_does_not_count_imports(store: Repo, event: str) -> None:
    """On a busy machine they take longer than the limit, and the end of a session would be lost."""
    payload = json.dumps({"session_id": "one", "cwd": str(store.path)}).encode()
    command = [sys.executable, "-c", LATE_IMPORTS, "claude", event]
    done = subprocess.run(command, cwd=store.path, input=payload, capture_output=True, timeout=LIMIT)
    assert (done.stdout, done.stderr) == (b"{}\n", b"")
