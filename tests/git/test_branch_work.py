"""What a branch has done, read from real repositories of every shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from memcli.git.branch_work import MOST_COMMITS, MOST_FILES, BranchWork, default_branch, work_of_branch
from memcli.git.discovery import discover
from tests.conftest import Repo


def worked(repo: Repo, said: str = "") -> BranchWork:
    return work_of_branch(discover(repo.path), said)


def default(repo: Repo, said: str = "") -> str | None:
    found = default_branch(discover(repo.path), said)
    return found[0] if found else None


def test_since_it_left_the_default_branch(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("first: on the side", {"a.py": "1\n"})
    repo.git("checkout", "-q", "main")
    repo.commit("not of the branch", {"main.py": "1\n"})
    repo.git("checkout", "-q", "side")
    repo.git("merge", "-q", "--no-edit", "main")
    repo.commit("second: on the side\n\nwith a body", {"src/app.py": "RETRIES = 9\n", "écran.py": "1\n"})
    done = worked(repo)
    assert (done.branch, done.base, done.commits) == ("side", "main", 2)
    assert done.subjects == ("second: on the side", "first: on the side")
    assert done.files == ("src/app.py", "écran.py", "a.py")


def test_on_the_default_branch_and_beside_any(repo: Repo) -> None:
    for number in range(7):
        repo.commit(f"commit {number}", {f"{number}.py": "1\n"})
    done = worked(repo)
    assert (done.branch, done.base, done.commits) == ("main", "", 0)
    assert done.subjects == tuple(f"commit {number}" for number in (6, 5, 4, 3, 2))
    assert done.files == ("6.py", "5.py", "4.py", "3.py", "2.py")
    repo.git("branch", "-m", "main", "odd")
    assert worked(repo) == BranchWork("odd", "", 0, done.subjects, done.files)
    repo.git("checkout", "-q", "--detach")
    assert worked(repo).branch == "" and worked(repo).subjects == done.subjects


def test_bounds(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "long")
    commits = [f"commit refs/heads/long\ncommitter A <a@b> {n} +0000\ndata 2\nc\n" for n in range(MOST_COMMITS + 20)]
    commits[0] += "from refs/heads/long^0\n"
    repo.git("fast-import", "--quiet", "--force", input="".join(commits))
    repo.git("reset", "-q", "--hard")
    repo.commit("many files", {f"{number:03}.py": "1\n" for number in range(MOST_FILES + 20)})
    done = worked(repo)
    assert done.commits == MOST_COMMITS and len(done.files) == MOST_FILES


def test_where_there_is_nothing_to_read(repo: Repo, tmp_path: Path) -> None:
    empty = Repo(tmp_path / "empty")
    empty.path.mkdir()
    empty.git("init", "-q", "-b", "unborn")
    assert worked(empty) == BranchWork("unborn")
    repo.commit("two")
    shallow = Repo(tmp_path / "shallow")
    repo.git("clone", "-q", "--depth", "1", f"file://{repo.path}", str(shallow.path))
    assert worked(shallow).branch == "main"
    repo.git("checkout", "-q", "--orphan", "other")
    repo.commit("unrelated")
    assert worked(repo) == BranchWork("other", "main")
    repo.commit("more", {"more.py": "1\n"})
    assert worked(repo) == BranchWork("other", "main", 1, ("more",), ("more.py",))
    (repo.path / ".git/HEAD").write_text("f" * 40 + "\n")
    assert worked(repo) == BranchWork("", "main")


@pytest.mark.parametrize("packed", [False, True])
def test_which_branch_is_the_default(repo: Repo, packed: bool) -> None:
    repo.git("branch", "develop")
    repo.git("update-ref", "refs/remotes/origin/trunk", "HEAD")
    if packed:
        repo.git("pack-refs", "--all")
    assert (default(repo), default(repo, "develop"), default(repo, "refs/heads/develop")) == (
        "main", "develop", "develop")  # fmt: skip
    assert default(repo, "gone") == "main" and default(repo, "trunk") == "trunk"
    repo.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    assert default(repo, "develop") == "trunk"
    repo.git("update-ref", "-d", "refs/remotes/origin/trunk")
    assert default(repo) == "main"
    repo.git("checkout", "-q", "--detach")
    repo.git("branch", "-D", "main")
    assert default(repo) is None


def test_the_users_settings_change_nothing(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("moved and more", {"b.py": "RETRIES = 7\n" * 9})
    repo.git("mv", "b.py", "c.py")
    repo.commit("renamed\x01\x1b[31m")
    repo.git("commit", "-q", "--allow-empty", "--allow-empty-message", "-m", "")
    before = worked(repo)
    for name, value in (("log.showSignature", "true"), ("color.ui", "always"), ("diff.renames", "copies"),
                        ("log.mailmap", "true"), ("diff.external", "touch pwned"), ("core.pager", "touch pwned"),
                        ("format.pretty", "oneline"), ("log.decorate", "full"), ("diff.noprefix", "true"),
                        ("log.date", "relative"), ("diff.relative", "true"), ("gpg.program", "touch")):  # fmt: skip
        repo.git("config", name, value)
    assert (
        worked(repo) == before
        and before.files == ("b.py", "c.py")
        and before.commits == 3
        and not (repo.path / "pwned").exists()
    )
