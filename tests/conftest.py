"""The sealed world of the tests: real repositories and the real program, nothing of this machine's user.

Contract: no test sees the developer's HOME, git configuration, identity, editor, agent harness or time zone, and none
can change them. `repo` is a real repository with one commit, `mem` runs the program in it as a process, and `workspace`
opens it in this process, for tests with many cases.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from hypothesis import HealthCheck, settings

from memcli import config
from memcli.workspace import Workspace
from tests.waiting import LIMIT

if TYPE_CHECKING:
    from tests.forks import Forks

KEEP = ("PATH", "LANG", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "MEM_TEST_DATA", "MEM_TEST_ALL")
"""The variables that are kept from the outer environment, besides those of pytest."""

settings.register_profile(
    "mem",
    deadline=None,
    derandomize="MEM_TEST_ALL" in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("mem")
# No property depends on the clock: a busy machine is not a defect. In CI (MEM_TEST_ALL) the examples are the same in
# every run, so a build that fails does so because of its change; on a developer's machine they are new each time,
# which is where they may find something, and the blob printed with a failure repeats it.


@dataclass(frozen=True)
class Result:
    """The exit code and both streams of a process, as text."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """The `data` of the one JSON document on stdout."""
        return json.loads(self.out)["data"]

    def error(self) -> Any:
        """The `error` of the one JSON document on stderr."""
        return json.loads(self.err)["error"]


@dataclass(frozen=True)
class Repo:
    """A repository of a test; `path` is where commands run."""

    path: Path

    def git(self, *arguments: str, input: str | None = None, env: Mapping[str, str] | None = None) -> str:
        """The output of git without the last line end. Raises CalledProcessError."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            env={**os.environ, **(env or {})},
            input=input,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.rstrip("\n")

    def write(self, path: str, text: str) -> Path:
        """A file of the worktree, with its directories."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def commit(self, message: str, files: Mapping[str, str] | None = None) -> str:
        """Write and commit files; the new commit's id."""
        for path, text in (files or {}).items():
            self.write(path, text)
            self.git("add", "--", path)
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


class Mem(Protocol):
    """Run `mem` as a process; by default in `repo` with an empty stdin. `env` is added to the sealed environment."""

    def __call__(
        self,
        *arguments: str | bytes,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        input: str | bytes | None = None,
    ) -> Result: ...


@pytest.fixture(scope="session", autouse=True)
def sealed_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A HOME of the tests' own and an environment with nothing else in it; restored at the end."""
    outer = dict(os.environ)
    home = tmp_path_factory.mktemp("home")
    (home / "gitconfig").write_text("[init]\n\tdefaultBranch = main\n[commit]\n\tgpgsign = false\n")
    for name in outer:
        if name not in KEEP and not name.startswith(("PYTEST_", "COV_")):
            del os.environ[name]
    os.environ.update(_variables(home))
    _seal_libgit2(home)
    yield home
    os.environ.clear()
    os.environ.update(outer)


def _variables(home: Path) -> dict[str, str]:
    identity = {f"GIT_{who}_{what}": value
                for who in ("AUTHOR", "COMMITTER")
                for what, value in (("NAME", "Ada Example"), ("EMAIL", "ada@example.com"))}  # fmt: skip
    xdg = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "CACHE", "DATA", "STATE")}
    return {
        **identity, **xdg, "HOME": str(home), "USER": "ada", "LANG": "C.UTF-8", "TZ": "UTC", "TERM": "dumb",
        "GIT_CONFIG_GLOBAL": str(home / "gitconfig"), "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
    }  # fmt: skip


def _seal_libgit2(home: Path) -> None:
    """libgit2 reads HOME when it is loaded, which may be before this; it ignores GIT_CONFIG_GLOBAL."""
    import pygit2
    from pygit2.enums import ConfigLevel

    for level in (ConfigLevel.SYSTEM, ConfigLevel.XDG, ConfigLevel.GLOBAL):
        pygit2.settings.search_path[level] = str(home)


@pytest.fixture(scope="session")
def started(sealed_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository of which every test has a copy: six processes of git are made once."""
    assert sealed_world
    made = Repo(tmp_path_factory.mktemp("started"))
    made.path.chmod(0o755)  # which its copies have, too: other users may enter a repository
    made.git("init", "-q", "-b", "main")
    made.commit("start", {"README.md": "# A project\n", "src/app.py": "RETRIES = 7\n"})
    return made.path


@pytest.fixture
def repo(tmp_path: Path, started: Path) -> Repo:
    """A repository with one commit on `main`, a README and a source file, no store yet."""
    return copy_of(started, tmp_path / "repo")


def copy_of(repository: Path, place: Path) -> Repo:
    """A copy of a repository at a place that is empty or not there, for a test that changes what others read, too."""
    return Repo(Path(shutil.copytree(repository, place, symlinks=True, dirs_exist_ok=True)))


@pytest.fixture
def mem(repo: Repo) -> Mem:
    """The program as a process."""

    def run(
        *arguments: str | bytes,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        input: str | bytes | None = None,
    ) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "memcli", *arguments],
            cwd=cwd or repo.path,
            env={**os.environ, **(env or {})},
            input=input.encode() if isinstance(input, str) else input or b"",
            capture_output=True,
            timeout=LIMIT,
        )
        return Result(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace"))

    return run


@pytest.fixture(scope="session")
def fork(sealed_world: Path) -> Iterator[Forks]:
    """The warm process; `fast` is the friendlier way to it."""
    from tests.forks import forks  # which imports this module

    assert sealed_world
    with forks() as warm:
        yield warm


@pytest.fixture
def fast(repo: Repo, fork: Forks) -> Mem:
    """Like `mem`, as a fork of a warm process: for tests with many commands."""
    return forked(fork, repo.path)


def forked(fork: Forks, place: Path) -> Mem:
    """`fast` in another repository, which tests of one module may share."""

    def run(
        *arguments: str | bytes,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        input: str | bytes | None = None,
    ) -> Result:
        words = [word.decode("utf-8", "surrogateescape") if isinstance(word, bytes) else word for word in arguments]
        return fork.run(*words, cwd=cwd or place, env=env, input=input)

    return run


@pytest.fixture
def workspace(repo: Repo) -> Callable[..., Workspace]:
    """`workspace(cwd=None, **flags)` opens a workspace in this process; each call is a new one, as a process is."""
    return opener(repo)


def opener(repo: Repo) -> Callable[..., Workspace]:
    """`workspace` of another repository."""

    def opened(cwd: Path | None = None, **flags: Any) -> Workspace:
        return Workspace(config.load(config.Flags(directory=str(cwd or repo.path), **flags)))

    return opened
