"""What mem makes in a shared repository is as open as what git makes there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from memcli.git.discovery import discover
from memcli.git.sharing import apply_sharing
from memcli.system import file_modes
from tests.conftest import Repo

SHARED = ("group", "true", "yes", "1", "all", "world", "everybody", "2", "0660", "0640", "0664", "0644", "0666",
          '"group"', "group ; a comment", "group # a comment")  # fmt: skip


@pytest.fixture(autouse=True)
def caller() -> Iterator[None]:
    """A usual umask, and no trace of a shared repository afterwards."""
    before = os.umask(0o022)
    yield
    file_modes.use_directory_mode(file_modes.PRIVATE)
    os.umask(before)


def _made(repo: Repo) -> tuple[Path, Path]:
    """A directory and a file as this process makes them."""
    apply_sharing(discover(repo.path))
    directory = repo.path / ".git/mem/made"
    file_modes.make_directory(directory)
    file = directory / "file"
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY, file_modes.file_mode()))
    return directory, file


@pytest.mark.parametrize("value", SHARED)
def test_as_open_as_gits_own_directories(repo: Repo, value: str) -> None:
    with (repo.path / ".git/config").open("a") as config:
        config.write(f"[CORE]\n\tsharedrepository = {value}\n")
    repo.git("pack-refs", "--all")
    repo.git("update-ref", "refs/shared/one", "HEAD")
    git, (directory, file) = (repo.path / ".git/refs/shared").stat().st_mode, _made(repo)
    assert directory.stat().st_mode & 0o2070 == git & 0o2070
    assert directory.stat().st_mode & 0o2007 <= git & 0o2007  # never more than git's
    assert file.stat().st_mode & 0o060 == (git & 0o060)


@pytest.mark.parametrize("value", [None, "umask", "false", "0", "no"])
def test_for_the_owner_alone(repo: Repo, value: str | None) -> None:
    if value:
        repo.git("config", "core.sharedRepository", value)
    directory, file = _made(repo)
    modes = [place.stat().st_mode & 0o7777 for place in (directory.parent, directory, file)]
    assert modes == [0o700, 0o700, 0o600]
    assert os.umask(0o022) == 0o022


def test_other_sections_mean_nothing(repo: Repo) -> None:
    repo.git("config", "other.sharedRepository", "group")
    assert _made(repo)[0].stat().st_mode & 0o7777 == 0o700
