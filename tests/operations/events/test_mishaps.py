"""What harnesses do to their hooks: they close streams, keep pipes open, come back at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from memcli.core.session.names import harness_session
from memcli.state.lock import hold
from tests.conftest import Mem, Repo
from tests.operations.curators import configure
from tests.operations.harness import Harness
from tests.waiting import LIMIT, eventually

HOOK = [sys.executable, "-m", "memcli", "hook", "claude"]


@pytest.fixture
def store(repo: Repo, mem: Mem) -> Repo:
    assert mem("init").code == 0
    return repo


@pytest.fixture
def agents(store: Repo) -> Iterator[list[Harness]]:
    made = [Harness.begin(store.path, "one"), Harness.begin(store.path, "one")]
    yield made
    for one in made:
        one.process.kill()
        one.process.communicate()


def named(session: str) -> str:
    return harness_session("claude-code", session)


def learn(store: Repo, name: str) -> Path:
    return store.write(f".mem/{named('one')}/semantic/notes/{name}.md", f"The {name * 3} rule holds.\n")


def state(mem: Mem, name: str) -> str:
    listed = mem("session", "list", "--all", "--json").json()["sessions"]
    return next((str(one["state"]) for one in listed if one["session"] == name), "")


def titles(mem: Mem, name: str) -> list[str]:
    return [one["title"] for one in mem("review", name, "--json").json()["candidates"]]


def test_what_is_for_a_closed_stream_goes_into_no_file(store: Repo, mem: Mem) -> None:
    command = 'exec 0<&- 1>&- 2>&-; exec "$@"'
    words = ["sh", "-c", command, "sh", *HOOK, "session-start"]
    assert subprocess.run(words, cwd=store.path, check=False).returncode == 0
    found = [
        file for file in (store.path / ".git").rglob("*") if file.is_file() and b"hookSpecific" in file.read_bytes()
    ]
    assert found == []
    assert mem("doctor").code == 0


def test_a_pipe_that_is_never_closed_costs_no_session(store: Repo) -> None:
    words = [*HOOK, "session-start"]
    with subprocess.Popen(words, cwd=store.path, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as hook:
        assert hook.stdin and hook.stdout
        hook.stdin.write(json.dumps({"session_id": "one", "source": "startup"}).encode())
        hook.stdin.flush()
        assert named("one") in hook.stdout.read().decode()


def test_half_a_payload_is_waited_for_no_longer_than_the_limit(store: Repo) -> None:
    with subprocess.Popen([*HOOK, "stop"], cwd=store.path, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as hook:
        assert hook.stdin and hook.stdout
        hook.stdin.write(b'{"session_id"')
        hook.stdin.flush()
        assert hook.wait(LIMIT) == 0  # its stdin is still open
        assert hook.stdout.read() == b"{}\n"


def test_who_comes_back_at_once_is_not_taken_for_the_one_that_was_killed(
    store: Repo, mem: Mem, agents: list[Harness]
) -> None:
    first, again = agents
    first.start()
    first.kill()
    assert named("one") in again.start()
    other = Harness.begin(store.path, "two")
    other.start()
    other.kill()
    assert state(mem, named("one")) == "open"


def test_a_pack_and_what_stands_below_it_stay_under_the_cap(mem: Mem, agents: list[Harness]) -> None:
    assert mem("policy", "set", "pack.tokens", "8000").code == 0
    for number in range(8):
        assert mem("add", "--pin", "--title", f"Rule {number}", f"Rule {number}: " + "\U0001f600" * 900).code == 0
    assert mem("promote", "--yes").code == 0
    told = agents[0].start()
    assert 3_000 < len(told.encode("utf-16-le")) // 2 <= 9_000


def test_commits_in_quick_succession_are_all_recorded(store: Repo, mem: Mem, agents: list[Harness]) -> None:
    assert mem("hooks", "install", "--git").code == 0
    agents[0].start()
    env = {"MEM_SESSION": named("one"), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    made = []
    for number in range(5):
        store.git("commit", "-q", "--allow-empty", "-m", f"c{number}", env=env)
        made.append(store.git("rev-parse", "HEAD"))

    def are_there() -> bool:
        waiting = (store.path / ".git/mem/journal").iterdir()
        text = "".join(file.read_text() for file in waiting if len(file.name) == 26)
        return all(commit in text for commit in made)

    assert eventually(are_there)


def test_a_cleared_session_goes_on_while_its_end_is_worked_off(store: Repo, mem: Mem, agents: list[Harness]) -> None:
    agent = agents[0]
    agent.start()
    for name in "abc":
        learn(store, name)
        agent.hook("session-end", reason="clear")
        assert "its files are in" in agent.start("clear")
    with hold(store.path / ".git/mem/worker.lock", LIMIT) as idle:
        assert idle
    learn(store, "d")
    agent.leave()
    assert eventually(lambda: state(mem, named("one")) == "closed")
    learned = {f"The {name * 3} rule holds" for name in "abcd"}
    assert eventually(lambda: learned <= set(titles(mem, named("one"))))
    assert eventually(lambda: not (store.path / ".mem" / named("one")).exists())


def test_a_reviewer_that_says_yes_and_no_has_not_agreed(store: Repo, mem: Mem, agents: list[Harness]) -> None:
    assert mem("policy", "set", "promote", "reviewer").code == 0
    assert mem("promote", "--yes").code == 0
    said = [{"edit": "verdict", "verdict": word, "reason": "so it seems"} for word in ("approve", "ask")]
    script = configure(store, f"print(json.dumps({{'edits': {said!r}}}))")
    store.git("config", "--unset", "mem.curator")
    store.git("config", "mem.reviewer", f"{sys.executable} '{script}'")
    agents[0].start()
    learn(store, "a")
    agents[0].leave()
    assert eventually(lambda: state(mem, named("one")) not in ("open", ""))
    assert state(mem, named("one")) == "closed"
