"""The budgets of `mem report`: `python -m tests.benchmarks.report [--size 10000]` writes it and opens it in Chromium.

Seconds are those of the processor, so that what else runs counts little; opening is told by the clock of the browser.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import corpus
from tests.html.browser import chromium, visited

_OPENED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


def written(place: Path) -> float:
    """The processor time that `mem report` takes, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "memcli", "report", "-q"], cwd=place, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def opened(file: Path) -> float:
    """The seconds until Chromium has loaded a page, the best of three times."""
    with chromium() as browser:
        times = []
        for _ in range(3):
            with visited(browser, file) as visit:
                visit.page.wait_for_load_state("load")
                times.append(float(visit.page.evaluate(_OPENED)) / 1000)
        return min(times)


def main() -> None:
    """Print the figures of a store with so many memories."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    size = parser.parse_args().size
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch, "store")
        corpus.build(place, size)
        file = place / ".git/mem/report.html"
        first = written(place)
        print(f"report of {size:,} memories, index to be built: {first:.1f} s")
        print(f"report of {size:,} memories, index current: {written(place):.1f} s")
        print(f"size: {file.stat().st_size / 1e6:.1f} MB")
        print(f"opened in Chromium: {opened(file):.1f} s")
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
