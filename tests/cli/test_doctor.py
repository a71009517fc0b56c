"""`mem doctor` tries what commands do: it never says ok where one of them fails, and names the cause."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.conftest import Repo
from tests.forks import Forks

FAULTS = {
    "the lock is a directory": ("rm -f .git/mem/lock && mkdir .git/mem/lock", r"\.git/mem/lock"),
    "the journal is a file": ("rm -r .git/mem/journal && touch .git/mem/journal", r"\.git/mem/journal"),
    "the oplog is a directory": ("rm .git/mem/oplog && mkdir .git/mem/oplog", r"\.git/mem/oplog"),
    "the copies are a directory": ("rm .git/mem/pending && mkdir .git/mem/pending", r"\.git/mem/pending"),
    "the exclusions are a directory": ("mkdir .git/mem/exclude", r"cannot read .*exclude"),
    "the sessions' directory is a file": ("mv .mem gone && touch .mem", r"/\.mem"),
    "git forgot a worktree": ("rm -r .git/worktrees/w", r"git no longer knows the worktree .*/\.mem/w"),
    "a link leads nowhere": ("echo gitdir: /gone > .mem/w/.git && rm -r .git/worktrees/w", r"no longer knows"),
    "the store is checked out": ("git worktree add -q ../out mem/main", r"mem/main is checked out in .*/out"),
    "a ref is locked": ("touch .git/refs/heads/mem/main.lock", r"main\.lock keeps refs from being moved"),
    "packed refs are locked": ("touch .git/packed-refs.lock", r"packed-refs\.lock keeps refs from being moved"),
    "the tip is damaged": ("echo $(git rev-parse HEAD | tr 0-9a-f 1-9a-f0) > .git/refs/heads/mem/main", r"."),
    "the configuration is damaged": ("echo '[core' >> .git/config", r"bad config line"),
}
COMMANDS = (
    ("list",), ("recall", "deploys"), ("review", "w"), ("session", "save", "w"), ("add", "One more.", "--session", "w"),
    ("promote", "w", "--yes"), ("session", "start", "x", "--worktree"), ("undo",),
)  # fmt: skip


@pytest.fixture
def stored(repo: Repo, fork: Forks) -> Repo:
    for words in (
        ("init",),
        ("add", "Deploys happen on Tuesdays.", "--promote"),
        ("session", "start", "w", "--worktree"),
    ):
        assert fork.run(*words, cwd=repo.path).code == 0
    file = repo.write(".mem/w/semantic/pay/retries.md", "Retries are limited to seven.\n")
    assert file.exists() and fork.run("doctor", cwd=repo.path).code == 0
    return repo


@pytest.mark.parametrize("name", FAULTS)
def test_what_makes_commands_fail_is_found(stored: Repo, fork: Forks, name: str) -> None:
    script, message = FAULTS[name]
    subprocess.run(["sh", "-c", script], cwd=stored.path, check=True)
    found = fork.run("doctor", cwd=stored.path)
    results = {" ".join(words): fork.run(*words, cwd=stored.path) for words in COMMANDS}
    assert any(done.code in (1, 5) or "not committed yet" in done.err for done in results.values()), results
    assert found.code == 1 and re.search(message, found.out), found.out
    assert "Traceback" not in found.err


def test_a_trial_leaves_nothing_behind(stored: Repo, fork: Forks) -> None:
    def files() -> set[str]:
        return {str(path) for path in (stored.path / ".git/mem").rglob("*")}

    before = files()
    assert fork.run("doctor", cwd=stored.path).code == 0 and files() == before


def test_without_a_store_nothing_is_tried(repo: Repo, fork: Forks) -> None:
    assert fork.run("doctor", cwd=repo.path).code == 1
    assert not (repo.path / ".git/mem/journal").exists() and not (repo.path / ".mem").exists()
