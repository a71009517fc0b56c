"""A repository that was moved, mounted elsewhere or copied: every command works in its new place, the original of a
copy stays as it is, and the user's own worktrees are never touched."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from memcli.git.objects import Move
from memcli.state.publication import Publication
from memcli.workspace import Workspace
from tests.conftest import Repo, Result
from tests.forks import Forks

BODY = "Webhook retries are limited to seven.\n"


@dataclass
class Mover:
    """A repository in `home`, whose code worktree is `home/<tree>`; everything below `home` moves together."""

    fork: Forks
    home: Path
    tree: str

    @property
    def cwd(self) -> Path:
        return self.home / self.tree

    @property
    def files(self) -> Path:
        bare = self.cwd / "mem/worktrees/w"
        return bare if bare.exists() else self.cwd / ".mem/w"

    def __call__(self, *words: str, code: int = 0, cwd: Path | None = None) -> Result:
        done = self.fork.run(*words, cwd=cwd or self.cwd)
        assert done.code == code, f"mem {' '.join(words)}: {done.out}{done.err}"
        return done

    def start(self) -> None:
        self("init"), self("add", "Deploys happen on Tuesdays.", "--promote")
        self("session", "start", "w", "--worktree")
        (self.files / "semantic/pay").mkdir(parents=True)
        (self.files / "semantic/pay/retries.md").write_text(BODY)

    def move(self) -> None:
        moved = self.home.with_name("moved")
        self.home.rename(moved)
        self.home = moved


def plain(repo: Repo, home: Path) -> str:
    shutil.copytree(repo.path, home / "repo", symlinks=True)
    return "repo"


def linked(repo: Repo, home: Path) -> str:
    plain(repo, home)
    Repo(home / "repo").git("worktree", "add", "-q", "-b", "side", str(home / "side"))
    return "side"


def submodule(repo: Repo, home: Path) -> str:
    plain(repo, home)
    outer = Repo(home / "repo")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repo.path), "inner")
    return "repo/inner"


def separate_git_dir(repo: Repo, home: Path) -> str:
    repo.git("clone", "-q", "--separate-git-dir", str(home / "git"), str(repo.path), str(home / "tree"))
    (home / "tree/.git").write_text("gitdir: ../git\n")  # git writes an absolute path: the user's to mend
    return "tree"


def bare(repo: Repo, home: Path) -> str:
    repo.git("clone", "-q", "--bare", str(repo.path), str(home / "bare.git"))
    return "bare.git"


@pytest.fixture(params=(plain, linked, submodule, separate_git_dir, bare), ids=lambda make: make.__name__)
def mover(request: pytest.FixtureRequest, repo: Repo, fork: Forks, tmp_path: Path) -> Mover:
    make: Callable[[Repo, Path], str] = request.param
    home = tmp_path / "home"
    home.mkdir()
    mem = Mover(fork, home, make(repo, home))
    mem.start()
    mem.move()
    if make is linked:
        with pytest.raises(AssertionError, match=r"git worktree repair .*moved/side"):
            mem("status")
        Repo(mem.home / "repo").git("worktree", "repair", str(mem.cwd))
    return mem


COMMANDS: dict[str, tuple[str, ...]] = {
    "save": ("session", "save", "w"),
    "path": ("session", "path", "--session", "w", "--all"),
    "resume": ("session", "resume", "w", "--worktree"),
    "update": ("session", "update", "w"),
    "review": ("review", "w"),
    "close": ("session", "close", "w"),
    "promote": ("promote", "w", "--yes"),
    "add": ("add", "A claim.", "--session", "w"),
    "status": ("status",),
    "doctor": ("doctor",),
    "recall": ("recall", "deploys"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_works_after_the_move(mover: Mover, name: str) -> None:
    mover(*COMMANDS[name])


def test_what_was_written_before_the_move_is_promoted_after_it(mover: Mover) -> None:
    assert "retries.md" in mover("session", "save", "w").out
    (mover.files / "semantic/pay/more.md").write_text("Another note about pay.\n")
    mover("promote", "w", "--yes")
    store = Repo(mover.cwd).git("grep", "-h", ".", "mem/main", "--", "semantic")
    assert BODY.strip() in store and "Another note" in store
    assert not mover.files.exists()


def test_inside_the_sessions_files(mover: Mover) -> None:
    assert Repo(mover.files).git("status", "--porcelain", "--untracked-files=all").endswith("semantic/pay/retries.md")
    mover("session", "save", cwd=mover.files)
    assert "retries.md" in mover("review", "--json", cwd=mover.files).out
    assert str(mover.files) in Repo(mover.cwd).git("worktree", "list")


def test_a_directory_that_git_no_longer_knows_is_registered_again(fork: Forks, repo: Repo) -> None:
    mem = Mover(fork, repo.path.parent, "repo")
    mem.start()
    mem("session", "save", "w")
    (mem.files / "semantic/pay/more.md").write_text("Another note about pay.\n")
    shutil.rmtree(repo.path / ".git/worktrees/w")
    for words in (("session", "save", "w"), ("promote", "w", "--yes"), ("session", "close", "w")):
        assert "'mem session path --session w'" in mem(*words, code=1).err
    mem("session", "path", "--session", "w"), mem("promote", "w", "--yes")
    store = repo.git("grep", "-h", ".", "mem/main", "--", "semantic")
    assert store.count(BODY.strip()) == store.count("title: Another note about pay") == 1


def test_a_session_directory_that_vanished_is_made_again(fork: Forks, repo: Repo) -> None:
    mem = Mover(fork, repo.path.parent, "repo")
    mem.start()
    mem("session", "save", "w")
    shutil.rmtree(mem.files)
    mem("session", "path", "--session", "w")
    assert (mem.files / "semantic/pay/retries.md").exists()
    assert len(list((repo.path / ".git/worktrees").iterdir())) == 1


def test_a_worktree_that_was_half_made_is_completed(fork: Forks, repo: Repo) -> None:
    mem = Mover(fork, repo.path.parent, "repo")
    mem.start()
    (repo.path / ".git/worktrees/w/mem-session").unlink()  # the process was killed before it wrote this
    assert "'mem session path --session w'" in mem("session", "save", "w", code=1).err
    mem("session", "path", "--session", "w"), mem("promote", "w", "--yes")
    assert "title: Webhook" in repo.git("grep", "-h", "title", "mem/main", "--", "semantic")


def test_a_code_worktree_that_git_has_moved(fork: Forks, repo: Repo) -> None:
    repo.git("worktree", "add", "-q", "../side")
    mem = Mover(fork, repo.path.parent, "side")
    mem.start()
    repo.git("worktree", "move", "../side", "../elsewhere")
    mem.tree = "elsewhere"
    mem("session", "save", cwd=mem.files), mem("promote", "w", "--yes"), mem("doctor")
    assert not mem.files.exists()


def test_with_git_dir_set_after_a_move(fork: Forks, repo: Repo) -> None:
    mem = Mover(fork, repo.path.parent, "moved")
    Mover(fork, repo.path.parent, "repo").start()
    repo.path.rename(mem.cwd)
    common, entry = mem.cwd / ".git", mem.cwd / ".git/worktrees/w"
    for git_dir, cwd in ((common, mem.cwd), (common, mem.cwd / "src"), (common, repo.path.parent), (entry, mem.files)):
        env = {"GIT_DIR": str(git_dir), "GIT_COMMON_DIR": str(common)}
        done = fork.run("session", "save", "w", cwd=cwd, env=env)
        assert done.code == 0, done.err
    assert "retries.md" in fork.run("review", "--json", cwd=mem.files, env={"GIT_DIR": str(entry)}).out


# the user's worktrees


def test_a_users_worktree_of_a_sessions_name_stays(fork: Forks, repo: Repo) -> None:
    mem = Mover(fork, repo.path.parent, "repo")
    repo.git("worktree", "add", "-q", "-b", "w", "../w")
    staged = Repo(repo.path.parent / "w")
    staged.write("new.txt", "staged\n"), staged.git("add", "new.txt")
    mem.start()
    (repo.path.parent / "w").rename(repo.path.parent / "away")
    shutil.rmtree(mem.files)
    mem("session", "path", "--session", "w"), mem("session", "close", "w")
    (repo.path.parent / "away").rename(repo.path.parent / "w")
    assert staged.git("status", "--porcelain") == "A  new.txt"


def test_a_users_worktree_where_a_sessions_files_would_be(fork: Forks, repo: Repo) -> None:
    mem = Mover(fork, repo.path.parent, "repo")
    mem("init"), mem("session", "start", "w")
    repo.git("worktree", "add", "-q", "-b", "own", ".mem/w")
    before = _bytes(repo.path / ".git/worktrees")
    assert "in the way" in mem("session", "path", "--session", "w", code=1).err
    (repo.path / ".mem/w").rename(repo.path.parent / "away")
    assert "not mem's" in mem("session", "path", "--session", "w", code=1).err
    assert _bytes(repo.path / ".git/worktrees") == before


def test_a_branch_that_was_checked_out_in_a_sessions_files_is_kept(fork: Forks, repo: Repo) -> None:
    mem = Mover(fork, repo.path.parent, "repo")
    mem.start()
    Repo(mem.files).git("switch", "-q", "-c", "mine")
    shutil.rmtree(mem.files)
    assert "mine checked out" in mem("session", "path", "--session", "w", code=1).err
    assert (repo.path / ".git/worktrees/w/HEAD").read_text() == "ref: refs/heads/mine\n"


# copies


def _bytes(root: Path) -> dict[str, str]:
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_copy_leaves_its_original_alone(fork: Forks, repo: Repo) -> None:
    home = repo.path.parent
    repo.git("worktree", "add", "-q", "-b", "side", "../side")
    original = Mover(fork, home, "repo")
    original.start()
    original("session", "start", "on-side", "--worktree", cwd=home / "side")
    (home / "side/.mem/on-side/semantic/pay").mkdir(parents=True)
    (home / "side/.mem/on-side/semantic/pay/side.md").write_text("Written on the side.\n")
    (home / "side/.mem/spool").mkdir(exist_ok=True)
    shutil.copytree(repo.path, home / "copy", symlinks=True)
    before = {**_bytes(repo.path), **_bytes(home / "side")}
    copy = Mover(fork, home, "copy")
    copy("list", cwd=copy.files), copy("session", "save", cwd=copy.files)
    copy("session", "start", "other", "--worktree"), copy("session", "path", "--session", "on-side")
    copy("status"), copy("doctor"), copy("promote", "w", "--yes"), copy("session", "close", "on-side")
    assert {**_bytes(repo.path), **_bytes(home / "side")} == before
    original("session", "save", "on-side", cwd=home / "side"), original("promote", "w", "--yes")


def test_a_copy_of_a_worktree_alone_says_where_the_files_are(fork: Forks, repo: Repo) -> None:
    home = repo.path.parent
    repo.git("clone", "-q", "--separate-git-dir", "../git", ".", "../tree")
    mem = Mover(fork, home, "tree")
    mem.start()
    shutil.copytree(home / "tree", home / "copy", symlinks=True)
    assert f"copy of {home}/tree/.mem/w" in mem("session", "save", "w", code=1, cwd=home / "copy").err
    mem("promote", "w", "--yes")


def test_an_operation_that_was_killed_is_completed_in_the_copy_alone(
    fork: Forks, repo: Repo, workspace: Callable[..., Workspace]
) -> None:
    """The intent names journal entries: those of the repository that it lies in."""
    mem, copy = Mover(fork, repo.path.parent, "repo"), repo.path.with_name("copy")
    mem("init")
    here = workspace()
    entry = here.actor.entry("start", "w")
    here.journal.append(entry)
    tip = repo.git("rev-parse", "mem/main")
    publication = Publication("mem start", (Move("refs/heads/mem/main", None, tip),), (), (entry.op,))
    (repo.path / ".git/mem/intent").write_text(publication.to_json())
    shutil.copytree(repo.path, copy)
    mem("add", "Written in the copy.", cwd=copy)
    assert (repo.path / ".git/mem/journal" / entry.op).exists()
    assert (repo.path / ".git/mem/intent").exists() and not (copy / ".git/mem/intent").exists()
    assert not (copy / ".git/mem/journal" / entry.op).exists()
