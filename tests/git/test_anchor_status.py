"""What became of code paths, in real repositories."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.core.memory.anchors import matches
from memcli.git.anchor_status import PathQuery, PathStatus, path_statuses
from memcli.git.code_tree import NO_FILE, Code
from memcli.git.discovery import discover
from memcli.git.odb import Odb
from tests.conftest import Repo

LONG = "".join(f"line {number} of it\n" for number in range(40))
Look = Callable[..., PathStatus]


@pytest.fixture
def look(repo: Repo) -> Look:
    """`look(path, confirmed, noted, blob=None)` at HEAD."""

    def looked(path: str, *commits: str, blob: str | None = None, root: Path = repo.path) -> PathStatus:
        head = Repo(root).git("rev-parse", "HEAD")
        code = Code(Odb(discover(root)), head, matches)
        return path_statuses(code, [PathQuery(path, blob, *commits)])[0]

    return looked


def blob(repo: Repo, path: str, at: str = "HEAD") -> str:
    return repo.git("rev-parse", f"{at}:{path}")


def test_unchanged_changed_and_gone(repo: Repo, look: Look) -> None:
    was = repo.commit("one", {"a.py": LONG})
    first = blob(repo, "a.py")
    assert look("a.py", was) == look("./a.py", was[:8]) == PathStatus((first,), first)
    assert look("a.py", blob=first[:8]) == PathStatus((first[:8],), first)
    assert look("a.py") == PathStatus((), first)
    repo.commit("two", {"a.py": LONG + "more\n"})
    assert look("a.py", was) == PathStatus((first,), blob(repo, "a.py"))
    repo.git("rm", "-q", "a.py")
    repo.commit("three")
    assert look("a.py", was, blob=first[:8]) == PathStatus((first, first[:8]), None)
    assert look("a.py") == PathStatus((), None)


def test_what_was_confirmed_and_what_was_noted(repo: Repo, look: Look) -> None:
    """The commit of the writing tells where nobody noted a blob; that of the confirmation always."""
    first = repo.commit("one", {"a.py": LONG})
    second = repo.commit("two", {"a.py": LONG + "more\n", "b.py": LONG})
    one, two = blob(repo, "a.py", first), blob(repo, "a.py")
    assert look("a.py", second, first, blob=one[:8]).earlier == (two, one[:8])
    assert look("a.py", "f" * 40, first, blob=two[:8]).earlier == (two[:8],)
    assert look("a.py", "f" * 40, first).earlier == (one,)
    assert look("b.py", first, second).earlier == (one,), "it was not there when it was confirmed"


def test_renamed_and_renamed_with_changes(repo: Repo, look: Look) -> None:
    was = repo.commit("one", {"lib/a.py": LONG, "lib/b.py": LONG.replace("it", "that")})
    first, second = blob(repo, "lib/a.py"), blob(repo, "lib/b.py")
    repo.git("mv", "lib/a.py", "core.py")
    repo.git("mv", "lib/b.py", "other.py")
    repo.commit("two", {"other.py": LONG.replace("it", "that") + "more\n"})
    assert look("lib/a.py", was) == PathStatus((first,), None, "core.py", first)
    assert look("lib/b.py", was) == PathStatus((second,), None, "other.py", blob(repo, "other.py"))
    assert look("lib/a.py", blob=first[:8]) == PathStatus((first[:8],), None, "core.py", first)
    assert look("lib/b.py", blob=second[:8]) == PathStatus((second[:8],), None)


def test_what_was_there_before_is_no_new_place(repo: Repo, look: Look) -> None:
    """A copy that was always there, and empty files, which are all alike."""
    was = repo.commit("one", {"a.py": LONG, "copy.py": LONG, "x/__init__.py": ""})
    repo.git("rm", "-q", "a.py", "x/__init__.py")
    repo.commit("two", {"y/__init__.py": ""})
    assert look("a.py", was).moved_to is None
    assert look("x/__init__.py", was).moved_to is None
    assert look("x/__init__.py", blob="e69de29b").moved_to is None


def test_of_two_places_the_one_of_the_same_name(repo: Repo, look: Look) -> None:
    was = repo.commit("one", {"src/pay/a.py": LONG})
    repo.git("rm", "-q", "src/pay/a.py")
    repo.commit("two", {"aaa.py": LONG, "src/billing/a.py": LONG})
    assert look("src/pay/a.py", was).moved_to == look("src/pay/a.py", blob=blob(repo, "aaa.py")).moved_to
    assert look("src/pay/a.py", was).moved_to == "src/billing/a.py"


def test_many_new_files_leave_the_likeliest_to_compare(repo: Repo, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("memcli.git.renames.COMPARED", 3)
    was = repo.commit("one", {"z/a.py": LONG})
    repo.git("rm", "-q", "z/a.py")
    repo.commit("two", {f"new{number}.txt": f"{number}\n" for number in range(9)} | {"zz/a.py": LONG + "more\n"})
    assert look("z/a.py", was).moved_to == "zz/a.py"


def test_directories_are_there_or_have_moved_together(repo: Repo, look: Look) -> None:
    was = repo.commit("one", {"src/pay/a.py": LONG, "src/pay/b.py": LONG.replace("it", "b"), "docs/x.md": "x\n"})
    repo.commit("two", {"src/pay/a.py": LONG + "more\n"})
    assert look("src/pay/", was) == look("src/pay", was) == PathStatus((NO_FILE,), NO_FILE)
    repo.git("mv", "src/pay", "src/billing")
    repo.git("rm", "-q", "docs/x.md")
    repo.commit("three")
    assert look("src/pay/", was) == PathStatus((NO_FILE,), None, "src/billing", NO_FILE)
    assert look("docs", was) == PathStatus((NO_FILE,), None)
    assert look(".", was).present == NO_FILE


def test_globs_are_there_while_something_matches(repo: Repo, look: Look) -> None:
    was = repo.commit("one", {"src/pay/a.py": LONG})
    for glob in ("src/*.py", "src/pay/?.py", "*.md", "src/[ab]*.py"):
        assert look(glob, was) == PathStatus((), NO_FILE), glob
    for glob in ("src/*.rs", "nowhere/*", "src/pay/a.p[x]"):
        assert look(glob, was, blob="12345678") == PathStatus((), None), glob


def test_links_and_submodules(repo: Repo, look: Look, tmp_path: Path) -> None:
    """A link is what it points to, as text, and never followed; a submodule is there or not."""
    repo.git("clone", "-q", str(repo.path), str(tmp_path / "inner"))
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(tmp_path / "inner"), "inner")
    (repo.path / "link").symlink_to("src/app.py")
    repo.git("add", "link")
    was = repo.commit("one")
    assert look("inner", was) == PathStatus((NO_FILE,), NO_FILE) and look("inner/README.md", was) == PathStatus(
        (), None
    )
    assert look("link", was).present == blob(repo, "link")
    repo.commit("two", {"src/app.py": "RETRIES = 8\n"})
    assert look("link", was) == PathStatus((blob(repo, "link"),), blob(repo, "link"))
    (repo.path / "link").unlink()
    (repo.path / "link").symlink_to("/etc/passwd")
    repo.git("add", "link")
    repo.commit("three")
    assert look("link", was).present != look("link", was).earlier[0]


def test_a_file_that_became_a_directory(repo: Repo, look: Look) -> None:
    was = repo.commit("one", {"a": LONG})
    first = blob(repo, "a")
    repo.git("rm", "-q", "a")
    repo.commit("two", {"a/b.py": "other\n"})
    assert look("a", was) == PathStatus((first,), NO_FILE)


def test_commits_that_are_not_here_or_no_commits(repo: Repo, look: Look, tmp_path: Path) -> None:
    was = repo.commit("one", {"a.py": LONG})
    first, tree = blob(repo, "a.py"), repo.git("rev-parse", "HEAD^{tree}")
    repo.commit("two", {"a.py": LONG + "more\n"})
    for odd in ("f" * 40, tree, "HEAD~1", "main", "--all", "", "1234567", was + "0", "\ud800"):
        assert look("a.py", odd, blob=first[:8]) == PathStatus((first[:8],), blob(repo, "a.py")), odd
        assert look("a.py", odd, was) == PathStatus((first,), blob(repo, "a.py")), odd
    repo.git("clone", "-q", "--depth", "1", f"file://{repo.path}", str(tmp_path / "shallow"))
    assert look("a.py", was, root=tmp_path / "shallow") == PathStatus((), blob(repo, "a.py"))


@pytest.mark.parametrize("path", ["", "/", "/etc/passwd", "../x", "a/../../x", "src/app.py/x", "\ud800", "a\0b", "~"])
def test_odd_paths_are_not_there(path: str, repo: Repo, look: Look) -> None:
    assert look(path, repo.git("rev-parse", "HEAD"), blob="12345678").present is None


def test_in_a_partial_clone_what_is_only_promised_is_fetched(repo: Repo, look: Look, tmp_path: Path) -> None:
    was = repo.commit("one", {"a.py": LONG})
    first = blob(repo, "a.py")
    repo.git("mv", "a.py", "b.py")
    repo.commit("two", {"b.py": LONG + "more\n"})
    repo.git("config", "uploadpack.allowFilter", "true")
    for name in ("near", "far"):
        repo.git("clone", "-q", "--filter=blob:none", f"file://{repo.path}", str(tmp_path / name))
    assert look("a.py", was, root=tmp_path / "near") == PathStatus((first,), None, "b.py", blob(repo, "b.py"))
    Repo(tmp_path / "far").git("remote", "set-url", "origin", str(tmp_path / "nowhere"))
    assert look("a.py", was, root=tmp_path / "far") == PathStatus((first,), None), "no network, no answer, no failure"


def test_brackets_in_a_name_are_no_glob_where_that_file_is(repo: Repo, look: Look) -> None:
    was = repo.commit("a page", {"app/[id]/page.tsx": LONG, "src/flat.py": LONG})
    assert look("app/[id]/page.tsx", was).present == blob(repo, "app/[id]/page.tsx")
    assert look("app/[id]", was).present == NO_FILE
    assert look("app/[ab]", was).present is None
    for glob in ("src/**/*.py", "./src/*.py", "**/*.py", "[r-t]rc/*.py", "src/*"):
        assert look(glob, was).present == NO_FILE, glob
    assert look("./lib/*.py", was).present is None and look("*.py", was).present is None
