"""A store with a memory that was reviewed, one with an open question, and one of an agent that waits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Repo

QUEUE = "Failed webhooks go through the retry queue, at most 7 attempts."


def run_mem(place: Path, *arguments: str, input: str = "") -> str:
    """What `mem` prints in a directory."""
    command = [sys.executable, "-m", "memcli", *arguments]
    done = subprocess.run(command, cwd=place, input=input, capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """To be read only."""
    return made_shop(tmp_path_factory.mktemp("shop") / "repo")


@pytest.fixture
def own_shop(tmp_path: Path) -> Repo:
    """The same, to be written to."""
    return made_shop(tmp_path / "repo")


def made_shop(place: Path) -> Repo:
    """A repository with that store at a place that does not exist."""
    repo = Repo(place)
    place.mkdir()
    repo.git("init", "-q", "-b", "main")
    repo.commit("start", {"src/webhook.py": "RETRIES = 7\n"})
    run_mem(place, "init")
    memories = [
        {"body": QUEUE, "topic": "payments", "type": "decision", "key": "payments.retries", "evidence": "code",
         "paths": ["src/webhook.py"]},
        {"body": "Staging is reset on Mondays.", "topic": "ops"},
    ]  # fmt: skip
    run_mem(place, "add", "--batch", "-", "--promote", input="\n".join(map(json.dumps, memories)))
    path = repo.git("ls-tree", "-r", "--name-only", "mem/main", "semantic/ops/")
    text = repo.git("show", f"mem/main:{path}")
    put(
        repo,
        path,
        text.replace("status:", "attention:\n  - 'doubt: is this still so? (since 2026-11-20)'\nstatus:", 1) + "\n",
    )
    return repo


def put(repo: Repo, path: str, text: str) -> None:
    """Commit a file to the store as a forge would, past every check."""
    blob, other = repo.git("hash-object", "-w", "--stdin", input=text), repo.path / ".git" / "other-index"
    index = {"GIT_INDEX_FILE": str(other)}
    repo.git("read-tree", "mem/main", env=index)
    repo.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", env=index)
    commit = repo.git("commit-tree", repo.git("write-tree", env=index), "-p", "mem/main", "-m", "by hand")
    repo.git("update-ref", "refs/heads/mem/main", commit)
