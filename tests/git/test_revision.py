"""Which commit a caller's text names; it never reaches git's own parser of revisions."""

from __future__ import annotations

from pathlib import Path

import pytest

from memcli.errors import NotFound
from memcli.git.discovery import discover
from memcli.git.odb import Odb
from memcli.git.revision import resolve_commit
from tests.conftest import Repo


def resolved(directory: Path, text: str) -> str:
    layout = discover(directory)
    return resolve_commit(Odb(layout), layout, text)


def test_names_and_steps_along_first_parents(repo: Repo) -> None:
    first = repo.commit("first", {"a": "1"})
    repo.git("switch", "-q", "-c", "side")
    side = repo.commit("side", {"b": "1"})
    repo.git("switch", "-q", "main")
    second = repo.commit("second", {"a": "2"})
    repo.git("merge", "-q", "--no-edit", "side")
    repo.git("tag", "-a", "-m", "a tag", "v1")
    for text in ("HEAD^", "main~1", "v1~", "v1~0^", "HEAD~1", second, second[:7].upper()):
        assert resolved(repo.path, text) == second
    for text in ("HEAD~2", "HEAD^^", "HEAD^~1", f"{second[:8]}~", "refs/heads/side~1"):
        assert resolved(repo.path, text) == first
    assert resolved(repo.path, "side") == side


def test_head_is_that_of_the_callers_worktree(repo: Repo, tmp_path: Path) -> None:
    first = repo.commit("first", {"a": "1"})
    repo.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"), first)
    repo.commit("second", {"a": "2"})
    assert resolved(tmp_path / "linked", "HEAD") == first


@pytest.mark.parametrize(
    "text",
    ["no-such", "", "HEAD~99", "HEAD^2", "HEAD~99999", "~", "^", "--all", "\0", "@{-1}", ":/first", "HEAD^{tree}"],
)
def test_what_names_no_commit_is_not_found(repo: Repo, text: str) -> None:
    repo.commit("first", {"a": "1"})
    with pytest.raises(NotFound, match="is not a commit here") as refused:
        resolved(repo.path, text)
    assert "a branch or a tag" in refused.value.hint
