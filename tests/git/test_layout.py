"""Directories are found with plain files, as git finds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from memcli.errors import Failure, NoStore
from memcli.git.discovery import discover, find
from memcli.git.layout import Layout, all_worktrees, linked_worktrees
from tests.conftest import Repo


def _git_path(repo: Repo, name: str) -> str:
    return str((repo.path / repo.git("rev-parse", name)).resolve())


def _directories(layout: Layout) -> tuple[str, str, str]:
    return layout.git_dir, layout.common_dir, layout.worktree


def test_from_a_subdirectory(repo: Repo) -> None:
    git_dir = str(repo.path / ".git")
    assert _directories(discover(repo.path / "src")) == (git_dir, git_dir, str(repo.path))


def test_in_a_linked_worktree(repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "-q", "-b", "topic", str(tmp_path / "linked"))
    linked = Repo(tmp_path / "linked")
    git_dir = _git_path(linked, "--git-dir")
    assert _directories(discover(linked.path)) == (git_dir, str(repo.path / ".git"), str(linked.path))
    assert list(linked_worktrees(discover(repo.path))) == [(git_dir, str(linked.path))]
    everywhere = [(str(repo.path / ".git"), str(repo.path)), (git_dir, str(linked.path))]
    assert list(all_worktrees(discover(repo.path))) == list(all_worktrees(discover(linked.path))) == everywhere


def test_a_linked_worktree_with_relative_paths(repo: Repo, tmp_path: Path) -> None:
    """As git 2.48 writes them with `worktree.useRelativePaths`."""
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"))
    entry = repo.path / ".git" / "worktrees" / "linked"
    (entry / "gitdir").write_text("../../../../linked/.git\n")
    (tmp_path / "linked" / ".git").write_text("gitdir: ../repo/.git/worktrees/linked\n")
    linked = str(tmp_path / "linked")
    assert _directories(discover(linked)) == (str(entry), str(repo.path / ".git"), linked)
    assert list(linked_worktrees(discover(repo.path))) == [(str(entry), linked)]


def test_with_git_dir_set_as_a_hook_has_it(repo: Repo, tmp_path: Path) -> None:
    assert discover(repo.path, ".git").worktree == str(repo.path)
    assert discover(tmp_path, str(repo.path / ".git")).worktree == str(repo.path)
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"))
    git_dir = _git_path(Repo(tmp_path / "linked"), "--git-dir")
    assert discover(tmp_path, git_dir).worktree == str(tmp_path / "linked")


def test_git_dir_names_another_repository_than_the_one_around(repo: Repo, tmp_path: Path) -> None:
    other = Repo(tmp_path / "other")
    other.path.mkdir()
    other.git("init", "-q")
    assert discover(other.path, str(repo.path / ".git")).worktree == str(repo.path)
    assert find(other.path, "nowhere") is None


def test_a_bare_repository_has_no_worktree(repo: Repo, tmp_path: Path) -> None:
    bare = str(tmp_path / "bare.git")
    repo.git("clone", "-q", "--bare", str(repo.path), bare)
    layout = discover(tmp_path / "bare.git" / "refs")
    assert _directories(layout) == (bare, bare, "")
    assert layout.tree_dir == f"{layout.mem_dir}/worktrees"


def test_a_submodule_has_its_own(repo: Repo, tmp_path: Path) -> None:
    repo.git("clone", "-q", str(repo.path), str(tmp_path / "inner"))
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(tmp_path / "inner"), "inner")
    git_dir = str(repo.path / ".git" / "modules" / "inner")
    for named in (None, git_dir):
        assert _directories(discover(repo.path / "inner", named)) == (git_dir, git_dir, str(repo.path / "inner"))


def test_from_a_directory_that_is_a_symbolic_link(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(repo.path / "src")
    assert discover(tmp_path / "link").worktree == str(repo.path)


def test_outside_of_any_repository(tmp_path: Path) -> None:
    assert find(tmp_path) is None
    with pytest.raises(NoStore, match="not inside a git repository"):
        discover(tmp_path)


@pytest.mark.parametrize(("setting", "value"), [("objectformat", "sha256"), ("refstorage", "reftable")])
def test_formats_that_libgit2_cannot_open_are_refused(repo: Repo, setting: str, value: str) -> None:
    with (repo.path / ".git" / "config").open("a") as config:
        config.write(f"[extensions]\n\t{setting} = {value}\n")
    with pytest.raises(Failure, match=value):
        discover(repo.path)
