"""Times of whole processes as ratios to a bare Python start.

Every round starts a bare `python -c pass` beside the command it measures, so that a busy machine slows both down; a
figure is the command's median (and 95th percentile) over the median of the bare starts of the same rounds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One line of the table; `median` and `p95` in `unit`: `B` (bare starts), `s` or `ms`. `size`: memories held."""

    work: str
    size: int
    median: float
    p95: float
    unit: str
    budget: str
    runs: int

    def row(self) -> str:
        cells = (self.work, f"{self.size:,}" if self.size else "", self._shown(self.median), self._shown(self.p95))
        return f"| {' | '.join(cells)} | {self.budget} |"

    def _shown(self, value: float) -> str:
        return f"{value:.1f} {self.unit}" if self.unit else f"{value:.0f}"


class Program:
    """`mem` as a user starts it, in a sealed world below `home`, and the bare start it is compared with."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ}
        self.environment = {
            **kept, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "TZ": "UTC",
            "GIT_CONFIG_GLOBAL": os.devnull, "USER": "bench", "GIT_AUTHOR_NAME": "Bench",
            "GIT_AUTHOR_EMAIL": "bench@example.org", "GIT_COMMITTER_NAME": "Bench",
            "GIT_COMMITTER_EMAIL": "bench@example.org",
        }  # fmt: skip
        script = Path(sys.executable).with_name("mem")
        self.mem = [str(script)] if script.exists() else [sys.executable, "-m", "memcli"]

    def start(self, command: Sequence[str], place: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            cwd=place,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def run(self, command: Sequence[str], place: Path) -> float:
        """Seconds from start to exit. Raises RuntimeError where the command fails."""
        began = time.perf_counter()
        _finished(self.start(command, place))
        return time.perf_counter() - began

    def largest(self, command: Sequence[str], place: Path) -> float:
        """The largest resident size of the process, in megabytes."""
        process = self.start(command, place)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        _finished(process)
        return usage.ru_maxrss / 1024

    def acknowledged(self, command: Sequence[str], place: Path, journal: Path) -> tuple[float, float]:
        """(seconds until a new entry is in the journal, seconds until exit)."""
        known = _entries(journal)
        began = time.perf_counter()
        process = self.start(command, place)
        while process.poll() is None and not _entries(journal) - known:
            time.sleep(0.001)
        seen = time.perf_counter() - began
        _finished(process)
        return seen, time.perf_counter() - began

    def bare(self, place: Path) -> float:
        return self.run([sys.executable, "-c", "pass"], place)


def _finished(process: subprocess.Popen[bytes]) -> None:
    _, said = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{process.args!r} exited {process.returncode}: {said.decode(errors='replace')}")


def _entries(journal: Path) -> set[str]:
    """The operations that are in the journal, carried out or not."""
    places = [journal, *(journal / "done").glob("*")]
    return {item.name for place in places if place.is_dir() for item in os.scandir(place) if len(item.name) == 26}


def interleaved(runs: int, bare: Callable[[], float], work: Callable[[int], Sequence[float]]) -> list[list[float]]:
    """For each time that `work(round)` returns, its ratios to the median bare start over all rounds, sorted."""
    starts, rounds = list[float](), list[Sequence[float]]()
    for number in range(runs):
        starts.append(bare())
        rounds.append(work(number))
    base = statistics.median(starts)
    return [sorted(times[place] / base for times in rounds) for place in range(len(rounds[0]))]


def percentile(values: Iterable[float], share: float) -> float:
    """The value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def figure(work: str, size: int, ratios: Sequence[float], budget: str, unit: str = "B") -> Figure:
    return Figure(work, size, statistics.median(ratios), percentile(ratios, 0.95), unit, budget, len(ratios))
