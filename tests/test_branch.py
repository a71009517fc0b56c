"""Which branch holds the store, and whether there is one: read as git reads it, mostly without git."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from memcli.branch import is_initialised, main_ref, open_sessions, store_tip
from memcli.git.discovery import discover
from tests.conftest import Mem, Repo

CONFIGS = {
    "plain": "[mem]\n\tbranch = memory/x\n",
    "another case": "[MeM]\n\tBranch = memory/x\n",
    "one line": "[mem]branch=memory/x\n",
    "one line with spaces": "[mem] branch = memory/x\n",
    "behind another section": "[other][mem] branch = memory/x\n",
    "quoted": '[mem]\n\tbranch = "memory/x" \n',
    "with a comment": "[mem] ; ours\n\tbranch = memory/x # of the team\n",
    "after other keys": '[mem]\n\tcurator = "tool [x] ; y"\n\tbranch = memory/x\n',
    "the last one counts": "[mem]\n\tbranch = a\n[user]\n\tname = x\n[mem]\n\tbranch = memory/x\n",
    "continued": "[mem]\n\tbranch = memory\\\n/x\n",
    "windows line ends": "[mem]\r\n\tbranch = memory/x\r\n",
    "after a branch section": '[branch "main"]\n\tremote = origin\n[mem]\n\tbranch = memory/x\n',
}
NOT_OURS = {
    "nothing": "",
    "commented out": "[mem]\n\t# branch = memory/x\n",
    "another section": "[memory]\n\tbranch = memory/x\n",
    "a subsection": '[mem "x"]\n\tbranch = memory/x\n',
    "another key": '[mem]\n\tcodeBranch = memory/x\n[branch "memory/x"]\n\tremote = origin\n',
    "a value that looks like it": '[user]\n\tname = "[mem] branch = memory/x"\n',
}


def append_config(repo: Repo, text: str) -> None:
    with (repo.path / ".git/config").open("a", newline="") as stream:
        stream.write(text)


@pytest.mark.parametrize("text", CONFIGS.values(), ids=CONFIGS)
def test_the_configured_branch_is_read_as_git_reads_it(repo: Repo, text: str) -> None:
    append_config(repo, text)
    assert repo.git("config", "mem.branch") == "memory/x"
    assert main_ref(discover(repo.path)) == "refs/heads/memory/x"


@pytest.mark.parametrize("text", NOT_OURS.values(), ids=NOT_OURS)
def test_anything_else_names_no_branch(repo: Repo, text: str) -> None:
    append_config(repo, text)
    assert main_ref(discover(repo.path)) == "refs/heads/mem/main"


@pytest.mark.parametrize(
    ("text", "asked"),
    [("", False), ('[mem]\n\tcurator = tool\n[branch "main"]\n\tremote = origin\n', False), (CONFIGS["plain"], True)],
)
def test_git_is_not_asked_unless_a_branch_may_be_configured(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, asked: bool
) -> None:
    append_config(repo, text)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\n")
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    assert main_ref(discover(repo.path)) == "refs/heads/mem/main"
    assert (tmp_path / "asked").exists() == asked


@pytest.mark.parametrize("section", ["include", 'INCLUDEIF "gitdir:**"'])
def test_files_that_the_config_includes_count(repo: Repo, section: str) -> None:
    (repo.path / "shared").write_text("[mem]\n\tbranch = memory/x\n")
    append_config(repo, f"[{section}]\n\tpath = ../shared\n")
    assert main_ref(discover(repo.path)) == "refs/heads/memory/x"


def test_a_worktrees_own_config_counts_there(repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"))
    repo.git("config", "extensions.worktreeConfig", "true")
    Repo(tmp_path / "linked").git("config", "--worktree", "mem.branch", "memory/x")
    assert main_ref(discover(tmp_path / "linked")) == "refs/heads/memory/x"
    assert main_ref(discover(repo.path)) == "refs/heads/mem/main"


def test_the_users_own_config_does_not_count(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own").write_text("[mem]\n\tbranch = memory/x\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "own"))
    for text in ("", "[include]\n\tpath = nowhere\n"):
        append_config(repo, text)
        assert main_ref(discover(repo.path)) == "refs/heads/mem/main"


def test_a_change_of_the_config_is_seen(repo: Repo) -> None:
    for name in ("memory/x", "memory/y"):
        repo.git("config", "mem.branch", name)
        assert main_ref(discover(repo.path)) == f"refs/heads/{name}"


def test_hooks_record_in_a_store_with_another_branch(repo: Repo, mem: Mem) -> None:
    assert mem("init", "--branch", "memory/x").code == 0
    assert mem("session", "start", "work").code == 0
    commit = repo.commit("work", {"a.txt": "a"})
    assert mem("hook", "git", "post-commit").code == 0
    assert any(commit in entry.read_text() for entry in (repo.path / ".git/mem/journal").iterdir() if entry.is_file())


def test_whether_there_is_a_store(repo: Repo, mem: Mem, tmp_path: Path) -> None:
    layout = discover(repo.path)
    assert store_tip(layout) is None and not is_initialised(layout)
    mem("init")
    tip = repo.git("rev-parse", "mem/main")
    assert store_tip(layout) == ("refs/heads/mem/main", tip) and is_initialised(layout)
    repo.git("clone", "-q", str(repo.path), str(tmp_path / "clone"))
    clone = discover(tmp_path / "clone")
    assert store_tip(clone) == ("refs/remotes/origin/mem/main", tip) and not is_initialised(clone)
    Repo(tmp_path / "clone").git("update-ref", "refs/remotes/a/mem/main", tip)
    assert store_tip(clone) == ("refs/remotes/a/mem/main", tip)
    Repo(tmp_path / "clone").git("update-ref", "refs/remotes/b/mem/main", "HEAD")
    assert store_tip(clone) is None  # which of them is meant, a person has to say with `git branch`


def test_open_sessions_are_those_with_a_ref(repo: Repo) -> None:
    for name in ("b", "a"):
        repo.git("update-ref", f"refs/mem/sessions/{name}", "HEAD")
    repo.git("pack-refs", "--all")
    repo.git("update-ref", "refs/mem/ended/c", "HEAD")
    assert open_sessions(discover(repo.path)) == ["a", "b"]
