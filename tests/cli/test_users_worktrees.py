"""No command changes a user's worktree entry, ref, configuration, index or file, whatever state the worktrees are in.

A property over random set-ups: worktrees that are there, away, moved, locked, deleted, damaged, on a read-only disk, of
the name of a session, with staged changes; the repository itself moves, and sessions' directories vanish. Set
MEM_TEST_SETUPS to try that many of them.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import Repo
from tests.forks import Forks, forks

SETUPS = int(os.environ.get("MEM_TEST_SETUPS", "25"))
"""200 take five minutes on one busy core."""
NAMES = ("side", "one", "two", "usb")
SESSIONS = ("one", "two")
STATES = ("there", "there", "away", "moved", "locked", "locked and away", "deleted", "damaged", "read-only")
COMMANDS = (
    "session start NAME --worktree", "session start NAME", "session resume NAME --worktree", "session update NAME",
    "session path --session NAME --all", "session save NAME", "session close NAME", "session list --all",
    "review NAME", "", "promote NAME --yes", "reject NAME -m no", "check NAME",
    "add A.claim.about.numbers. --session NAME", "add Another.claim.of.today. --promote", "undo", "op log",
    "recall claim", "hydrate --task claim", "list", "status", "doctor", "init", "dream", "dream discard", "diff", "log",
    "index rebuild", "index verify", "hooks status", "exclude list", "why src/app.py:1", "bootstrap",
    "session show NAME",
)  # fmt: skip


@dataclass
class SetUp:
    """One repository in a state that a seed chooses; `usable`: the user's worktrees that are in their places."""

    seed: int
    home: Path
    fork: Forks
    can_mount: bool
    choose: random.Random = field(init=False)
    usable: list[Path] = field(default_factory=list)
    away: dict[Path, Path] = field(default_factory=dict)
    expected: dict[Path, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.choose = random.Random(self.seed)
        self.repo = self.home / "repo"

    def make_worktrees(self) -> None:
        for name in self.choose.sample(NAMES, self.choose.randint(1, 3)):
            place, state = self.home / name, self.choose.choice(STATES)
            branch = ("--detach",) if self.choose.random() < 0.3 else ("-b", f"branch-{name}")
            Repo(self.repo).git("worktree", "add", "-q", *branch, str(place))
            linked = Repo(place)
            linked.write("staged.txt", f"staged in {name}\n"), linked.git("add", "staged.txt")
            linked.write("src/app.py", "RETRIES = 9\n")
            self.expected[place] = linked.git("status", "--porcelain")
            self._bring_into(place, state)

    def _bring_into(self, place: Path, state: str) -> None:
        if "locked" in state:
            Repo(self.repo).git("worktree", "lock", "--reason", f"mem session {place.name}", str(place))
        if "away" in state or state == "moved":
            self.away[place] = self.home / f"{place.name}.{state.split()[-1]}"
            place.rename(self.away[place])
        elif state == "deleted":
            shutil.rmtree(place)
            del self.expected[place]
        elif state == "damaged":
            (place / ".git").unlink()
            del self.expected[place]
        else:
            self.usable.append(place)
            if state == "read-only" and self.can_mount:
                self._mount_read_only(place)

    def _mount_read_only(self, place: Path) -> None:
        """For the commands only."""
        within = ("nsenter", "-m", "-t", str(self.fork.pid))
        subprocess.run([*within, "mount", "--bind", str(place), str(place)], check=True)
        subprocess.run([*within, "mount", "-o", "remount,ro,bind", str(place)], check=True)

    def disturb(self) -> None:
        """What may happen between two commands."""
        chance = self.choose.random()
        if chance < 0.1:
            shutil.rmtree(self._tree() / ".mem" / self.choose.choice(SESSIONS), ignore_errors=True)
        elif chance < 0.15:
            link = self._tree() / ".mem" / self.choose.choice(SESSIONS) / ".git"
            if link.is_file():
                link.write_text("gitdir: /nowhere/.git/worktrees/one\n")
        elif chance < 0.2 and self.repo.name == "repo":
            self.repo = self.repo.rename(self.home / "repo.moved")
            self.usable.clear()  # their links are the user's to mend

    def _tree(self) -> Path:
        return self.choose.choice([self.repo, *(place for place in self.usable if os.access(place, os.W_OK))])

    def run_command(self) -> str:
        words = self.choose.choice(COMMANDS).replace("NAME", self.choose.choice(SESSIONS)).split()
        cwd = self.choose.choice([self.repo, self.repo, *self.usable])
        done = self.fork.run(*(word.replace(".", " ") if word[0] == "A" else word for word in words), cwd=cwd)
        assert "internal error" not in done.err and "Traceback" not in done.err, f"{words}: {done.err}"
        assert done.code in (0, 1, 2, 3, 4, 5, 6, 7), f"{words}: {done}"
        return f"mem {' '.join(words)} in {cwd.name}, exit {done.code}: {done.err.strip()}"

    def come_back(self) -> None:
        for place, elsewhere in self.away.items():
            elsewhere.rename(place)
        if self.repo.name != "repo":
            self.repo.rename(self.home / "repo")
        for place, status in self.expected.items():
            assert Repo(place).git("status", "--porcelain") == status


def snapshot(setup: SetUp) -> dict[str, object]:
    """Every file of the user's, in git's directory and in all worktrees: mode, time and content."""
    files: dict[str, object] = {}
    for place in sorted(setup.home.iterdir()):
        label = "repo" if place == setup.repo else place.name
        for file in _users_files(place):
            path = f"{label}/{file.relative_to(place)}"
            files[path] = _packed(file) if file.name == "packed-refs" else _fingerprint(file)
    return files


def _users_files(root: Path) -> Iterator[Path]:
    ours = {root / ".mem", *(root / ".git" / name for name in (
        "mem", "objects", "refs/mem", "refs/heads/mem", "logs/refs/mem", "logs/refs/heads/mem"))}  # fmt: skip
    for directory, names, files in os.walk(root):
        here = Path(directory)
        names[:] = [name for name in names if here / name not in ours and not _is_of_session(here / name)]
        yield from (here / name for name in files)


def _is_of_session(entry: Path) -> bool:
    """Whether this is git's entry for a session's files, or mem's own directory in an entry of the user's."""
    in_entry = entry.parent.parent.name == "worktrees" and entry.name == "mem"
    link = entry / "gitdir"
    return in_entry or (entry.parent.name == "worktrees" and link.is_file() and "/.mem/" in link.read_text())


def _fingerprint(file: Path) -> tuple[int, int, str]:
    status = file.lstat()
    return status.st_mode, status.st_mtime_ns, hashlib.sha256(file.read_bytes()).hexdigest()


def _packed(file: Path) -> list[str]:
    """The user's lines: git writes the file anew where a ref of ours that was packed goes."""
    return sorted(line for line in file.read_text().splitlines() if " refs/mem/" not in line and "/mem/" not in line)


@pytest.fixture(scope="module")
def mounting(sealed_world: Path) -> Iterator[tuple[Forks, bool]]:
    """A warm process, and whether it has mounts of its own: without root nothing is mounted read-only."""
    assert sealed_world
    unshare = shutil.which("unshare")
    can_mount = bool(unshare) and not subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode
    with forks(*(("unshare", "-m") if can_mount else ())) as warm:
        yield warm, can_mount


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a stash, a remote, packed refs, uncommitted work and a store with a session."""
    repo = Repo(tmp_path_factory.mktemp("template") / "repo")
    repo.path.mkdir()
    repo.git("init", "-q", "-b", "main")
    repo.commit("start", {"README.md": "# A project\n", "src/app.py": "RETRIES = 7\n"})
    repo.write("README.md", "# Changed\n"), repo.git("stash")
    repo.git("branch", "feature"), repo.git("tag", "v1")
    repo.git("config", "remote.origin.url", "/nowhere"), repo.git("config", "worktree.guessRemote", "true")
    repo.git("pack-refs", "--all")
    repo.write("staged.txt", "staged\n"), repo.git("add", "staged.txt"), repo.write("untracked.txt", "untracked\n")
    return repo.path


@pytest.mark.parametrize("seed", range(SETUPS))
def test_nothing_of_the_users_changes(seed: int, mounting: tuple[Forks, bool], template: Path, tmp_path: Path) -> None:
    shutil.copytree(template, tmp_path / "repo", symlinks=True)
    setup = SetUp(seed, tmp_path, *mounting)
    for words in (("init",), ("session", "start", "one", "--worktree"), ("add", "A first claim.", "--session", "one")):
        assert setup.fork.run(*words, cwd=setup.repo).code == 0
    setup.make_worktrees()
    before, log = snapshot(setup), list[str]()
    for _ in range(8):
        setup.disturb()
        log.append(setup.run_command())
        after = snapshot(setup)
        different = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
        assert not different, "\n".join([*log, f"changed: {different}"])
    setup.come_back()
