"""Files that others write: what they have written stays, whatever the system can do."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from memcli.system.shared_files import _exchange_by_steps, exchange, may_be_written, place, read_regular

WAYS = pytest.mark.parametrize("exchanged", [exchange, _exchange_by_steps])
"""By the system's call, and on a system or file system without it."""
Exchange = Callable[[Path, Path], None]


@WAYS
def test_two_files_exchange_their_names(tmp_path: Path, exchanged: Exchange) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.write_text("new")
    theirs.write_text("old")
    with theirs.open("a") as held:
        exchanged(ours, theirs)
        held.write(" and late")
    assert (ours.read_text(), theirs.read_text()) == ("old and late", "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ours", "theirs"]


@WAYS
def test_a_file_that_is_gone_is_not_made_again(tmp_path: Path, exchanged: Exchange) -> None:
    (tmp_path / "ours").write_text("new")
    with pytest.raises(FileNotFoundError):
        exchanged(tmp_path / "ours", tmp_path / "theirs")
    assert (tmp_path / "ours").read_text() == "new" and not (tmp_path / "theirs").exists()


@WAYS
def test_what_others_make_meanwhile_stays(tmp_path: Path, exchanged: Exchange) -> None:
    """Every file that somebody could make under the name is found under one of the two."""
    ours, theirs, made, stop = tmp_path / "ours", tmp_path / "theirs", list[str](), threading.Event()

    def author() -> None:
        while not stop.is_set():
            (tmp_path / "draft").write_text(str(len(made)))
            with suppress(FileExistsError):
                theirs.hardlink_to(tmp_path / "draft")
                made.append(str(len(made)))
            (tmp_path / "draft").unlink()

    writer = threading.Thread(target=author)
    writer.start()
    seen = set[str]()
    for _ in range(300):
        ours.write_text("new")
        with suppress(FileNotFoundError):
            exchanged(ours, theirs)
            seen |= {ours.read_text(), theirs.read_text() if theirs.exists() else ""}
            seen.add(theirs.rename(tmp_path / "taken").read_text())
    stop.set()
    writer.join()
    seen.add(theirs.read_text() if theirs.exists() else "")
    assert set(made) - seen == set()


def test_a_file_is_placed_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "ours").write_text("new")
    (tmp_path / "theirs").write_text("old")
    with pytest.raises(FileExistsError):
        place(tmp_path / "ours", tmp_path / "theirs")
    place(tmp_path / "ours", tmp_path / "third")
    assert (tmp_path / "theirs").read_text() == "old" and (tmp_path / "third").read_text() == "new"
    assert not (tmp_path / "ours").exists()


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    (tmp_path / "link").symlink_to("file")
    os.mkfifo(tmp_path / "pipe")
    assert [read_regular(tmp_path / name, 3) for name in ("file", "link", "pipe", "none", ".")] == [
        b"tex", None, None, None, None,
    ]  # fmt: skip


def test_whether_somebody_may_still_write(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("text")
    if may_be_written(file) is None:
        pytest.skip("this file system has no leases")
    with file.open("a"):
        assert may_be_written(file) is True
    with file.open("rb"):
        assert may_be_written(file) is False
