"""What an agent's shell writes lands in the session that its harness's hook began: real processes play harnesses."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable, Iterator

import pytest

from memcli.core.session.names import harness_session
from tests.conftest import Mem, Repo
from tests.operations.harness import Harness
from tests.waiting import eventually

Begin = Callable[..., Harness]
INNER = """
import json, subprocess, sys
agent, session, variable = sys.argv[1:]
start = json.dumps({"session_id": session, "source": "startup"})
subprocess.run(["mem", "hook", agent, "session-start"], input=start, text=True, capture_output=True, check=True)
add = f"{variable} mem add --json 'Found by {agent} inside.'"
subprocess.run(["sh", "-c", add], check=True)
"""


@pytest.fixture
def begin(repo: Repo, mem: Mem) -> Iterator[Begin]:
    """`begin(session, agent, argument)`: a harness in the repository, which has a store; it ends with the test."""
    assert mem("init").code == 0
    begun = list[Harness]()

    def begin(session: str, agent: str, argument: str = "") -> Harness:
        begun.append(Harness.begin(repo.path, session, agent, argument))
        return begun[-1]

    yield begin
    for harness in begun:
        harness.process.kill()
        harness.process.communicate()


def session_of(harness: Harness, text: str, **variables: str) -> str:
    """The session that `mem add` writes into, run by the shell of a harness with its variables."""
    code, out, err = harness.shell(f"mem add --json {shlex.quote(text)}", **variables)
    assert code == 0, err
    return str(json.loads(out)["data"]["session"])


def test_the_process_tells_where_no_variable_does(begin: Begin) -> None:
    """Gemini says only that it runs us, and not in which session."""
    one, two = begin("g1", "gemini"), begin("g2", "gemini")
    one.start()
    two.start()
    for harness in (one, two, one):
        found = session_of(harness, f"Found in {harness.session}.", GEMINI_CLI="1")
        assert found == harness_session("gemini-cli", harness.session)
    one.hook("session-end", reason="clear")
    one.hook("session-start", session_id="g3", source="clear")
    assert session_of(one, "Found after clear.", GEMINI_CLI="1") == harness_session("gemini-cli", "g3")
    two.hook("session-start", session_id="g4", source="resume")  # it never says that the other has ended
    assert session_of(two, "Found after resume.", GEMINI_CLI="1") == harness_session("gemini-cli", "g4")


@pytest.mark.parametrize(
    ("agent", "variables"),
    [
        ("codex", {"CODEX_THREAD_ID": "t2"}),
        ("copilot", {"COPILOT_CLI": "1", "COPILOT_AGENT_SESSION_ID": "t2"}),
        ("opencode", {"OPENCODE": "1", "OPENCODE_SESSION_ID": "t2"}),
    ],
)
def test_the_id_tells_where_one_process_runs_several_sessions(
    begin: Begin, agent: str, variables: dict[str, str]
) -> None:
    server = begin("t1", agent)
    for session in ("t1", "t2", "t3"):
        server.hook("session-start", session_id=session, sessionID=session, source="startup")
    assert session_of(server, "Found in the second.", **variables) == harness_session(agent, "t2")


@pytest.mark.parametrize(("outer", "inner"), [("claude", "codex"), ("codex", "claude")])
def test_of_two_harnesses_the_nearest_counts(begin: Begin, repo: Repo, outer: str, inner: str) -> None:
    """The inner one has the variables of the outer one too."""
    around = begin("out", outer)
    around.start()
    agents = {"claude": "claude-code", "codex": "codex"}
    told = {"CLAUDECODE": "1", "CLAUDE_CODE_SESSION_ID": "out", "MEM_SESSION": harness_session("claude-code", "out")}
    variables = told if outer == "claude" else {"CODEX_THREAD_ID": "out"}
    own = "CODEX_THREAD_ID=in" if inner == "codex" else "CLAUDECODE=1 CLAUDE_CODE_SESSION_ID=in"
    command = f"{sys.executable} -c {shlex.quote(INNER)} {inner} in {shlex.quote(own)}"
    code, out, err = around.shell(command, **variables)
    assert code == 0, err
    session = json.loads(out)["data"]["session"]
    assert session == harness_session(agents[inner], "in")
    assert f"Mem-Agent: {agents[inner]}\n" in repo.git("log", "-1", "--format=%B", f"refs/mem/sessions/{session}")
    assert session_of(around, "Found outside.", **variables) == harness_session(agents[outer], "out")


def test_a_persons_command_belongs_to_no_harness(begin: Begin) -> None:
    """Someone who types into a terminal that their editor has opened is below its process too."""
    editor = begin("e1", "gemini")
    editor.start()
    assert session_of(editor, "Typed by hand.") == "ada"


def test_a_named_session_wins_over_the_process(begin: Begin, mem: Mem) -> None:
    assert mem("session", "start", "by-hand").code == 0
    gemini = begin("g1", "gemini")
    gemini.start()
    assert session_of(gemini, "Where I was told to.", GEMINI_CLI="1", MEM_SESSION="by-hand") == "by-hand"


def test_a_session_that_no_hook_began_ends_with_the_agents_process(begin: Begin, mem: Mem) -> None:
    goose, other = begin("", "goose"), begin("two", "claude")
    session = session_of(goose, "Found without hooks.", GOOSE_TERMINAL="1")
    assert session_of(goose, "Found again.", GOOSE_TERMINAL="1") == session
    assert session_of(other, "Typed by hand.") == "ada"
    other.start()
    assert states(mem) | {session: "open", "ada": "open"} == states(mem)
    goose.kill()
    other.hook("session-start", session_id="three", source="clear")
    assert eventually(lambda: states(mem)[session] == "closed")
    assert states(mem)["ada"] == "open"
    later = begin("", "goose")
    again = session_of(later, "Found another day.", GOOSE_TERMINAL="1")
    later.kill()
    other.hook("session-start", session_id="four", source="clear")
    assert again != session and eventually(lambda: states(mem)[again] == "closed")


def test_a_session_in_a_daemon_ends_with_its_window(begin: Begin, mem: Mem) -> None:
    """The daemon outlives the windows, and runs the shells of all of them."""
    window, daemon, other = begin("", "codex"), begin("t1", "codex", "app-server"), begin("one", "claude")
    daemon.start()
    daemon.hook("session-start", session_id="t2", source="startup")
    for thread in ("t1", "t2"):
        found = session_of(daemon, f"Found in {thread}.", CODEX_THREAD_ID=thread)
        assert found == harness_session("codex", thread)
    other.start()
    assert states(mem)[harness_session("codex", "t1")] == "open"
    window.kill()
    other.hook("session-start", session_id="two", source="clear")
    assert eventually(lambda: states(mem)[harness_session("codex", "t1")] == "closed")


def states(mem: Mem) -> dict[str, str]:
    sessions = mem("session", "list", "--all", "--json").json()["sessions"]
    return {session["session"]: session["state"] for session in sessions}


def test_a_fork_that_changes_its_id_stays_in_the_session_of_its_start(begin: Begin, mem: Mem) -> None:
    """Claude Code 2.1.197 starts it under the old id and ends it under the new one."""
    fork = begin("old", "claude")
    fork.start("resume")
    session = harness_session("claude-code", "old")
    told = {"CLAUDECODE": "1", "CLAUDE_CODE_SESSION_ID": "new"}
    assert session_of(fork, "Found in the fork.", **told) == session
    fork.hook("stop", session_id="new")
    fork.hook("session-end", session_id="new", reason="other")
    assert eventually(lambda: states(mem)[session] == "closed")
    assert harness_session("claude-code", "new") not in states(mem)
