"""Trees, differences and commits are those git makes; refs move only from where the caller saw them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memcli.errors import Conflict
from memcli.git import refs
from memcli.git.discovery import discover
from memcli.git.history import log
from memcli.git.objects import Delta, Move, Person
from memcli.git.odb import Odb
from memcli.git.pending_objects import PendingObjects
from tests.conftest import Repo

ADA = Person("Ada", "ada@example.com", datetime(2026, 11, 20, 9, 30, tzinfo=UTC))
NAMES = st.sampled_from(["a", "b", "c"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(lambda parts: "/".join([*parts[:-1], parts[-1] + ".md"]))
FILES = st.dictionaries(PATHS, st.sampled_from(["one", "two", "three"]), max_size=6)


@pytest.fixture
def odb(repo: Repo) -> Odb:
    return Odb(discover(repo.path))


def _tree(odb: Odb, files: dict[str, str]) -> str:
    blobs: dict[str, str | None] = {path: odb.write_blob(text.encode()) for path, text in files.items()}
    return odb.update(odb.empty_tree(), blobs)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(FILES, FILES)
def test_a_difference_applied_gives_the_other_tree(odb: Odb, old: dict[str, str], new: dict[str, str]) -> None:
    first, second = _tree(odb, old), _tree(odb, new)
    deltas = odb.diff(first, second)
    assert {delta.path for delta in deltas} == {
        path for path in old.keys() | new.keys() if old.get(path) != new.get(path)
    }
    assert odb.update(first, {delta.path: delta.new for delta in deltas}) == second
    assert set(odb.files(second)) == set(new)


def test_a_tree_is_the_one_git_writes(repo: Repo, odb: Odb) -> None:
    files = {"README.md": "# A project\n", "src/app.py": "RETRIES = 7\n"}
    assert _tree(odb, files) == repo.git("rev-parse", "HEAD^{tree}")


def test_links_and_submodules_are_no_files(repo: Repo, odb: Odb) -> None:
    (repo.path / "link.md").symlink_to("README.md")
    repo.git("add", "link.md")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{repo.git('rev-parse', 'HEAD')},sub.md")
    before = repo.git("rev-parse", "HEAD^{tree}")
    repo.git("commit", "-q", "-m", "odd")
    after = repo.git("rev-parse", "HEAD^{tree}")
    assert set(odb.files(after)) == {"README.md", "src/app.py"}
    assert odb.diff(before, after) == []


def test_a_ref_moves_only_from_where_it_was_seen(repo: Repo, odb: Odb) -> None:
    start, second = repo.git("rev-parse", "HEAD"), repo.commit("second")
    refs.move(odb, [Move("refs/mem/sessions/one", None, start)], "test", ADA)
    with pytest.raises(Conflict, match="has moved"):
        refs.move(odb, [Move("refs/mem/sessions/one", None, second)], "test", ADA)
    with pytest.raises(Conflict, match="has moved"):
        refs.move(odb, [Move("refs/mem/sessions/one", second, second)], "test", ADA)
    assert repo.git("rev-parse", "refs/mem/sessions/one") == start


def test_refs_move_all_or_none(repo: Repo, odb: Odb) -> None:
    start = repo.git("rev-parse", "HEAD")
    moves = [Move("refs/mem/sessions/new", None, start), Move("refs/heads/main", "0" * 40, start)]
    with pytest.raises(Conflict):
        refs.move(odb, moves, "test", ADA)
    assert refs.target(odb, "refs/mem/sessions/new") is None
    refs.move(odb, [moves[0], Move("refs/heads/main", start, None)], "test", ADA)
    assert refs.listed(odb, "refs/mem/sessions/") == {"refs/mem/sessions/new": start}
    assert refs.target(odb, "refs/heads/main") is None


def test_a_lock_of_another_process_is_a_conflict_that_names_it(repo: Repo, odb: Odb) -> None:
    (repo.path / ".git" / "refs" / "heads" / "main.lock").touch()
    head = repo.git("rev-parse", "HEAD")
    with pytest.raises(Conflict, match=r"main\.lock|locked"):
        refs.move(odb, [Move("refs/heads/main", head, head), Move("refs/mem/x", None, head)], "test", ADA)
    assert refs.target(odb, "refs/mem/x") is None


def test_objects_that_gc_took_are_written_again(repo: Repo, odb: Odb) -> None:
    commit = odb.write_commit(_tree(odb, {"a.md": "fresh"}), [], "fresh", ADA)
    odb.pending.keep([commit])
    repo.git("gc", "-q", "--prune=now")
    assert not repo.git("cat-file", "--batch-check", input=commit).startswith(f"{commit} commit")
    assert PendingObjects(odb.common).heal() == 3
    assert repo.git("show", f"{commit}:a.md") == "fresh"


def test_blame_names_the_commit_of_each_line(repo: Repo, odb: Odb) -> None:
    first = repo.commit("one", {"notes.md": "alpha\nbeta\n"})
    second = repo.commit("two", {"notes.md": "alpha\nbeta changed\ngamma\n"})
    assert odb.blame(second, "notes.md") == [first, second, second]


def test_deltas_say_what_came_and_went(odb: Odb) -> None:
    one, two = odb.write_blob(b"one"), odb.write_blob(b"two")
    first, second = _tree(odb, {"a.md": "one"}), _tree(odb, {"b/c.md": "two"})
    assert odb.diff(first, second) == [Delta("a.md", one, None), Delta("b/c.md", None, two)]
    assert odb.file(second, "b/c.md") == two and odb.file(second, "b") is None and odb.place(second, "b")
    assert Path("a.md").name not in odb.files(second)


@pytest.mark.parametrize(("seconds", "year"), [("1763631000", 2025), ("0", 1970), ("99999999999999", 1970)])
def test_a_commit_of_any_time_is_read(repo: Repo, odb: Odb, seconds: str, year: int) -> None:
    """Clocks have said such things, and other programs write them: a date that no calendar has stops nobody."""
    person = f"Ada <ada@example.com> {seconds} +0000"
    text = f"tree {odb.empty_tree()}\nauthor {person}\ncommitter {person}\n\nfar away\n"
    commit = repo.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", input=text)
    [told] = log(str(odb.common), [commit], 1)
    assert odb.commit(commit).at.year == told.at.year == year
