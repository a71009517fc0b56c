"""A broken link, a missing part, a lack of permission and damage are each told as what they are."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Repo, Result
from tests.forks import Forks
from tests.users import GROUP, MEM, as_user, open_directory


@pytest.fixture
def stored(repo: Repo, fork: Forks) -> Repo:
    for words in (("init",), ("add", "Deploys happen on Tuesdays.", "--promote")):
        assert fork.run(*words, cwd=repo.path).code == 0
    return repo


BREAKAGES = {
    "a link that is none": ("garbage > ../linked/.git", "linked", "damaged: it is not a line 'gitdir: PATH'"),
    "a link that is empty": (": > ../linked/.git", "linked", "damaged: it is not a line 'gitdir: PATH'"),
    "a link into nothing": ("rm -r .git/worktrees/linked", "linked", r"leads to .*, which does not exist"),
    "a moved repository": ("mv ../repo ../moved", "linked", r"leads to .*, which does not exist"),
    "no common directory": ("echo ../gone > .git/worktrees/linked/commondir", "linked", r"/gone, .* does not exist"),
    "no HEAD": ("rm .git/HEAD", "repo", r"\.git/HEAD is missing"),
    "no HEAD, bare": ("rm ../bare.git/HEAD", "bare.git", r"bare\.git/HEAD is missing"),
    "no HEAD of a worktree": ("rm .git/worktrees/linked/HEAD", "linked", r"worktrees/linked/HEAD is missing"),
    "an empty HEAD": (": > .git/HEAD", "repo", r"HEAD names neither a branch nor a commit"),
    "a torn HEAD": ("printf ref:\\ re > .git/HEAD", "repo", r"HEAD names neither a branch nor a commit"),
    "no objects": ("mv .git/objects .git/gone", "repo", r"objects is missing"),
    "no refs": ("mv .git/refs .git/gone", "repo", r"refs is missing"),
    "a bad configuration": ("echo '[core' >> .git/config", "repo", r"bad config line \d+ in file .*config"),
    "an unknown format": ("git config core.repositoryFormatVersion 7", "repo", r"repo version <= 1, found 7"),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKAGES)
def test_what_is_broken_is_named(stored: Repo, fork: Forks, name: str) -> None:
    script, place, message = BREAKAGES[name]
    stored.git("worktree", "add", "-q", "../linked"), stored.git("clone", "-q", "--bare", ".", "../bare.git")
    home = stored.path.parent
    subprocess.run(["sh", "-c", script.replace("garbage", "echo garbage")], cwd=stored.path, check=True)
    for words in (("add", "One more claim."), ("review",), ("doctor",)):
        done = fork.run(*words, cwd=home / place)
        assert done.code == 1 or "not committed yet" in done.err, f"{words}: {done.out}{done.err}"
        assert re.search(message, done.out + done.err), f"{words}: {done.out}{done.err}"
        assert "fsck" not in done.err and "not inside a git repository" not in done.err
    hook = subprocess.run([*MEM, "hook", "git", "post-commit"], cwd=home / place, capture_output=True)
    assert hook.returncode == 0 and not hook.stderr


def test_what_mends_a_linked_worktree_after_a_move_is_named(stored: Repo, fork: Forks) -> None:
    home = stored.path.parent
    stored.git("worktree", "add", "-q", "../linked")
    stored.path.rename(home / "moved")
    hint = re.search(r"'git (worktree repair .*)' in", fork.run("list", cwd=home / "linked").err)
    assert hint
    Repo(home / "moved").git(*hint[1].split())
    assert fork.run("list", cwd=home / "linked").code == 0


def test_no_repository_at_all_is_no_store(tmp_path: Path, fork: Forks) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "objects").mkdir()
    done = fork.run("list", cwd=tmp_path)
    assert done.code == 3 and "not inside a git repository" in done.err


def test_git_dir_that_names_none(stored: Repo, fork: Forks) -> None:
    done = fork.run("list", cwd=stored.path, env={"GIT_DIR": "nowhere"})
    assert done.code == 3 and "GIT_DIR is not a git repository: nowhere" in done.err


def test_a_git_directory_that_is_none_is_passed_over(stored: Repo, fork: Forks) -> None:
    (stored.path / "src/.git").mkdir()
    assert fork.run("list", cwd=stored.path / "src").code == 0


def test_damage_is_still_damage(stored: Repo, fork: Forks) -> None:
    shutil.rmtree(stored.path / ".git/mem")
    tip = stored.git("rev-parse", "mem/main")
    (stored.path / ".git/objects" / tip[:2] / tip[2:]).chmod(0o644)
    (stored.path / ".git/objects" / tip[:2] / tip[2:]).write_bytes(b"garbage")
    done = fork.run("list", cwd=stored.path)
    assert done.code == 1 and "cannot be read" in done.err and "git reflog mem/main" in done.err


# permissions


@pytest.fixture
def owned() -> Iterator[Path]:
    """A repository with a store, of a user who keeps others out of nothing yet."""
    with open_directory() as home:
        place = home / "repo"
        place.mkdir()
        shutil.chown(place, GROUP + 1, GROUP)
        for words in (("git", "init", "-q"), ("git", "commit", "-q", "--allow-empty", "-m", "start"), (*MEM, "init"),
                      (*MEM, "add", "Deploys happen on Tuesdays.", "--promote")):  # fmt: skip
            assert as_user(GROUP + 1, *words, cwd=place).code == 0
        yield place


CLOSED = {
    "git directory": ("chmod 700 .git", r"cannot read .*/\.git: no permission"),
    "HEAD": ("chmod 600 .git/HEAD", r"cannot read .*/HEAD: no permission"),
    "configuration": ("chmod 600 .git/config", r"\.git/config': Permission denied"),
    "objects": ("chmod 700 .git/objects/??", r"cannot read .*/objects/..(/.*)?: no permission|[Pp]ermission denied"),
    "object": ("chmod 400 .git/objects/??/*", r"cannot read .*/objects/.*: no permission|[Pp]ermission denied"),
    "blobs": (
        "for id in $(git rev-list --objects mem/main | cut -c1-40); do test $(git cat-file -t $id) = blob"
        " && chmod 400 .git/objects/$(echo $id | cut -c1-2)/$(echo $id | cut -c3-); done; true",
        r"cannot read .*/objects/.*: no permission|[Pp]ermission denied",
    ),
    "packs": ("git gc -q && chmod 400 .git/objects/pack/*", r"cannot read .*: no permission|[Pp]ermission denied"),
    "refs": ("chmod 700 .git/refs/heads/mem", r"Permission denied"),
}


@pytest.mark.parametrize("name", CLOSED)
def test_a_lack_of_permission_is_no_damage(owned: Path, name: str) -> None:
    script, message = CLOSED[name]
    assert as_user(GROUP + 1, "sh", "-c", script, cwd=owned).code == 0

    def run(*words: str) -> Result:
        return as_user(GROUP + 2, *MEM, *words, cwd=owned, group=GROUP + 2)

    for words in (("recall", "deploys"), ("doctor",)):
        done = run(*words)
        assert done.code == 1 and re.search(message, done.out + done.err), f"{words}: {done.out}{done.err}"
        assert "fsck" not in done.out + done.err and "mem init" not in done.out + done.err
