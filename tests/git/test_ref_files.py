"""Refs are read from plain files as git reads them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from memcli.git.discovery import discover
from memcli.git.ref_files import current_branch, list_refs, read_ref, ref_times
from tests.conftest import Repo


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


def test_every_ref_is_read_as_git_reads_it(repo: Repo) -> None:
    first = repo.git("rev-parse", "HEAD")
    for name in ("packed", "both"):
        repo.git("update-ref", f"refs/mem/sessions/{name}", first)
    repo.git("tag", "-a", "-m", "tag", "v1")
    repo.git("pack-refs", "--all")
    second = repo.commit("two")
    for name in ("both", "loose"):
        repo.git("update-ref", f"refs/mem/sessions/{name}", second)
    repo.git("symbolic-ref", "refs/heads/other", "refs/heads/main")
    layout = discover(repo.path)
    refs = dict(line.split(" ") for line in repo.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines())
    assert dict(list_refs(layout, "refs/")) == refs
    assert read_ref(layout, "refs/mem/sessions/none") is None


def test_a_loose_ref_hides_its_packed_value(repo: Repo) -> None:
    repo.git("pack-refs", "--all")
    new = repo.commit("second")
    assert read_ref(discover(repo.path), "refs/heads/main") == new


def test_the_times_at_which_refs_were_moved(repo: Repo) -> None:
    for name in ("packed", "loose"):
        repo.git("update-ref", f"refs/mem/sessions/{name}", "HEAD")
        repo.git("pack-refs", "--all") if name == "packed" else None
    os.utime(repo.path / ".git/refs/mem/sessions/loose", (7.0, 7.0))
    (repo.path / ".git/refs/mem/sessions/loose.lock").touch()
    layout = discover(repo.path)
    assert ref_times(layout, "refs/mem/sessions/") == {"refs/mem/sessions/packed": 0.0, "refs/mem/sessions/loose": 7.0}
    assert ref_times(layout, "refs/mem/none/") == {}


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"", ""), (b"\n", ""), (b"rubbish\n", "rubbish"), (b"\xff\n", "\ufffd"), (b"ref: refs/heads/bad\n", None)],
)
def test_a_damaged_ref_gives_what_it_holds(repo: Repo, data: bytes, text: str | None) -> None:
    (repo.path / ".git/refs/heads/bad").write_bytes(data)
    assert read_ref(discover(repo.path), "refs/heads/bad") == text


def test_the_branch_that_is_checked_out(repo: Repo, tmp_path: Path) -> None:
    assert current_branch(discover(repo.path)) == "main"
    repo.git("worktree", "add", "-q", "-b", "topic", str(tmp_path / "linked"))
    assert current_branch(discover(tmp_path / "linked")) == "topic"
    repo.git("checkout", "-q", "--detach")
    assert current_branch(discover(repo.path)) is None
