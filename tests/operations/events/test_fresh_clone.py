"""Hooks in a fresh clone, whose only store is `origin/mem/main`: they read from there and say how to begin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Mem, Repo
from tests.operations.harness import Harness


@pytest.fixture
def clone(repo: Repo, mem: Mem, tmp_path: Path) -> Repo:
    """A clone of a repository whose store holds a memory about webhooks."""
    mem("init")
    mem("add", "Webhooks are retried at most 7 times.", "--path", "src/app.py", "--type", "constraint", "--promote")
    repo.git("clone", "-q", str(repo.path), str(tmp_path / "clone"))
    return Repo(tmp_path / "clone")


@pytest.fixture
def agent(clone: Repo) -> Iterator[Harness]:
    harness = Harness.begin(clone.path, "one")
    yield harness
    harness.kill()


def refs(repo: Repo) -> str:
    return repo.git("for-each-ref", "--format=%(refname) %(objectname)")


def test_a_session_start_reads_from_the_remote_branch_and_says_how_to_begin(clone: Repo, agent: Harness) -> None:
    before = refs(clone)
    for source in ("startup", "resume", "compact"):
        text = agent.start(source)
        assert "Webhooks are retried at most 7 times" in text
        assert "run 'mem init'" in text.lower() and "session is" not in text
    assert refs(clone) == before


def test_prompts_and_edits_are_answered_from_the_remote_branch(agent: Harness) -> None:
    told = agent.hook("prompt", prompt="How often are webhooks retried?")
    assert "at most 7 times" in told["hookSpecificOutput"]["additionalContext"]
    told = agent.hook("pre-edit", tool_input={"file_path": str(agent.place / "src/app.py")})
    assert "at most 7 times" in told["hookSpecificOutput"]["additionalContext"]


def test_recording_hooks_leave_no_store_no_session_and_no_journal(clone: Repo, agent: Harness) -> None:
    before = refs(clone)
    for event in ("stop", "subagent-stop", "save", "pre-compact", "post-compact", "session-end"):
        assert agent.hook(event) == {}
    for event in ("post-commit", "post-rewrite", "prepare-commit-msg", "post-merge", "post-checkout"):
        assert agent.run("hook", "git", event) == (0, "", "")
    assert refs(clone) == before
    assert not (clone.path / ".git/mem/journal").exists() and not (clone.path / ".mem").exists()


def test_doctor_finds_nothing_wrong_and_says_how_to_begin(clone: Repo, agent: Harness, mem: Mem) -> None:
    agent.start()
    agent.hook("session-end")
    done = mem("doctor", cwd=clone.path)
    assert (done.code, "BAD" in done.out) == (0, False)
    assert "not initialised in this clone" in done.out and "run 'mem init'" in done.out
    assert "hook claude.session-start: last success" in done.out


def test_after_init_the_next_start_starts_a_session(clone: Repo, agent: Harness, mem: Mem) -> None:
    agent.start()
    assert mem("init", cwd=clone.path).code == 0
    assert "session is" in agent.start("resume")
    assert "refs/mem/sessions/claude-code-" in refs(clone)
    assert "mem is initialised" in mem("doctor", cwd=clone.path).out


def test_without_any_store_a_hook_says_nothing_and_leaves_nothing(repo: Repo, mem: Mem) -> None:
    assert mem("hook", "claude", "session-start", input='{"session_id": "one"}').out == "{}\n"
    assert not (repo.path / ".git/mem").exists()
