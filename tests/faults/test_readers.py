"""Readers beside what replaces or loses the index: an answer is the store's, or the call fails; it is never empty."""

from __future__ import annotations

import multiprocessing
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from memcli import config
from memcli.errors import MemError
from memcli.operations.memories.add import add_memories
from memcli.operations.recall.index import sync_index
from memcli.operations.recall.recall import RecallRequest, recall
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.workspace import Workspace
from tests.faults.world import World
from tests.waiting import LIMIT

SIZE, ROUNDS, READERS = 60, 10, 2
START = multiprocessing.get_context("spawn")


def opened(root: Path) -> Workspace:
    return Workspace(config.load(config.Flags(directory=str(root))))


def ask(root: Path, ready: Event, stop: Event, answers: Path) -> None:
    """Recall again and again, each time as a new process would, and write down what was found."""
    counts = list[int]()
    while not stop.is_set():
        with suppress(MemError):  # a call that fails says so, with its exit code
            counts.append(len(recall(opened(root), RecallRequest("retry queue", limit=SIZE)).hits))
            ready.set()
    answers.write_text(" ".join(map(str, counts)))


@contextmanager
def readers(root: Path, place: Path) -> Iterator[list[Path]]:
    """Processes that ask while the block runs; the files with their counts afterwards."""
    stop, files = START.Event(), [place / f"reader-{number}" for number in range(READERS)]
    flags = [START.Event() for _ in files]
    running = [
        START.Process(target=ask, args=(root, flag, stop, file)) for flag, file in zip(flags, files, strict=True)
    ]
    for process in running:
        process.start()
    try:
        assert all(flag.wait(LIMIT) for flag in flags)
        yield files
    finally:
        stop.set()
        for process in running:
            process.join(LIMIT)


@pytest.fixture
def store(world: World) -> World:
    add_memories(opened(world.path), [{"body": f"The retry queue of part {n} has {n} slots."} for n in range(SIZE)])
    name = opened(world.path).selection.name
    assert name
    promote(opened(world.path), PromoteRequest(name, consent=True))
    recall(opened(world.path), RecallRequest("retry queue"))
    return world


def rebuild(root: Path, _number: int) -> None:
    sync_index(opened(root), rebuild=True)


def lose(root: Path, _number: int) -> None:
    shutil.rmtree(root / ".git" / "mem" / "index", ignore_errors=True)


def age(root: Path, _number: int) -> None:
    """What an older version of mem does: its schema is another one."""
    for database in (root / ".git" / "mem" / "index").glob("g-*/index.db"):
        with suppress(sqlite3.Error), sqlite3.connect(database) as connection:
            connection.execute("PRAGMA user_version = 1")
    sync_index(opened(root))


def switch_embedder(root: Path, number: int) -> None:
    use_embedder(root, ("none", "static")[number % 2])
    sync_index(opened(root))


def use_embedder(root: Path, name: str) -> None:
    subprocess.run(["git", "config", "mem.embedder", name], cwd=root, check=True)


def whole_answer(root: Path, embedder: str) -> int:
    """How many memories an undisturbed call finds."""
    use_embedder(root, embedder)
    return len(recall(opened(root), RecallRequest("retry queue", limit=SIZE)).hits)


@pytest.mark.parametrize("disturb", [rebuild, lose, age, switch_embedder])
def test_a_reader_beside_it_sees_the_whole_store(
    store: World, tmp_path: Path, disturb: Callable[[Path, int], None]
) -> None:
    expected = {whole_answer(store.path, name) for name in ("none", "static")}
    with readers(store.path, tmp_path) as files:
        for number in range(ROUNDS):
            disturb(store.path, number)
    counts = [int(count) for file in files for count in file.read_text().split()]
    assert len(counts) > READERS
    assert expected.issuperset(counts)


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(store: World) -> None:
    workspace = opened(store.path)
    expected = recall(workspace, RecallRequest("retry queue")).hits
    with pytest.raises(OSError), workspace.index.rebuilding():
        raise OSError("no space left")
    index = store.path / ".git" / "mem" / "index"
    assert len(list(index.glob("g-*"))) == 1
    assert recall(opened(store.path), RecallRequest("retry queue")).hits == expected
    assert list((index / "vectors").iterdir())
