"""Many writers at once, through the library: each a process of its own that adds memories to one of eight sessions."""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import replace
from pathlib import Path

from memcli.config import Flags, load
from memcli.operations.memories.add import add_memories
from memcli.operations.writing.transaction import try_drain
from memcli.state.journal import Journal, JournalEntry
from memcli.workspace import Workspace
from tests.benchmarks.corpus import draft

SESSIONS = 8


class _TimedJournal(Journal):
    """A journal that notes when an entry was acknowledged."""

    at = 0.0

    def append(self, entry: JournalEntry) -> str:
        state = super().append(entry)
        self.at = time.perf_counter()
        return state


def write(place: Path, writer: int, count: int) -> list[tuple[str, float, float]]:
    """(id, seconds until acknowledged, seconds until answered) of each of one writer's memories."""
    found = []
    config = replace(load(Flags(directory=str(place))), agent=None, session=f"writers-{writer % SESSIONS}")
    for number in range(count):
        workspace = Workspace(config)
        workspace.__dict__["journal"] = timed = _TimedJournal(workspace.layout)
        began = time.perf_counter()
        (added,) = add_memories(workspace, [draft(10_000_000 + writer * count + number)])
        found.append((added.id, timed.at - began, time.perf_counter() - began))
    return found


def race(place: Path, writers: int, count: int) -> tuple[float, list[float], list[float], int]:
    """(seconds in all, times until acknowledged, times until answered, memories lost) of all writers at once."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(writers) as pool:
        began = time.perf_counter()
        rounds = pool.starmap(write, [(place, writer, count) for writer in range(writers)], chunksize=1)
        seconds = time.perf_counter() - began
    written = [one for found in rounds for one in found]
    lost = len({memory_id for memory_id, _, _ in written} - _held(place))
    lost += writers * count - len({memory_id for memory_id, _, _ in written})
    return seconds, [one[1] for one in written], [one[2] for one in written], lost


def _held(place: Path) -> set[str]:
    """The ids of the candidates of all open sessions, after everything queued has been carried out."""
    workspace = Workspace(replace(load(Flags(directory=str(place))), agent=None, session=None))
    try_drain(workspace, None, 60)
    sessions = workspace.sessions.all()
    return {one.id for session in sessions for one in workspace.sessions.candidates(session)}
