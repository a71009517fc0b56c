"""git's settings under `mem.`: git answers, with all its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from memcli.git.settings import is_true, settings
from tests.conftest import Repo


def test_every_scope_counts_and_the_nearest_wins(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "more").write_text('[mem]\n\tchromaUrl = "http://localhost:8000"\n\tdense = exact\n')
    repo.git("config", "include.path", str(tmp_path / "more"))
    repo.git("config", "mem.dense", "chroma")
    repo.git("config", "--add", "mem.embedderSettings", '{"a": 1,\n "b": 2}')
    repo.git("config", "memory.other", "no")
    found = settings(str(repo.path / ".git"))
    assert found == {"chromaurl": "http://localhost:8000", "dense": "chroma", "embeddersettings": '{"a": 1,\n "b": 2}'}


def test_without_git_or_a_repository_nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(str(tmp_path)) == {}
    monkeypatch.setenv("PATH", str(tmp_path))
    assert settings(str(tmp_path)) == {}


TRUE, FALSE = ("true", "On", "1", "yes"), ("no", "0", "FALSE", "", None)


@pytest.mark.parametrize("value", [*TRUE, *FALSE])
def test_truth_is_read_as_git_reads_it(value: str | None) -> None:
    assert is_true(value) is (value in TRUE)


def test_a_bare_name_is_true(repo: Repo) -> None:
    with (repo.path / ".git" / "config").open("a") as file:
        file.write("[mem]\n\tdownload\n\tdense =\n")
    assert settings(str(repo.path / ".git")) == {"download": "true", "dense": ""}
