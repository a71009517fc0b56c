"""Commits of a harness whose shell runs git without hooks: found at its next event, if they are surely its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from memcli.core.session.names import harness_session
from tests.conftest import Mem, Repo
from tests.operations.harness import Harness
from tests.waiting import eventually

COMMIT = "git -c core.hooksPath= commit -q --allow-empty"
GEMINI = harness_session("gemini-cli", "g1")


@pytest.fixture
def gemini(repo: Repo, mem: Mem, monkeypatch: pytest.MonkeyPatch) -> Iterator[Harness]:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert mem("init").code == 0
    assert mem("hooks", "install", "--git").code == 0
    harness = Harness.begin(repo.path, "g1", "gemini")
    harness.start()
    yield harness
    harness.process.kill()
    harness.process.communicate()


def recorded(repo: Repo, mem: Mem, session: str = GEMINI) -> list[str]:
    """The commits that a session has recorded, in order."""
    assert mem("review").code in (0, 6)
    text = repo.git("show", f"refs/mem/sessions/{session}:.session/commits")
    return [line.split(" ")[0] for line in text.splitlines()]


def test_commits_are_found_at_the_next_event(gemini: Harness, repo: Repo, mem: Mem) -> None:
    assert (
        gemini.shell(f"{COMMIT} -m one && {COMMIT} --amend -m two && git checkout -q -b other && {COMMIT} -m three")[0]
        == 0
    )
    repo.commit("typed by a person, whose git calls its hooks")
    by_hand, three, two, one = repo.git("log", "-g", "--format=%H", "--grep-reflog=commit", "-n", "4").splitlines()
    seen = repo.path / ".git/mem/live/.commits"
    assert eventually(lambda: seen.exists() and by_hand in seen.read_text())
    gemini.hook("pre-compact")
    gemini.hook("stop")
    assert recorded(repo, mem) == [one, two, two, three]
    assert gemini.shell(f"{COMMIT} -m four")[0] == 0
    gemini.hook("session-end", reason="exit")
    assert eventually(lambda: recorded(repo, mem)[-1] == repo.git("rev-parse", "HEAD"))


def test_with_another_living_session_none_is_attributed(gemini: Harness, repo: Repo, mem: Mem) -> None:
    other = Harness.begin(repo.path, "c1", "claude")
    other.start()
    assert gemini.shell(f"{COMMIT} -m one")[0] == 0
    gemini.hook("stop")
    other.kill()
    other.process.communicate()
    assert gemini.shell(f"{COMMIT} -m two")[0] == 0
    gemini.hook("stop")
    assert recorded(repo, mem) == [repo.git("rev-parse", "HEAD")]
