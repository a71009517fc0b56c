"""A repository that several people use: what one makes the other can read and write, as core.sharedRepository says."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Result
from tests.users import GROUP, MEM, as_user, open_directory

ADA, BOB, EVE = GROUP + 1, GROUP + 2, GROUP + 3
"""Eve is in no group with the others."""


class Shared:
    """One repository of Ada's for the group."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def git(self, user: int, *words: str) -> str:
        done = as_user(user, "git", *words, cwd=self.path)
        assert done.code == 0, done.err
        return done.out.rstrip("\n")

    def mem(self, user: int, *words: str, code: int = 0, cwd: Path | None = None) -> Result:
        done = as_user(user, *MEM, *words, cwd=cwd or self.path, group=GROUP if user != EVE else EVE)
        assert done.code == code, f"{user}: mem {' '.join(words)}: {done.out}{done.err}"
        return done


@pytest.fixture(params=("group", "all", "0660", "2"))
def shared(request: pytest.FixtureRequest) -> Iterator[Shared]:
    with open_directory() as home:
        here = Shared(home / "shared")
        here.path.mkdir()
        os.chown(here.path, ADA, GROUP)
        here.path.chmod(0o2775)
        here.git(ADA, "init", "-q", f"--shared={request.param}")
        here.git(ADA, "commit", "-q", "--allow-empty", "-m", "start")
        yield here


def test_the_second_user_recalls_adds_and_promotes(shared: Shared) -> None:
    shared.mem(ADA, "init"), shared.mem(ADA, "add", "Deploys happen on Tuesdays.", "--promote")
    shared.mem(ADA, "recall", "deploys"), shared.mem(ADA, "hydrate", "--task", "deploys")
    assert "Tuesdays" in shared.mem(BOB, "recall", "deploys").out
    shared.mem(BOB, "session", "start", "bobs")
    for number in range(20):  # until an object of his goes into a directory of hers
        done = shared.mem(BOB, "add", f"Fact number {number} is about webhooks.", "--session", "bobs")
    assert "queued" not in done.out
    shared.mem(BOB, "hydrate", "--task", "webhooks"), shared.mem(BOB, "promote", "bobs", "--yes")
    assert "number 3" in shared.mem(ADA, "recall", "fact number 3").out
    (
        shared.mem(ADA, "session", "start", "adas"),
        shared.mem(ADA, "add", "Written after Bob."),
        shared.mem(ADA, "promote", "adas", "--yes"),
    )
    shared.mem(BOB, "undo"), shared.mem(BOB, "doctor"), shared.mem(ADA, "doctor")
    shared.mem(BOB, "index", "rebuild"), shared.mem(ADA, "index", "sync"), shared.mem(ADA, "recall", "deploys")
    shared.git(BOB, "fsck", "--no-dangling")


def test_the_second_user_goes_on_in_the_files_of_a_session(shared: Shared) -> None:
    shared.mem(ADA, "init"), shared.mem(ADA, "session", "start", "w", "--worktree")
    place = shared.path / ".mem/w/semantic/pay"
    as_user(ADA, "mkdir", "-p", str(place), cwd=shared.path, umask=0o002)
    as_user(ADA, "sh", "-c", f"echo 'Retries are limited.' > {place}/retries.md", cwd=shared.path, umask=0o002)
    shared.mem(BOB, "session", "save", "w"), shared.mem(BOB, "session", "path", "--session", "w", "--all")
    shared.mem(ADA, "session", "save", "w"), shared.mem(BOB, "promote", "w", "--yes")
    assert "Retries" in shared.git(ADA, "grep", "-h", "Retries", "mem/main", "--", "semantic")


def test_what_is_made_has_the_modes_of_the_setting(shared: Shared) -> None:
    before = set(shared.path.rglob("*"))
    shared.mem(ADA, "init"), shared.mem(ADA, "add", "Deploys happen on Tuesdays.", "--promote")
    shared.mem(ADA, "hydrate", "--task", "deploys"), shared.mem(ADA, "session", "start", "w", "--worktree")
    made = [place for place in set(shared.path.rglob("*")) - before if place.is_dir() or "objects" not in place.parts]
    assert not [place for place in made if not _is_open(place)]
    readers = (shared.path / ".git/mem/index").stat().st_mode & 0o007
    assert readers == (0 if shared.git(ADA, "config", "core.sharedRepository") in ("1", "group", "0660") else 0o005)


def _is_open(place: Path) -> bool:
    """Whether the group may use a directory and what is made in it, or write a file."""
    mode, wanted = place.lstat().st_mode, stat.S_IRGRP | stat.S_IWGRP
    if place.is_dir():
        wanted |= stat.S_IXGRP | stat.S_ISGID
    return place.is_symlink() or (mode & wanted == wanted and place.lstat().st_gid == GROUP)


def test_a_user_outside_of_the_group_is_told_what_is_missing(shared: Shared) -> None:
    shared.mem(ADA, "init"), shared.mem(ADA, "add", "Deploys happen on Tuesdays.", "--promote")
    if (shared.path / ".git").stat().st_mode & 0o005:
        assert "Tuesdays" in shared.mem(EVE, "recall", "deploys").out
        refused = shared.mem(EVE, "add", "This has no place.", code=1)
        assert "nothing was recorded" in refused.err and "permission" in refused.err.lower()
    else:
        refused = shared.mem(EVE, "recall", "deploys", code=1)
        assert f"cannot read {shared.path}/.git: no permission" in refused.err and "fsck" not in refused.err
    assert not [place for place in shared.path.rglob("*") if place.lstat().st_uid == EVE]


def test_a_group_that_may_only_read() -> None:
    with open_directory() as home:
        here = Shared(home / "shared")
        here.path.mkdir()
        os.chown(here.path, ADA, GROUP)
        here.path.chmod(0o2770)
        here.git(ADA, "init", "-q", "--shared=0640"), here.git(ADA, "commit", "-q", "--allow-empty", "-m", "start")
        here.mem(ADA, "init"), here.mem(ADA, "add", "Deploys happen on Tuesdays.", "--promote")
        here.mem(ADA, "session", "start", "w")
        assert (here.path / ".git/mem/index").stat().st_mode & 0o7777 == 0o2750
        assert "Tuesdays" in here.mem(BOB, "recall", "deploys").out
        assert "Tuesdays" in here.mem(BOB, "hydrate").out
        assert "spooled" in here.mem(BOB, "add", "Bob waits for somebody who can write.", "--session", "w").out
        here.mem(ADA, "add", "Ada goes on."), here.mem(ADA, "undo"), here.mem(ADA, "doctor")
        here.path.chmod(0o2750)
        (here.path / ".mem").rename(here.path / "gone")
        refused = here.mem(BOB, "add", "This has no place.", "--json", code=1).error()
        assert "Permission denied" in refused["message"] and str(here.path) in refused["message"] and refused["hint"]
        assert "no permission to write" in here.mem(BOB, "doctor", code=1).out


@pytest.fixture
def private() -> Iterator[Shared]:
    with open_directory() as home:
        here = Shared(home / "private")
        here.path.mkdir()
        os.chown(here.path, ADA, ADA)
        here.git(ADA, "init", "-q"), here.git(ADA, "commit", "-q", "--allow-empty", "-m", "start")
        yield here


def test_a_private_repository_is_its_owners_alone(private: Shared) -> None:
    private.mem(ADA, "init"), private.mem(ADA, "add", "Deploys happen on Tuesdays.", "--promote")
    private.mem(ADA, "hydrate"), private.mem(ADA, "session", "start", "w", "--worktree")
    for place in (".git/mem", ".git/mem/journal", ".git/mem/index", ".git/mem/packs", ".mem"):
        assert (private.path / place).stat().st_mode & 0o7777 == 0o700, place
    assert "Tuesdays" in private.mem(EVE, "recall", "deploys").out  # whoever may read the repository may recall
    for words in (("list",), ("status",), ("review", "w"), ("check",), ("session", "list"), ("log",), ("hydrate",)):
        private.mem(EVE, *words)
    refused = private.mem(EVE, "add", "This has no place.", code=1).err
    assert f"Permission denied ({private.path}/.git/mem/journal" in refused and "core.sharedRepository" in refused
    assert "Permission denied" in private.mem(EVE, "doctor", code=1).out
