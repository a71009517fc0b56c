"""A directory that somebody has worked in: known plain files are read, nothing outside, nothing without end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from memcli.errors import Conflict, Failure, NotFound
from memcli.system.exchange_directory import MOST_BYTES, ReceivedFiles, read_known, write_fresh

NAMES = ("job.json", "edits.json", "memories/a.md")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    write_fresh(tmp_path / "job", {"README.md": "read\n", **{name: f"{name}\n" for name in NAMES}})
    (tmp_path / "secret").write_text("outside")
    return tmp_path / "job"


def read(place: Path) -> ReceivedFiles:
    return read_known(place, NAMES, ignored=("README.md",))


def test_what_was_written_is_read_back(place: Path) -> None:
    assert read(place) == ReceivedFiles({name: f"{name}\n".encode() for name in NAMES}, [])


def test_a_directory_in_use_is_left_alone(place: Path, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="not empty"):
        write_fresh(place, {"README.md": "another\n"})
    assert (place / "README.md").read_text() == "read\n"
    with pytest.raises(Failure, match="secret"):
        write_fresh(tmp_path / "secret", {"README.md": "x"})


def test_no_directory_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read(tmp_path / "nowhere")


@pytest.mark.parametrize("target", ["../secret", "../../../../../../etc/passwd", "README.md"])
@pytest.mark.parametrize("name", NAMES)
def test_no_link_is_followed(place: Path, name: str, target: str) -> None:
    (place / name).unlink()
    (place / name).symlink_to(target)
    found = read(place)
    assert name not in found.files and len(found.files) == 2
    assert any("not a regular file" in remark for remark in found.remarks)


def test_no_link_to_a_directory_is_followed(place: Path, tmp_path: Path) -> None:
    (place / "memories").rename(tmp_path / "elsewhere")
    (place / "memories").symlink_to(tmp_path / "elsewhere")
    found = read(place)
    assert set(found.files) == {"job.json", "edits.json"} and "not a directory of this job" in found.remarks[0]


def test_a_pipe_keeps_nobody_waiting_and_a_directory_is_no_file(place: Path) -> None:
    (place / "edits.json").unlink()
    os.mkfifo(place / "edits.json")
    (place / "job.json").unlink()
    (place / "job.json").mkdir()
    assert set(read(place).files) == {"memories/a.md"}


def test_what_is_too_large_is_not_read(place: Path) -> None:
    with (place / "edits.json").open("wb") as stream:
        stream.truncate(MOST_BYTES * 100)
    found = read(place)
    assert "edits.json" not in found.files and any("too large" in remark for remark in found.remarks)


def test_unknown_files_are_told(place: Path) -> None:
    (place / "memories" / "b.md").write_text("x")
    (place / "\x1bnotes").write_text("x")
    found = read(place)
    assert len(found.files) == 3
    assert found.remarks == [
        "ignored 'memories/b.md': not part of this job",
        "ignored '\\x1bnotes': not part of this job",
    ]
