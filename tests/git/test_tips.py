"""Refs as plain text say what `repo.layout` says."""

from __future__ import annotations

from collections.abc import Callable

from memcli.git.layout import list_refs, read_ref
from memcli.git.tips import is_commit, names, tip
from memcli.workspace import Workspace
from tests.conftest import Repo


def test_they_agree_on_loose_packed_symbolic_and_missing_refs(repo: Repo, workspace: Callable[..., Workspace]) -> None:
    first = repo.git("rev-parse", "HEAD")
    for name in ("packed", "both"):
        repo.git("update-ref", f"refs/mem/sessions/{name}", first)
    repo.git("tag", "-a", "-m", "tag", "v1")
    repo.git("pack-refs", "--all")
    second = repo.commit("two")
    for name in ("both", "loose"):
        repo.git("update-ref", f"refs/mem/sessions/{name}", second)
    repo.git("symbolic-ref", "refs/heads/other", "refs/heads/main")
    layout = workspace().layout
    git_dir, common = str(layout.git_dir), str(layout.common_dir)
    asked = ["HEAD", "refs/heads/main", "refs/heads/other", "refs/heads/none", "refs/tags/v1",
             *(f"refs/mem/sessions/{name}" for name in ("packed", "both", "loose", "none"))]  # fmt: skip
    for name in asked:
        assert tip(git_dir, common, name) == (read_ref(layout, name) or ""), name
    known = {name.removeprefix("refs/mem/sessions/") for name, _ in list_refs(layout, "refs/mem/sessions/")}
    assert set(names(common, "refs/mem/sessions/")) == known == {"packed", "both", "loose"}
    assert names(common, "refs/mem/sessions/")[-1] == "packed" and names(common, "refs/mem/none/") == []


def test_what_is_no_commit_is_none(repo: Repo) -> None:
    place = repo.path / ".git" / "refs" / "heads"
    for text in ("", "rubbish", "f" * 39, "F" * 40, "ref: refs/heads/bad", "\x00"):
        (place / "bad").write_text(text)
        assert tip(str(repo.path / ".git"), str(repo.path / ".git"), "refs/heads/bad") == "" and not is_commit(text)
