"""What a branch's own history has deleted, in real repositories."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from memcli.git.deletions import deleted
from memcli.git.discovery import discover
from tests.conftest import Repo

Ask = Callable[..., dict[str, Sequence[str]]]


@pytest.fixture
def ask(repo: Repo) -> Ask:
    """`ask(path, …)`: which commits of HEAD's history deleted each."""

    def asked(*paths: str, at: str = "HEAD") -> dict[str, Sequence[str]]:
        found = deleted(discover(repo.path), repo.git("rev-parse", at), paths)
        return {path: [one.id for one in told] for path, told in found.items()}

    return asked


def drop(repo: Repo, path: str) -> str:
    repo.git("rm", "-q", "-r", path)
    return repo.commit(f"drop {path}")


def test_files_and_directories_newest_first(repo: Repo, ask: Ask) -> None:
    repo.commit("one", {"src/a.py": "a", "src/b.py": "b", "src/ä b.py": "c", "lib/c.py": "c"})
    first = drop(repo, "src/a.py")
    repo.commit("back", {"src/a.py": "a"})
    second = drop(repo, "src/a.py")
    third = drop(repo, "src/ä b.py")
    assert ask("src/a.py", "src", "src/ä b.py", "lib", "lib/c.py", "never.py", "rc/a.py", "src/a") == {
        "src": [third, second, first],
        "src/a.py": [second, first],
        "src/ä b.py": [third],
    }
    assert ask() == {}


def test_only_its_own_history_counts(repo: Repo, ask: Ask) -> None:
    repo.commit("one", {"a.py": "a", "b.py": "b"})
    repo.git("switch", "-q", "-c", "feature")
    repo.commit("new", {"new.py": "n"})
    gone = drop(repo, "new.py")
    other = drop(repo, "a.py")
    repo.git("switch", "-q", "main")
    repo.commit("two", {"b.py": "bb"})
    assert ask("a.py", "new.py") == {}
    repo.git("merge", "-q", "--no-edit", "feature")
    assert ask("a.py", "new.py") == {"a.py": [other], "new.py": [gone]}


def test_a_rename_is_a_deletion_here_whatever_else_is_asked_and_set(repo: Repo, ask: Ask) -> None:
    repo.git("config", "diff.renames", "copies")
    repo.commit("one", {"a.py": "a\n" * 20})
    repo.git("mv", "a.py", "b.py")
    renamed = repo.commit("rename")
    assert ask("a.py") == {"a.py": [renamed]} == ask("a.py", "b.py")


@pytest.mark.parametrize("place", ["", "src/", "src/deep/{}/", "{}/"])
def test_of_many_as_of_each(repo: Repo, ask: Ask, place: str) -> None:
    files = {f"{place}f{number}.py".format(number % 7): f"{number}\n" for number in range(40)}
    repo.commit("one", {**files, "other/kept.py": "k"})
    commits = {}
    for path in list(files)[::2]:
        commits[path] = [drop(repo, path)]
    drop(repo, "other/kept.py")
    assert ask(*files) == commits
    assert ask(*files, "other")["other"], "and a directory"


def test_names_are_literal(repo: Repo, ask: Ask) -> None:
    repo.commit("one", {"a.py": "a", "[a].py": "b"})
    gone = drop(repo, "a.py")
    assert ask("*.py", "[a].py", ":(glob)*.py") == {}
    assert ask("a.py") == {"a.py": [gone]}


def test_nothing_is_known_of_a_commit_that_is_not_here(repo: Repo) -> None:
    repo.commit("one", {"a.py": "a"})
    drop(repo, "a.py")
    assert deleted(discover(repo.path), "f" * 40, ["a.py"]) == {}
