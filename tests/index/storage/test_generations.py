"""An index that is damaged, foreign, unwritable or absent: opening it still gives one that answers."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
import Stemmer  # noqa: F401 - loaded before rights are dropped

from memcli.index.database.index import Index
from memcli.index.search.ranking import SearchRequest, search
from memcli.index.storage import generations
from memcli.index.storage.connection import IndexDamaged
from memcli.index.storage.tables import SCHEMA
from tests.index.memories import MAIN, SESSION, change, manifest, memory_id

NOBODY = 65534
FILES = [change(f"note{number}", f"webhook ledger {'filling ' * 200}{number}") for number in range(40)]


def filled(directory: Path) -> Path:
    """An index with forty memories, closed; its database file."""
    with Index.open(directory) as index:
        index.update(manifest(), FILES)
    name = generations.current_generation(directory)
    assert name
    return directory / name / generations.DATABASE


def answers(index: Index) -> int:
    with index.view(MAIN) as view:
        return len(search(view, SearchRequest("webhook ledger", limit=50)).hits)


def use(index: Index) -> int:
    """What a caller does: bring the index to its tree, and read; again from the start where it was damaged."""
    for _ in range(2):
        try:
            if index.manifest(MAIN) != manifest():
                index.update(manifest(), FILES, replace=True)
            return answers(index)
        except IndexDamaged as error:
            assert error.retryable and error.hint
    raise AssertionError("still damaged after a fresh start")


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def garble_the_end(file: Path) -> None:
    data = bytearray(file.read_bytes())
    for page in range(3 * 4096, len(data), 4096):
        data[page : page + 64] = os.urandom(64)
    file.write_bytes(data)


def run(file: Path, statement: str) -> None:
    connection = sqlite3.connect(file)
    connection.execute(statement)
    connection.commit()
    connection.close()


def replace_by_another_programs(file: Path) -> None:
    file.unlink()
    run(file, "CREATE TABLE memories (title)")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "garbage": lambda file: file.write_bytes(os.urandom(9000)),
    "cut": cut,
    "garbled": garble_the_end,
    "bytes that are no text": lambda file: run(file, "UPDATE texts SET text = CAST(x'FF' AS TEXT)"),
    "words dropped": lambda file: run(file, "DROP TABLE search_1"),
    "manifest lost": lambda file: run(file, "DELETE FROM manifests"),
    "table dropped": lambda file: run(file, "DROP TABLE memories"),
    "removed": lambda file: file.unlink(),
    "older schema": lambda file: run(file, f"PRAGMA user_version = {SCHEMA - 1}"),
    "newer schema": lambda file: run(file, f"PRAGMA user_version = {SCHEMA + 1}"),
    "another program's": replace_by_another_programs,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_replaced_by_a_fresh_generation(tmp_path: Path, damage: str) -> None:
    file = filled(tmp_path)
    DAMAGES[damage](file)
    with Index.open(tmp_path) as index:
        assert use(index) == 40 and index.persistent
        assert index.problems() == []
    assert generations.current_generation(tmp_path) != file.parent.name
    with Index.open(tmp_path) as index:
        assert index.manifest(MAIN) == manifest() and answers(index) == 40


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"../../etc", b"g-missing\n"])
def test_a_bad_current_file_means_a_fresh_generation(tmp_path: Path, content: bytes) -> None:
    filled(tmp_path)
    (tmp_path / generations.CURRENT).write_bytes(content)
    with Index.open(tmp_path) as index:
        assert index.manifest(MAIN) is None and index.persistent
        assert use(index) == 40


def test_damage_while_open_is_reported_and_the_next_call_works(tmp_path: Path) -> None:
    file = filled(tmp_path)
    with Index.open(tmp_path) as index:
        garble_the_end(file)
        with pytest.raises(IndexDamaged):
            index.digest(MAIN)
        assert index.manifest(MAIN) is None
        assert use(index) == 40


def test_old_generations_are_removed_once_no_process_can_be_opening_them(tmp_path: Path) -> None:
    first = filled(tmp_path).parent
    generations.create_index(tmp_path).close()
    assert first.exists()
    for place in (first, *first.iterdir()):
        os.utime(place, (1, 1))
    generations.create_index(tmp_path).close()
    assert not first.exists()
    assert len(list(tmp_path.glob("g-*"))) == 2


@contextmanager
def unwritable(directory: Path) -> Iterator[None]:
    """The directory without the right to write."""
    places = [directory, *directory.rglob("*")]
    modes = {place: place.stat().st_mode for place in places}
    parents = {place: place.stat().st_mode for place in directory.parents if place.owner() == directory.owner()}
    try:
        for place, mode in parents.items():
            if place != Path("/"):
                place.chmod(mode | 0o055)
        for place in places:
            place.chmod(0o555 if place.is_dir() else 0o444)
        yield
    finally:
        for place, mode in {**modes, **parents}.items():
            place.chmod(mode)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root, whom no mode stops, is nobody meanwhile."""
    was_root = os.geteuid() == 0
    try:
        if was_root:
            os.seteuid(NOBODY)
        yield
    finally:
        if was_root:
            os.seteuid(0)


def test_a_read_only_index_answers_and_is_changed_in_memory(tmp_path: Path) -> None:
    filled(tmp_path)
    with unwritable(tmp_path), as_nobody(), Index.open(tmp_path) as index:
        assert not index.persistent
        assert index.manifest(MAIN) == manifest() and answers(index) == 40
        with index.view(MAIN, SESSION, [change("new", "webhook of a queued write")]) as view:
            assert view.get(memory_id("new")) and view.count() == 41
        index.update(manifest("later"), [change("more", "webhook ledger")])
        assert index.manifest(MAIN) == manifest("later") and answers(index) == 41
    with Index.open(tmp_path) as index:
        assert index.manifest(MAIN) == manifest() and answers(index) == 40


def look(directory: Path, told: Connection) -> None:
    with as_nobody(), Index.open(directory) as index:
        told.send((index.persistent, index.manifest(MAIN), answers(index)))


def test_a_read_only_reader_sees_what_a_live_writer_has_not_written_back(tmp_path: Path) -> None:
    filled(tmp_path)
    with Index.open(tmp_path) as writer:
        writer.update(manifest("later"), [change("more", "webhook ledger")])
        start = multiprocessing.get_context("spawn")
        here, there = start.Pipe(duplex=False)
        with unwritable(tmp_path):
            reader = start.Process(target=look, args=(tmp_path, there))
            reader.start()
            there.close()
            assert here.recv() == (False, manifest("later"), 41)
            reader.join(10)


def test_without_a_place_to_write_the_index_is_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with Index.open(tmp_path / "file" / "index") as index:
        assert not index.persistent
        assert use(index) == 40


def test_a_damaged_read_only_index_gives_an_empty_one_in_memory(tmp_path: Path) -> None:
    garble_the_end(filled(tmp_path))
    with unwritable(tmp_path), as_nobody(), Index.open(tmp_path) as index:
        assert use(index) == 40 and not index.persistent


def test_the_index_is_private(tmp_path: Path) -> None:
    file = filled(tmp_path / "index")
    assert {place.stat().st_mode & 0o777 for place in (tmp_path / "index", file.parent)} == {0o700}
