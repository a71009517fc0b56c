"""Directories and refs are found with plain files, as git finds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from memcli.errors import Failure, NoStore
from memcli.git.layout import Layout, current_branch, discover, list_refs, read_ref
from tests.conftest import Repo


def _git_path(repo: Repo, name: str) -> Path:
    return (repo.path / repo.git("rev-parse", name)).resolve()


def test_from_a_subdirectory(repo: Repo) -> None:
    layout = discover(repo.path / "src")
    assert layout == Layout(repo.path / ".git", repo.path / ".git", repo.path)
    assert current_branch(layout) == "main"


def test_in_a_linked_worktree(repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "-q", "-b", "topic", str(tmp_path / "linked"))
    linked = Repo(tmp_path / "linked")
    layout = discover(linked.path)
    assert layout.common_dir == repo.path / ".git"
    assert layout.git_dir == _git_path(linked, "--git-dir")
    assert (layout.worktree, current_branch(layout)) == (linked.path, "topic")


def test_with_git_dir_set_as_a_hook_has_it(repo: Repo, tmp_path: Path) -> None:
    assert discover(repo.path, ".git").worktree == repo.path
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"))
    git_dir = str(_git_path(Repo(tmp_path / "linked"), "--git-dir"))
    assert discover(tmp_path, git_dir).worktree == tmp_path / "linked"


def test_a_bare_repository_has_no_worktree(repo: Repo, tmp_path: Path) -> None:
    repo.git("clone", "-q", "--bare", str(repo.path), str(tmp_path / "bare.git"))
    layout = discover(tmp_path / "bare.git" / "refs")
    assert (layout.worktree, layout.common_dir) == (None, tmp_path / "bare.git")
    assert layout.tree_dir == layout.mem_dir / "worktrees"


def test_a_submodule_has_its_own(repo: Repo, tmp_path: Path) -> None:
    repo.git("clone", "-q", str(repo.path), str(tmp_path / "inner"))
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(tmp_path / "inner"), "inner")
    assert discover(repo.path / "inner").common_dir == repo.path / ".git" / "modules" / "inner"


def test_outside_of_any_repository(tmp_path: Path) -> None:
    with pytest.raises(NoStore, match="not inside a git repository"):
        discover(tmp_path)


@pytest.mark.parametrize(("setting", "value"), [("objectformat", "sha256"), ("refstorage", "reftable")])
def test_formats_that_libgit2_cannot_open_are_refused(repo: Repo, setting: str, value: str) -> None:
    with (repo.path / ".git" / "config").open("a") as config:
        config.write(f"[extensions]\n\t{setting} = {value}\n")
    with pytest.raises(Failure, match=value):
        discover(repo.path)


def test_refs_are_the_same_loose_and_packed(repo: Repo) -> None:
    repo.git("branch", "mem/main")
    repo.git("update-ref", "refs/mem/sessions/one", "HEAD")
    head = repo.git("rev-parse", "HEAD")
    layout = discover(repo.path)
    before = list(list_refs(layout, "refs/"))
    repo.git("pack-refs", "--all")
    assert list(list_refs(layout, "refs/")) == before
    assert ("refs/mem/sessions/one", head) in before
    assert read_ref(layout, "HEAD") == read_ref(layout, "refs/heads/mem/main") == head
    assert read_ref(layout, "refs/heads/mem") is None


def test_a_loose_ref_hides_its_packed_value(repo: Repo) -> None:
    repo.git("pack-refs", "--all")
    new = repo.commit("second")
    assert read_ref(discover(repo.path), "refs/heads/main") == new
