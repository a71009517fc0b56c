"""Our hooks beside the real husky, lefthook and pre-commit: theirs run on, ours run too, and every byte comes back.

Real programs throughout: the tool from its registry, git, and `mem` as git's hooks start it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Mem, Repo
from tests.needs import missing, program
from tests.operations.snapshots import snapshot

LEFTHOOK = """# the team's
pre-commit:
  commands:
    theirs:
      run: echo lefthook >> .git/ran
"""
PRE_COMMIT = """# the team's
repos:
- repo: local
  hooks:
  - id: theirs
    name: theirs
    language: system
    entry: sh -c 'echo pre-commit >> .git/ran'
    always_run: true
    pass_filenames: false
"""


@dataclass(frozen=True)
class Tool:
    """A repository whose hooks a tool rules; `again` is what its users run time and again."""

    repo: Repo
    mem: Mem
    name: str
    again: Callable[[], object]

    def hooks(self, *words: str) -> list[str]:
        """What `mem hooks` did to each file. It must not fail."""
        done = self.mem("--json", "hooks", *words)
        assert done.code == 0, done
        return [one["action"] for one in done.json().get("changes", ())]

    def commit(self, ours: bool) -> None:
        """Commit through all hooks: theirs ran, and ours too, or not."""
        file = self.repo.path / ".git/ran"
        file.unlink(missing_ok=True)
        blob = self.repo.git("hash-object", "-w", "--stdin", input=str(time.monotonic_ns()))
        self.repo.git("add", "--all")
        self.repo.git("update-index", "--add", "--cacheinfo", f"100644,{blob},changed")
        head = self.repo.commit("x")  # something is staged: lefthook does nothing for nothing
        self.repo.git("update-index", "--force-remove", "changed")
        assert set(file.read_text().split()) == {self.name}
        deadline = time.monotonic() + (10 if ours else 0.3)
        while time.monotonic() < deadline and head not in self._recorded():
            time.sleep(0.02)
        assert (head in self._recorded()) is ours

    def _recorded(self) -> list[str]:
        """The commits in the journal of the memory."""
        files = [file for file in (self.repo.path / ".git/mem/journal").glob("0*") if file.is_file()]
        entries = [json.loads(file.read_text()) for file in files]
        return [one["note"]["commit"] for one in entries if one["verb"] == "commit"]

    def bytes(self, hooks: bool) -> dict[str, object]:
        """The worktree and the configuration of git; `hooks`: its hooks too."""
        git = self.repo.path / ".git"
        kept = (str(git / "config"), *((str(git / "hooks"),) if hooks else ()))
        seen = snapshot(self.repo.path).items()
        return {path: one for path, one in seen if path.startswith(kept) or not path.startswith(str(git))}


@pytest.fixture(autouse=True)
def installed_mem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """`mem` on the PATH as an installed program, and the test extra's programs behind it."""
    place = tmp_path / "programs"
    place.mkdir()
    (place / "mem").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m memcli "$@"\n')
    (place / "mem").chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home/state"))
    monkeypatch.setenv("PATH", f"{place}:{os.environ['PATH']}:{Path(sys.executable).parent}")
    return iter([None])


def run(repo: Repo, *words: str | Path) -> None:
    subprocess.run(words, cwd=repo.path, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def husky(repo: Repo, mem: Mem) -> Tool:
    npm = program("npm")
    repo.write("package.json", '{"private": true}\n')
    repo.write(".gitignore", "node_modules\n")
    try:
        run(repo, npm, "install", "--silent", "--no-audit", "--no-fund", "--fetch-retries=1", "--save-dev", "husky@9")
    except subprocess.CalledProcessError as error:
        missing(f"needs husky, which npm cannot install: {error.stderr[-200:]!r}")
    run(repo, "node_modules/.bin/husky", "init")
    repo.write(".husky/pre-commit", "echo husky >> .git/ran\n")
    return Tool(repo, mem, "husky", lambda: run(repo, npm, "install", "--silent", "--no-audit", "--offline"))


def lefthook(repo: Repo, mem: Mem) -> Tool:
    command = program("lefthook")
    repo.write("lefthook.yml", LEFTHOOK)
    run(repo, command, "install")
    return Tool(repo, mem, "lefthook", lambda: run(repo, command, "install"))


def pre_commit(repo: Repo, mem: Mem) -> Tool:
    command = program("pre-commit")
    repo.write(".pre-commit-config.yaml", PRE_COMMIT)
    stages = ("-t", "pre-commit", "-t", "post-commit")
    run(repo, command, "install", *stages)
    return Tool(repo, mem, "pre-commit", lambda: run(repo, command, "install", *stages))


@pytest.fixture(params=[husky, lefthook, pre_commit], ids=lambda make: make.__name__)
def tool(request: pytest.FixtureRequest, repo: Repo, mem: Mem) -> Tool:
    made: Tool = request.param(repo, mem)
    made.repo.commit("the team's tool")
    assert mem("init").code == 0 and mem("session", "start", "fix").code == 0
    made.commit(ours=False)
    return made


def test_install_install_uninstall_is_nothing(tool: Tool) -> None:
    before = tool.bytes(hooks=True)
    assert set(tool.hooks("install", "--git", "--write")) <= {"created", "changed"}
    assert tool.bytes(hooks=True) != before
    assert set(tool.hooks("install", "--git", "--write")) == {"unchanged"}
    tool.hooks("uninstall", "--git")
    assert tool.bytes(hooks=True) == before
    tool.commit(ours=False)


def test_both_run_whatever_is_installed_again(tool: Tool) -> None:
    before = tool.bytes(hooks=False)
    tool.hooks("install", "--git", "--write")
    tool.again()
    tool.hooks("status", "--git")
    tool.commit(ours=True)
    tool.again()
    tool.commit(ours=True)
    assert set(tool.hooks("install", "--git", "--write")) == {"unchanged"}
    tool.hooks("uninstall", "--git")
    assert tool.bytes(hooks=False) == before
    tool.again()
    tool.commit(ours=False)


def test_this_git_whichever_it_is_calls_us(repo: Repo, mem: Mem) -> None:
    """Scripts before git 2.54, its configuration since."""
    assert mem("init").code == 0 and mem("session", "start", "fix").code == 0
    repo.write(".git/hooks/pre-commit", "#!/bin/sh\necho plain >> .git/ran\n").chmod(0o755)
    plain = Tool(repo, mem, "plain", lambda: None)
    test_install_install_uninstall_is_nothing(plain)
    test_both_run_whatever_is_installed_again(plain)
