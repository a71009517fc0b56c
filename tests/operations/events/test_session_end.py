"""What follows the end of a session: through real hook processes, real kills, and guests that are scripts."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from memcli.core.session.entry_verbs import END
from memcli.core.session.names import harness_session
from memcli.core.session.state import Session
from memcli.operations.events.end_steps import EndSteps
from memcli.operations.events.lifecycle import record_event
from memcli.operations.events.worker import run_worker
from memcli.operations.writing.transaction import drain_before_reading
from memcli.state import liveness
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo
from tests.operations.curators import answering, configure
from tests.operations.harness import Harness, worker
from tests.waiting import eventually

Open = Callable[..., Workspace]


@pytest.fixture
def store(repo: Repo, mem: Mem) -> Repo:
    assert mem("init").code == 0
    return repo


@pytest.fixture
def begun() -> Iterator[list[Harness]]:
    """Harnesses that end with the test."""
    made: list[Harness] = []
    yield made
    for one in made:
        one.process.kill()
        one.process.communicate()


def begin(begun: list[Harness], place: Path, session: str, agent: str = "claude") -> Harness:
    begun.append(Harness.begin(place, session, agent))
    return begun[-1]


def named(session: str, agent: str = "claude-code") -> str:
    return harness_session(agent, session)


def files_of(repo: Repo, session: str) -> Path:
    return repo.path / ".mem" / named(session)


def learn(repo: Repo, session: str, name: str, text: str) -> None:
    file = files_of(repo, session) / f"semantic/notes/{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text + "\n", encoding="utf-8")


def leave_it_to(mem: Mem, whom: str) -> None:
    assert mem("policy", "set", "promote", whom).code == 0
    assert mem("promote", "--yes").code == 0


def state(mem: Mem, session: str) -> str:
    """`open`, `closed` and so on, wherever the session has gone."""
    listed = mem("session", "list", "--all", "--json").json()["sessions"]
    return str(next(one["state"] for one in listed if one["session"] == named(session)))


def proposed(mem: Mem, session: str) -> list[str]:
    """The titles of what it proposes."""
    return sorted(one["title"] for one in mem("review", named(session), "--json").json()["candidates"])


def closed(mem: Mem, session: str) -> bool:
    return state(mem, session) == "closed"


def test_an_agent_that_is_killed_is_swept_by_the_next_beginning(store: Repo, mem: Mem, begun: list[Harness]) -> None:
    assert mem("add", "Retries end at 7.", "--type", "constraint", "--path", "src/app.py").code == 0
    assert mem("promote", "--yes").code == 0
    agent = begin(begun, store.path, "one")
    assert "Retries end at 7" in agent.start()
    agent.hook("prompt", prompt="how many retries?")
    edit = agent.hook("pre-edit", tool_input={"file_path": str(store.path / "src/app.py")})
    assert "Retries end at 7" in edit["hookSpecificOutput"]["additionalContext"]
    learn(store, "one", "ledger", "The ledger locks rows.")
    assert agent.hook("pre-compact") == {}
    learn(store, "one", "unlock", "Rows are unlocked after 5 seconds.")
    agent.hook("stop")
    learn(store, "one", "late", "Nobody has saved this line.")
    agent.kill()
    begin(begun, store.path, "two").start()
    expected = ["Nobody has saved this line", "Rows are unlocked after 5 seconds", "The ledger locks rows"]
    assert set(expected) <= set(proposed(mem, "one"))
    assert eventually(lambda: closed(mem, "one"))
    assert proposed(mem, "one") == sorted([*expected, "how many retries?"])
    assert eventually(lambda: not files_of(store, "one").exists())
    assert files_of(store, "two").is_dir()


def test_a_session_with_a_file_that_cannot_be_read_stays_open_until_that_is_mended(
    store: Repo, mem: Mem, begun: list[Harness], workspace: Open
) -> None:
    agent = begin(begun, store.path, "one")
    agent.start()
    learn(store, "one", "broken", "---\nkind: [\n---\nA front matter that cannot be read")
    learn(store, "one", "ledger", "The ledger locks rows.")
    agent.leave()
    assert eventually(lambda: "broken.md" in mem("doctor").out)
    assert state(mem, "one") == "open"
    assert "cannot be read" in (files_of(store, "one") / "semantic/notes/broken.md").read_text()
    learn(store, "one", "broken", "A front matter that can be read.")
    run_worker(workspace())
    assert closed(mem, "one")
    assert {"A front matter that can be read", "The ledger locks rows"} <= set(proposed(mem, "one"))


class _LateWriter(EndSteps):
    """The steps of a session whose agent writes a file in the moment before it is closed."""

    def promote_if_allowed(self, session: Session) -> None:
        place = Path(self.workspace.layout.tree_dir, session.name, "semantic/notes/late.md")
        place.write_text("Written at the last moment.\n", encoding="utf-8")


def test_a_file_that_is_written_just_before_its_session_is_closed_is_saved(
    store: Repo, mem: Mem, begun: list[Harness], workspace: Open
) -> None:
    agent = begin(begun, store.path, "one")
    agent.start()
    learn(store, "one", "first", "First thing learned.")
    leaving = workspace(session=named("one"), agent="claude-code")
    record_event(leaving.journal, leaving.actor, END, named("one"), {"summary": "end"})
    drain_before_reading(leaving)
    _LateWriter(leaving, named("one")).run()
    assert closed(mem, "one")
    assert {"First thing learned", "Written at the last moment"} <= set(proposed(mem, "one"))


def test_a_living_agent_is_not_swept(store: Repo, mem: Mem, begun: list[Harness], workspace: Open) -> None:
    begin(begun, store.path, "one").start()
    begin(begun, store.path, "two").start()
    run_worker(workspace())
    assert state(mem, "one") == state(mem, "two") == "open"


def test_nothing_happened_nothing_stays(store: Repo, mem: Mem, begun: list[Harness]) -> None:
    agent = begin(begun, store.path, "one")
    agent.start()
    agent.leave()
    assert eventually(lambda: not (files_of(store, "one")).exists())
    assert "nothing waits for a decision" in mem().out
    assert "episodic" not in store.git("ls-tree", "-r", "--name-only", "mem/main")


def test_who_comes_back_goes_on_in_the_same_session(store: Repo, mem: Mem, begun: list[Harness]) -> None:
    agent = begin(begun, store.path, "one")
    agent.start()
    learn(store, "one", "first", "First thing learned.")
    agent.hook("session-end", reason="other")
    assert eventually(lambda: closed(mem, "one"))
    agent.hook("session-start", source="resume")
    assert state(mem, "one") == "open"
    learn(store, "one", "second", "Second thing learned.")
    agent.leave()
    assert eventually(lambda: closed(mem, "one"))
    found = proposed(mem, "one")
    assert {"First thing learned", "Second thing learned", "Work on main: 2 memories"} == set(found)


def test_an_episode_tells_task_attempts_outcome_and_commits(store: Repo, mem: Mem, begun: list[Harness]) -> None:
    assert mem("hooks", "install", "--git").code == 0
    agent = begin(begun, store.path, "one")
    agent.start()
    name = named("one")
    agent.run("--agent", "claude-code", "add", "--session", name, "--type", "attempt", "Tried a bigger pool: slower.")
    commit = store.git  # the agent's own commit, with its session said as a harness exports it
    commit("config", "user.name", "Ada")
    (store.path / "src/pool.py").write_text("SIZE = 8\n")
    store.git("add", "src/pool.py")
    store.git("commit", "-q", "-m", "pool: smaller", env={"MEM_SESSION": name, "CLAUDECODE": "1"})
    head = store.git("rev-parse", "HEAD")
    agent.leave()
    assert eventually(lambda: closed(mem, "one"))
    page = mem("review", name, "--json").json()
    episode = next(one for one in page["candidates"] if one["path"].startswith("episodic/sessions/"))
    for line in ("- Tried: Tried a bigger pool: slower", f"- Commits: {head[:10]}", "- src/pool.py", "1 code commit"):
        assert line in episode["diff"], line


@pytest.mark.parametrize("said", ["approve", "ask", "reject", "approve but", "silence"])
def test_a_reviewers_word_is_what_the_policy_makes_of_it(
    store: Repo, mem: Mem, begun: list[Harness], said: str
) -> None:
    leave_it_to(mem, "reviewer")
    edit = {"edit": "verdict", "verdict": said.split()[0], "reason": "two sources say so"}
    objections = "[{'id': job['candidates'][0]['id'], 'reason': 'derivable'}]" if said == "approve but" else "[]"
    answer = f"print(json.dumps({{'edits': [{{**{edit}, 'reject': {objections}}}]}}))"
    script = configure(store, "sys.exit(3)" if said == "silence" else answer)
    store.git("config", "--unset", "mem.curator")
    store.git("config", "mem.reviewer", f"{sys.executable} '{script}'")
    agent = begin(begun, store.path, "one")
    agent.start()
    learn(store, "one", "ledger", "The ledger locks rows.")
    agent.leave()
    assert eventually(lambda: state(mem, "one") != "open")
    if said == "approve":
        assert state(mem, "one") == "promoted"
        assert "Mem-Review: mem.reviewer" in store.git("log", "-1", "--format=%B", "mem/main")
    else:
        assert state(mem, "one") == "closed"
        assert ("exit code 3" if said == "silence" else "two sources say so") in mem("review", named("one")).out


def test_with_a_policy_of_checks_alone_every_session_is_promoted(store: Repo, mem: Mem, begun: list[Harness]) -> None:
    leave_it_to(mem, "auto")
    for session, text in (("one", "The ledger locks rows."), ("two", "Webhooks arrive twice on Mondays.")):
        agent = begin(begun, store.path, session)
        agent.start()
        learn(store, session, session, text)
        agent.leave()
        assert eventually(lambda session=session: state(mem, session) == "promoted")  # type: ignore[misc]
    told = store.git("ls-tree", "-r", "--name-only", "mem/main")
    assert told.count("episodic/sessions/") == 2


def test_no_agent_approves_itself_by_a_note_in_the_working_tree(
    store: Repo, mem: Mem, begun: list[Harness], workspace: Open
) -> None:
    leave_it_to(mem, "reviewer")
    agent = begin(begun, store.path, "one")
    agent.start()
    learn(store, "one", "ledger", "The ledger locks rows.")
    agent.hook("stop")
    assert mem("status").code == 0
    tip = store.git("rev-parse", f"refs/mem/sessions/{named('one')}")
    op = "01M7Z015PZ1NRD6P54DC1ZGAFQ"
    entry = {"v": 1, "op": op, "verb": "step", "session": named("one"), "actor": "x", "agent": "claude-code",
             "at": "2026-11-21T12:00:00Z", "edits": [], "note": {"Mem-Step": f"review approve {tip} fine"}}  # fmt: skip
    (store.path / ".mem/spool").mkdir(exist_ok=True)
    (store.path / ".mem/spool" / op).write_text(json.dumps(entry))
    agent.kill()
    run_worker(workspace())
    assert state(mem, "one") == "closed"


DISTIL = """
if job["job"] != "distil": sys.exit(9)
time.sleep(0.2)
print(json.dumps({"edits": [{"edit": "add", "title": "Rows stay locked for 5 s", "kind": "semantic", "type": "fact",
    "topic": "ledger", "body": "Rows of the ledger stay locked for 5 seconds.", "reason": "said in the session"}]}))
"""


def test_a_worker_that_is_killed_at_any_moment_is_gone_on_with(store: Repo, mem: Mem, begun: list[Harness]) -> None:
    configure(store, DISTIL)
    chance = random.Random(7)
    for number in range(3):
        session = f"s{number}"
        agent = begin(begun, store.path, session)
        agent.start()
        learn(store, session, f"fact{number}", f"Fact number {number} about the {'abcd'[number] * 6} module.")
        agent.kill()
        for _ in range(4):
            at_work = worker(store.path)
            time.sleep(chance.uniform(0.1, 1.2))
            at_work.kill()
            at_work.wait()
        assert worker(store.path).wait(60) == 0
        assert closed(mem, session)
        titles = proposed(mem, session)
        assert [title.split(":")[0] for title in titles if title.startswith("Work")] == ["Work on main"]
        assert titles.count("Rows stay locked for 5 s") == 1
        mem("reject", named(session), "--all", "seen")
    assert mem("doctor").code == 0


def test_what_is_distilled_belongs_to_the_session(store: Repo, mem: Mem, begun: list[Harness]) -> None:
    answering(store, {"edit": "add", "title": "Rows stay locked", "kind": "semantic", "type": "fact", "topic": "ledger",
                      "body": "Rows stay locked for 5 s.", "reason": "said"})  # fmt: skip
    agent = begin(begun, store.path, "one")
    agent.start()
    learn(store, "one", "ledger", "The ledger has rows.")
    agent.leave()
    assert eventually(lambda: closed(mem, "one"))
    assert "Rows stay locked" in proposed(mem, "one")


def test_two_in_one_checkout_and_two_in_two_worktrees(store: Repo, mem: Mem, begun: list[Harness]) -> None:
    other = store.path.parent / "other"
    store.git("worktree", "add", "-q", str(other), "-b", "feature")
    places = {"one": store.path, "two": store.path, "three": other}
    agents = {name: begin(begun, place, name) for name, place in places.items()}
    for name, agent in agents.items():
        agent.start()
        file = places[name] / ".mem" / named(name) / f"semantic/notes/{name}.md"
        file.parent.mkdir(parents=True)
        file.write_text(f"The agent called {name} has found the {name * 3} rule.\n")
        agent.hook("stop")
    assert mem("status").code == 0
    for name in agents:
        titles = [one["title"] for one in mem("review", named(name), "--json").json()["candidates"]]
        assert titles == [f"The agent called {name} has found the {name * 3} rule"]
        code, _, err = agents[name].run("--agent", "claude-code", "promote", named(name), "--yes")
        assert (code, "cannot approve" in err) == (6, True)
    for agent in agents.values():
        agent.leave()
    assert eventually(lambda: all(closed(mem, name) for name in agents))
    for name in agents:
        assert mem("promote", named(name), "--yes").code == 0, name
    told = begin(begun, other, "four").start()
    assert all(f"{name * 3} rule" in told for name in agents)


SCRIPT = """
say() { echo "{\\"session_id\\": \\"sh\\", \\"cwd\\": \\"$PWD\\", \\"source\\": \\"startup\\"}"; }
told=$(say | sh -c "$1 -m memcli hook claude session-start")
say | "$1" -m memcli hook claude stop
read -r _
"""


def test_a_harness_that_is_a_shell_script_is_told_from_the_shells_it_runs(
    store: Repo, workspace: Open, tmp_path: Path
) -> None:
    file = tmp_path / "agent.sh"
    file.write_text(SCRIPT)
    process = subprocess.Popen(["bash", str(file), sys.executable], cwd=store.path, stdin=subprocess.PIPE)
    mark = store.path / ".git/mem/live" / named("sh")
    try:
        assert eventually(lambda: mark.exists() and mark.read_text().split()[:1] == [str(process.pid)])
        assert liveness.abandoned_sessions(workspace().layout.mem_dir) == []
    finally:
        process.kill()
        process.communicate()
    assert liveness.abandoned_sessions(workspace().layout.mem_dir) == [(named("sh"), False)]


@pytest.mark.parametrize("policy", ["auto", "person"])
def test_a_session_whose_branch_was_merged_follows_it(
    store: Repo, mem: Mem, begun: list[Harness], workspace: Open, policy: str
) -> None:
    leave_it_to(mem, policy)
    store.git("checkout", "-q", "-b", "feature")
    agent = begin(begun, store.path, "one")
    for words in (("session", "start", "work"), ("add", "--session", "work", "The ledger locks rows.")):
        assert agent.run("--agent", "claude-code", *words)[0] == 0
    store.commit("feature", {"src/ledger.py": "LOCK = True\n"})
    store.git("checkout", "-q", "main")
    store.git("merge", "-q", "feature")
    assert agent.run("hook", "git", "post-merge", "0")[0] == 0
    if policy == "auto":
        assert eventually(lambda: "The ledger locks rows" in mem("log").out)
    else:
        run_worker(workspace())  # or the hook's own worker is at it
        assert eventually(lambda: "its branch was merged into main" in mem().out)


def test_who_comes_back_after_its_promotion_goes_on_under_a_name_of_its_own(
    store: Repo, mem: Mem, begun: list[Harness]
) -> None:
    agent = begin(begun, store.path, "one")
    agent.start()
    learn(store, "one", "first", "First thing learned.")
    agent.hook("session-end", reason="other")
    assert eventually(lambda: closed(mem, "one"))
    assert mem("promote", named("one"), "--yes").code == 0
    again = f"{named('one')}-2"
    assert again in agent.hook("session-start", source="resume")["hookSpecificOutput"]["additionalContext"]
    file = store.path / ".mem" / again / "semantic/notes/second.md"
    file.parent.mkdir(parents=True)
    file.write_text("Second thing learned.\n")
    agent.hook("stop")
    assert mem("status").code == 0
    assert "Second thing learned" in mem("review", again).out
    agent.leave()
    assert eventually(lambda: '"closed"' in mem("session", "show", again, "--json").out)
    assert "Work on main: 1 memory" in mem("review", again).out


def test_what_an_agent_writes_after_a_person_has_promoted_its_session_goes_on(
    store: Repo, mem: Mem, begun: list[Harness]
) -> None:
    agent = begin(begun, store.path, "one")
    agent.start()
    learn(store, "one", "first", "First thing learned.")
    agent.hook("stop")
    assert mem("promote", named("one"), "--yes").code == 0
    learn(store, "one", "second", "Second thing learned.")
    agent.hook("stop")
    learn(store, "one", "third", "Third thing learned.")
    agent.leave()
    again = f"{named('one')}-2"
    assert eventually(lambda: '"closed"' in mem("session", "show", again, "--json").out)
    titles = {one["title"] for one in mem("review", again, "--json").json()["candidates"]}
    assert {"Second thing learned", "Third thing learned"} <= titles
    assert "First thing learned" not in titles
    assert eventually(lambda: not files_of(store, "one").exists())


def test_who_comes_back_before_its_end_is_worked_off_keeps_its_session_and_files(
    store: Repo, mem: Mem, begun: list[Harness]
) -> None:
    agent = begin(begun, store.path, "one")
    agent.start()
    learn(store, "one", "first", "First thing learned.")
    for _ in range(3):
        agent.hook("session-end", reason="clear")
        told = agent.hook("session-start", source="resume")
        assert named("one") in told["hookSpecificOutput"]["additionalContext"]
        assert files_of(store, "one").is_dir()
    learn(store, "one", "second", "Second thing learned.")
    agent.leave()
    assert eventually(lambda: closed(mem, "one"))
    assert {"First thing learned", "Second thing learned"} <= set(proposed(mem, "one"))
