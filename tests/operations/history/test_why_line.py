"""From a line of code to its session and what that had read; from a code commit to the packs it was made with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.errors import MemError, NotFound
from memcli.operations.history.why_line import CodeLine, LineReference, parse_line_reference, trace_line
from memcli.operations.memories.add import add_memories
from memcli.operations.recall.hydrate import HydrateRequest, hydrate
from memcli.operations.recall.recall import RecallRequest, recall
from memcli.operations.recall.replay import replay_commit
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.sessions.start import resume_session, start_session
from memcli.operations.setup.init import init
from memcli.operations.writing.transaction import drain_before_reading
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo
from tests.githooks import install

Open = Callable[..., Workspace]
FIRST, LATER = "2026-11-20T09:30:00Z", "2026-11-20T10:30:00Z"


@pytest.fixture
def hooked(repo: Repo, workspace: Open) -> Repo:
    """With a memory, and a session that has read it."""
    init(workspace())
    install(repo, ("post-commit", "post-rewrite"))
    start_session(workspace(), "known")
    add_memories(workspace(), [{"title": "Retry queue", "body": "The retry queue owns webhook failures."}])
    promote(workspace(), PromoteRequest("known", consent=True))
    start_session(workspace(), "fix", task="Fix the retries")
    hydrate(workspace(), HydrateRequest("retry queue"))
    return repo


def asked(workspace: Open, text: str) -> CodeLine:
    known = parse_line_reference(text)
    assert known
    return trace_line(workspace(), known)


def test_a_line_leads_to_its_commit_its_session_and_what_that_had_read(hooked: Repo, workspace: Open) -> None:
    commit = hooked.commit("Retry seven times", {"a.py": "one\ntwo\n"})
    found = asked(workspace, "a.py:2")
    assert (found.commit, found.text, found.subject, found.author) == (
        commit, "two", "Retry seven times", "Ada Example")  # fmt: skip
    assert (found.session, found.task, found.agent) == ("fix", "Fix the retries", None)
    [read] = found.reads
    assert (read.op, read.query) == ("hydrate", "retry queue") and read.ids[0][1] == "Retry queue"
    handed = replay_commit(workspace(), commit[:10])
    assert [one.pack.pack for one in handed.packs] == [read.pack] and "Retry queue" in handed.packs[0].pack.text


def test_what_was_read_afterwards_does_not_count(
    hooked: Repo, workspace: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked.commit("one", {"a.py": "one\n"})
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2100-01-01T00:00:00Z")
    recall(workspace(), RecallRequest("webhook"))
    drain_before_reading(workspace())
    assert [one.op for one in asked(workspace, "a.py:1").reads] == ["hydrate"]


def test_an_amended_and_rebased_commit_is_still_its_first_sessions(hooked: Repo, workspace: Open) -> None:
    hooked.git("checkout", "-q", "-b", "feat")
    hooked.commit("one", {"a.py": "one\n"})
    hooked.git("commit", "-q", "--amend", "-m", "better")
    promoted = add_memories(workspace(), [{"body": "Learnt by the way"}])
    promote(workspace(), PromoteRequest("fix", consent=True))
    hooked.git("checkout", "-q", "main")
    hooked.commit("base", {"base.py": "x\n"})
    start_session(workspace(), "later")
    hooked.git("checkout", "-q", "feat")
    hooked.git("rebase", "-q", "main")
    found = asked(workspace, "a.py:1")
    assert promoted and found.subject == "better" and found.session == "fix"
    assert [one.op for one in found.reads] == ["hydrate"]


def test_a_squash_merge_is_the_work_of_what_it_squashed(hooked: Repo, workspace: Open) -> None:
    hooked.git("checkout", "-q", "-b", "feat")
    hooked.commit("one", {"a.py": "one\n"})
    hooked.git("checkout", "-q", "main")
    hooked.git("merge", "-q", "--squash", "feat")
    start_session(workspace(), "merger")
    hooked.git("commit", "-q", "--no-edit")
    assert asked(workspace, "a.py:1").session == "fix"


def test_another_clone_that_has_the_promotion_knows_it_too(
    hooked: Repo, workspace: Open, mem: Mem, tmp_path: Path
) -> None:
    commit = hooked.commit("one", {"a.py": "one\n"})
    add_memories(workspace(), [{"body": "What was learnt"}])
    promote(workspace(), PromoteRequest("fix", consent=True))
    hooked.git("clone", "-q", str(hooked.path), str(tmp_path / "clone"))
    there = tmp_path / "clone"
    data = mem("why", "a.py:1", "--json", cwd=there).json()
    assert (data["commit"], data["session"], data["task"]) == (commit, "fix", "Fix the retries")
    assert [one["title"] for one in data["reads"][0]["ids"]] == ["Retry queue"]
    replayed = mem("replay", "--commit", commit, "--json", cwd=there).json()
    assert [(one["source"], one["matches"]) for one in replayed["packs"]] == [("recomputed", True)]
    assert "before that, fix had read:" in mem("why", "a.py:1", cwd=there).out


def test_lines_that_are_changed_new_or_nobodys_answer_plainly(hooked: Repo, workspace: Open) -> None:
    assert asked(workspace, "src/app.py:1").session is None
    hooked.commit("one", {"a.py": "one\ntwo\nthree\n"})
    hooked.write("a.py", "new\none\nTWO\nthree\r\n")
    hooked.write("fresh.py", "x\n")
    found = {line: asked(workspace, f"a.py:{line}") for line in (1, 2, 3, 4)}
    assert [found[line].session for line in (1, 2, 3, 4)] == [None, "fix", None, "fix"]
    assert found[1].commit is None and found[4].text == "three"
    assert asked(workspace, "fresh.py:1").commit is None
    assert asked(workspace, "a.py:2@HEAD").text == "two"


@pytest.mark.parametrize("name", ["a b.py", "-x.py", "ü:7.py", 'q"\\.py', ":(glob)*.py", "a@b:1", "dir/x\ty.py"])
def test_odd_names(hooked: Repo, workspace: Open, name: str) -> None:
    commit = (hooked.write(name, "one\n") and hooked.git("--literal-pathspecs", "add", "--", name)) or ""
    commit = hooked.commit("odd")
    assert (asked(workspace, f"{name}:1").commit, asked(workspace, f"{name}:1").file) == (commit, name)


def test_a_name_is_taken_from_where_the_caller_stands_too(hooked: Repo, workspace: Open) -> None:
    found = [
        trace_line(workspace(hooked.path / "src"), LineReference(name, 1, None)) for name in ("app.py", "../README.md")
    ]
    assert [one.file for one in found] == ["src/app.py", "README.md"]


@pytest.mark.parametrize(
    "text", ["a.py:9", "no.py:1", "../../etc/passwd:1", "src:1", "src/app.py:1@nowhere", ".git/HEAD:1"]
)
def test_what_is_not_there_is_not_found(hooked: Repo, workspace: Open, text: str) -> None:
    hooked.commit("one", {"a.py": "one\n"})
    with pytest.raises(NotFound):
        asked(workspace, text)


def test_a_trailer_names_the_session_where_nobody_recorded_it(hooked: Repo, workspace: Open) -> None:
    hooked.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "--allow-empty", "-m", "x\n\nMem-Session: fix")
    hooked.write("a.py", "one\n")
    hooked.git("add", "a.py")
    hooked.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "x\n\nMem-Session: fix")
    found = asked(workspace, "a.py:1")
    assert found.session == "fix" and [one.op for one in found.reads] == ["hydrate"]
    hooked.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "--amend", "-m", "x\n\nMem-Session: nowhere")
    assert asked(workspace, "a.py:1").session == "nowhere" and asked(workspace, "a.py:1").reads == ()


def test_hostile_records_of_a_published_session_harm_nothing(hooked: Repo, workspace: Open) -> None:
    commit = hooked.commit("one", {"a.py": "one\n"})
    drain_before_reading(workspace())
    other = "f" * 40
    lines = [f"{commit} 2026-11-20T09:30:00Z was {other}", f"{other} 2026-11-20T09:30:00Z was {commit}",
             f"{other} 9999-99-99T99:99:99Z", "\x1b[2J", "x" * 10_000, f"{commit} {FIRST} was ../../x"]  # fmt: skip
    read = {"op": "hydrate", "at": FIRST, "tree": "", "query": "\x1b[2J", "parameters": {}, "ids": [], "sha256": "../x"}
    made = hooked.git("hash-object", "-w", "--stdin", input="\n".join(lines))
    reads = hooked.git("hash-object", "-w", "--stdin", input=json.dumps(read))
    inner = hooked.git("mktree", input=f"100644 blob {made}\tcommits\n100644 blob {reads}\treads.jsonl\n")
    tree = hooked.git("mktree", input=f"040000 tree {inner}\t.session\n")
    evil = hooked.git("commit-tree", tree, "-m", "evil\n\nMem-Session: evil\nMem-Start: x")
    hooked.git("update-ref", "refs/heads/mem/sessions/evil", evil)
    assert asked(workspace, "a.py:1").session == "fix"
    with pytest.raises(MemError):
        replay_commit(workspace(), other)


def test_without_packs_replay_says_so(hooked: Repo, workspace: Open, mem: Mem) -> None:
    before = hooked.git("rev-parse", "HEAD")
    assert mem("replay", "--commit", before).code == 4
    resume_session(workspace(), "fix")
    start_session(workspace(), "silent")
    commit = hooked.commit("one")
    done = mem("replay", "--commit", commit, "--json")
    assert done.code == 4 and "silent" in done.error()["message"]
    assert mem("replay").code == 2 and mem("replay", "abcdef", "--commit", commit).code == 2
