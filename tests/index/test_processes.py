"""Several processes on one index: nobody ever sees half an update, and a killed writer leaves the last whole one."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

from memcli.errors import Busy, Conflict
from memcli.index.database.index import Index
from memcli.index.storage.manifest import FileChange
from tests.index.memories import MAIN, SESSION, change, gone, manifest
from tests.waiting import LIMIT

SIZE = 12
START = multiprocessing.get_context("spawn")


def version(number: int) -> list[FileChange]:
    """A tree in which every file says the same number; even versions have one file more."""
    files = [change(f"note{place}", f"version{number} of the webhook") for place in range(SIZE)]
    return [*files, change("extra", f"version{number}") if number % 2 == 0 else gone("extra")]


def write(directory: Path, first: int, rounds: int) -> None:
    with Index.open(directory) as index:
        for number in range(first, first + rounds):
            update(index, number)


def update(index: Index, number: int) -> None:
    """One version written; on a machine that is very busy the other writer may hold the index for too long at first."""
    while True:
        try:
            return index.update(manifest(f"version{number}"), version(number), replace=number % 3 == 0)
        except Busy:
            continue


View = tuple[set[str], int, int]
"""What a reader saw: the versions of all texts, the number of memories, and how many the words find."""


def read(directory: Path, session: bool, pipe: Connection, finished: Event) -> None:
    """Sends its first view, then all of them, the last of which began after the writers had finished."""
    queued = [change("queued", "of the webhook")] if session else []
    with Index.open(directory) as index:
        views = [look(index, queued)]
        pipe.send(views[0])
        while not finished.is_set():
            views.append(look(index, queued))
        pipe.send([*views, look(index, queued)])


def look(index: Index, queued: list[FileChange]) -> View:
    with index.view(MAIN, SESSION, queued) as view:
        texts = [view.text(record) for record in view.records()]
        versions = {text.rsplit("version", 1)[1].split()[0] for text in texts if "version" in text}
        words = view.fulltext.frequencies(f"version{number}" for number in versions)
        return versions, len(texts) - len(queued), sum(words.values())


def test_readers_see_whole_updates_only(tmp_path: Path) -> None:
    with Index.open(tmp_path) as index:
        index.update(manifest("version1"), version(1))
    writers = [START.Process(target=write, args=(tmp_path, first, 25)) for first in (100, 201)]
    pipes, finished = [START.Pipe(duplex=False) for _ in range(2)], START.Event()
    readers = [
        START.Process(target=read, args=(tmp_path, place == 1, there, finished))
        for place, (_, there) in enumerate(pipes)
    ]
    run(readers)
    for here, there in pipes:
        there.close()
        assert here.recv()[0] == {"1"}
    run(writers)
    join(writers)
    finished.set()
    for here, _ in pipes:
        views: list[View] = here.recv()
        assert views[-1][0] in ({"124"}, {"225"})
        for versions, memories, worded in views:
            (number,) = versions
            assert memories == worded == SIZE + (int(number) % 2 == 0)
    join(readers)


def run(processes: Sequence[BaseProcess]) -> None:
    for process in processes:
        process.start()


def join(processes: Sequence[BaseProcess]) -> None:
    for process in processes:
        process.join(LIMIT)
        assert process.exitcode == 0


def write_and_wait(directory: Path, told: Connection) -> None:
    def changes() -> Iterator[FileChange]:
        yield from version(2)[: SIZE // 2]
        told.send("half")
        signal.pause()

    with Index.open(directory) as index:
        index.update(manifest("version2"), changes(), replace=True)


def test_a_killed_writer_leaves_the_last_whole_update(tmp_path: Path) -> None:
    with Index.open(tmp_path) as index:
        index.update(manifest("version1"), version(1))
        digest = index.digest(MAIN)
    here, there = START.Pipe(duplex=False)
    writer = START.Process(target=write_and_wait, args=(tmp_path, there))
    writer.start()
    there.close()
    assert here.recv() == "half"
    with Index.open(tmp_path) as index:
        assert index.digest(MAIN) == digest
        with index.view(MAIN, SESSION, [change("queued", "webhook")]) as view:
            assert view.count() == SIZE + 1, "a view with candidates works on a copy while another process writes"
        assert writer.pid
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        assert index.digest(MAIN) == digest and index.problems() == []
        index.update(manifest("version2"), version(2))
        assert index.manifest(MAIN) == manifest("version2")


def step(directory: Path, names: list[str], told: Connection) -> None:
    """Adds one memory per name, each on top of whatever tree is indexed by then."""
    refused = 0
    with Index.open(directory) as index:
        for name in names:
            while True:
                now = index.manifest(MAIN)
                assert now
                try:
                    index.update(manifest(f"{now.tree}+{name}"), [change(name, name)], base=now.tree)
                    break
                except Conflict:
                    refused += 1
    told.send(refused)


def test_two_that_catch_up_at_once_lose_nothing(tmp_path: Path) -> None:
    with Index.open(tmp_path) as index:
        index.update(manifest("root"), [])
    names = [[f"{writer}{number}" for number in range(15)] for writer in ("a", "b")]
    pipes = [START.Pipe(duplex=False) for _ in names]
    processes = [
        START.Process(target=step, args=(tmp_path, mine, pipe[1])) for mine, pipe in zip(names, pipes, strict=True)
    ]
    run(processes)
    for here, there in pipes:
        there.close()
        here.recv()
    join(processes)
    with Index.open(tmp_path) as index, index.view(MAIN) as view:
        found = index.manifest(MAIN)
        assert found and sorted(found.tree.split("+")[1:]) == sorted(names[0] + names[1])
        assert view.count() == 30
