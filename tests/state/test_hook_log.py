"""The log of hooks: the last success of each event and what failed since, in a file that stays small."""

from __future__ import annotations

from pathlib import Path

import pytest

from memcli.state import hook_log
from memcli.state.hook_log import append_failure, append_success, read


def test_a_success_ends_the_failures_before_it(tmp_path: Path) -> None:
    append_failure(str(tmp_path), "git.post-commit", "OSError:\n no space")
    assert read(str(tmp_path))["git.post-commit"][0] == ""
    append_success(str(tmp_path), "git.post-commit")
    append_failure(str(tmp_path), "git.post-commit", "one")
    append_failure(str(tmp_path), "claude.stop", "two")
    success, failures = read(str(tmp_path))["git.post-commit"]
    assert success and [line.partition(": ")[2] for line in failures] == ["one"]
    assert [file.name for file in tmp_path.iterdir()] == ["hooks.log"]


def test_the_last_success_outlives_the_older_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook_log, "LIMIT", 2000)
    append_success(str(tmp_path), "git.post-merge")
    for number in range(200):
        append_failure(str(tmp_path), "claude.stop", f"failure {number}")
    assert (tmp_path / "hooks.log").stat().st_size < 2500
    outcomes = read(str(tmp_path))
    assert outcomes["git.post-merge"][0]
    assert outcomes["claude.stop"][1][-1].endswith("failure 199")


def test_what_cannot_be_written_or_read_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "hooks.log").mkdir()
    append_success(str(tmp_path), "claude.stop")
    assert read(str(tmp_path)) == {}
    (tmp_path / "hooks.log").rmdir()
    (tmp_path / "hooks.log").write_bytes(b"torn\n\xff x y\n")
    assert list(read(str(tmp_path))) == ["x"]
