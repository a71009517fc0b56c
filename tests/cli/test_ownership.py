"""mem works in a repository of somebody else's exactly where git does, and says what git says where it does not."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import Repo, Result
from tests.forks import Forks

NOBODY = 65_534


class Foreign:
    """A repository with a store, of which parts belong to somebody else; `home` holds the caller's configuration."""

    def __init__(self, repo: Repo, fork: Forks) -> None:
        self.repo, self._fork, self.home = repo, fork, repo.path.parent / "home"
        self.home.mkdir()
        self.config = self.home / ".gitconfig"
        self.env = {**os.environ, "HOME": str(self.home), "GIT_CONFIG_GLOBAL": str(self.config)}

    def give_away(self, *places: Path) -> None:
        for place in places:
            subprocess.run(["chown", "-R", str(NOBODY), str(place)], check=True)

    def mem(self, *words: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Result:
        return self._fork.run(*words, cwd=cwd or self.repo.path, env={**self.env, **(env or {})})

    def git(self, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        full = {**self.env, **(env or {}), "LC_ALL": "C"}
        return subprocess.run(["git", "rev-parse", "--git-dir"], cwd=cwd, env=full, capture_output=True, text=True)

    def agrees(self, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> bool:
        """Whether git works there; asserts that mem says the same."""
        place = cwd or self.repo.path
        git, mem = self.git(place, env), self.mem("list", cwd=place, env=env)
        assert (git.returncode == 0) == (mem.code == 0), f"{git.stderr} {mem.err}"
        if mem.code:
            assert mem.code == 1 and "fsck" not in mem.err
            assert git.stderr.partition("\n")[0].removeprefix("fatal: ") in mem.err
        return mem.code == 0


@pytest.fixture
def foreign(repo: Repo, fork: Forks) -> Foreign:
    if os.getuid() != 0:
        pytest.skip("needs root to give files to another user")
    assert fork.run("init", cwd=repo.path).code == 0
    assert fork.run("add", "Deploys happen on Tuesdays.", "--promote", cwd=repo.path).code == 0
    repo.git("worktree", "add", "-q", str(repo.path.parent / "linked"))
    repo.git("clone", "-q", "--bare", str(repo.path), str(repo.path.parent / "bare.git"))
    return Foreign(repo, fork)


def _places(foreign: Foreign) -> dict[str, Path]:
    root = foreign.repo.path
    return {"root": root, "subdirectory": root / "src", "git directory": root / ".git",
            "linked": root.parent / "linked", "bare": root.parent / "bare.git"}  # fmt: skip


VALUES = ("", "ROOT", "ROOT/", "ROOT/.git", "ROOT/*", "HOME/*", "HOME", "*", "PLACE", "PLACE/", "~/../repo", "../repo")


def _setting(foreign: Foreign, value: str, place: Path) -> str:
    root = foreign.repo.path
    return value.replace("ROOT", str(root)).replace("HOME", str(root.parent)).replace("PLACE", str(place))


@pytest.mark.parametrize("value", VALUES)
def test_the_setting_means_what_git_takes_it_for(foreign: Foreign, value: str) -> None:
    foreign.give_away(foreign.repo.path, *list(_places(foreign).values())[3:])
    for place in _places(foreign).values():
        foreign.config.write_text(f'[safe]\n\tdirectory = "{_setting(foreign, value, place)}"\n')
        foreign.agrees(place)


def test_an_empty_value_takes_back_what_came_before(foreign: Foreign) -> None:
    foreign.give_away(foreign.repo.path)
    foreign.config.write_text('[safe]\n\tdirectory = *\n\tdirectory = ""\n')
    assert not foreign.agrees()
    foreign.config.write_text('[safe]\n\tdirectory = ""\n\tdirectory = *\n')
    assert foreign.agrees()


def test_where_the_setting_may_stand(foreign: Foreign) -> None:
    path = foreign.repo.path
    foreign.give_away(path)
    assert not foreign.agrees()
    foreign.repo.git("-c", f"safe.directory={path}", "config", "safe.directory", "*")
    assert not foreign.agrees(), "a repository may not trust itself"
    counted = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": str(path)}
    assert foreign.agrees(env=counted) and foreign.agrees(env={"GIT_CONFIG_PARAMETERS": "'safe.directory'='*'"})
    (foreign.home / "more").write_text(f"[safe]\n\tdirectory = {path}\n")
    foreign.config.write_text("[include]\n\tpath = more\n")
    assert foreign.agrees()
    system = {
        "GIT_CONFIG_NOSYSTEM": "0",
        "GIT_CONFIG_SYSTEM": str(foreign.home / "more"),
        "GIT_CONFIG_GLOBAL": "/dev/null",
    }
    assert foreign.agrees(env=system)


def test_every_command_works_with_the_environments_configuration(foreign: Foreign) -> None:
    """Which no other process of git is given."""
    foreign.give_away(foreign.repo.path)
    env = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": str(foreign.repo.path)}
    for words in (("session", "start", "w", "--worktree"), ("add", "One more claim."), ("session", "save", "w"),
                  ("recall", "deploys"), ("hydrate", "--path", "src/app.py"), ("why", "src/app.py:1"),
                  ("promote", "w", "--yes"), ("undo",), ("dream",), ("bootstrap",), ("doctor",)):  # fmt: skip
        done = foreign.mem(*words, env=env)
        assert done.code == 0, f"{words}: {done.out}{done.err}"


@pytest.mark.parametrize("part", [".git", ".", "../linked/.git", "../linked", ".git/worktrees/linked", "src"])
def test_whose_part_counts(foreign: Foreign, part: str) -> None:
    os.chown(foreign.repo.path / part, NOBODY, -1)
    for place in _places(foreign).values():
        foreign.agrees(place)


@pytest.mark.parametrize("part", [".git", "../elsewhere"])
def test_whose_part_counts_where_the_git_directory_is_a_symbolic_link(foreign: Foreign, part: str) -> None:
    git_dir = foreign.repo.path / ".git"
    git_dir.rename(foreign.repo.path.parent / "elsewhere")
    git_dir.symlink_to("../elsewhere")
    os.chown(foreign.repo.path / part, NOBODY, -1, follow_symlinks=False)
    foreign.agrees(foreign.repo.path), foreign.agrees(foreign.repo.path / "src")


@pytest.mark.parametrize("user", [str(NOBODY), "1", "x"])
def test_sudo_counts_as_its_caller(foreign: Foreign, user: str) -> None:
    foreign.give_away(foreign.repo.path)
    assert foreign.agrees(env={"SUDO_UID": user}) == (user == str(NOBODY))


def test_a_repository_that_is_named_is_not_judged(foreign: Foreign) -> None:
    foreign.give_away(foreign.repo.path)
    assert foreign.agrees(env={"GIT_DIR": str(foreign.repo.path / ".git")})


def test_bare_repositories_may_be_excluded(foreign: Foreign) -> None:
    foreign.config.write_text("[safe]\n\tbareRepository = explicit\n")
    for place in _places(foreign).values():
        foreign.agrees(place)


@pytest.mark.parametrize("place", ["root", "subdirectory", "linked", "bare", "git directory"])
def test_the_advice_works(foreign: Foreign, place: str) -> None:
    foreign.give_away(foreign.repo.path, *list(_places(foreign).values())[3:])
    where = _places(foreign)[place]
    refused = foreign.mem("recall", "deploys", cwd=where)
    advice = re.search(r"'(git config .+)'", refused.err)
    assert advice and refused.code == 1, refused.err
    subprocess.run(shlex.split(advice[1]), env=foreign.env, check=True)
    for words in (("recall", "deploys"), ("add", "One more claim."), ("doctor",)):
        done = foreign.mem(*words, cwd=where)
        assert done.code == 0, f"{words}: {done.out}{done.err}"


def test_hooks_record_nothing_where_git_refuses(foreign: Foreign) -> None:
    foreign.give_away(foreign.repo.path)
    before = sorted(str(path) for path in foreign.repo.path.rglob("*"))
    hook = ("hook", "claude", "session-start")
    payload = '{"session_id": "s1", "cwd": "%s"}' % foreign.repo.path  # noqa: UP031, braces
    for words in (hook, ("hook", "claude", "stop"), ("hook", "git", "post-commit")):
        done = subprocess.run([*_program(), *words], cwd=foreign.repo.path, env=foreign.env, input=payload.encode(),
                              capture_output=True)  # fmt: skip
        assert done.returncode == 0 and b"Tuesdays" not in done.stdout and not done.stderr
    assert sorted(str(path) for path in foreign.repo.path.rglob("*")) == before


def _program() -> list[str]:
    import sys

    return [sys.executable, "-m", "memcli"]


def test_doctor_says_what_git_says(foreign: Foreign) -> None:
    foreign.give_away(foreign.repo.path)
    done = foreign.mem("doctor", "--json")
    failures = {check["name"]: check["message"] for check in done.json()["checks"] if not check["ok"]}
    assert done.code == 1 and "dubious ownership" in failures["repository"]
