"""The page of a large store: its size, what it lists, and what it only counts."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import corpus

COUNT = 1_000


@pytest.fixture(scope="module")
def page(sealed_world: Path, tmp_path_factory: pytest.TempPathFactory) -> str:  # noqa: ARG001
    place = tmp_path_factory.mktemp("large") / "store"
    corpus.build(place, COUNT)
    command = [sys.executable, "-m", "memcli", "report", "-o", "-"]
    return subprocess.run(command, cwd=place, check=True, capture_output=True, text=True).stdout


def test_ten_thousand_memories_fit_into_15_megabytes(page: str) -> None:
    assert len(page.encode()) < 15_000_000 / 10_000 * COUNT


def test_every_memory_is_there_once(page: str) -> None:
    ids = re.findall(r'<div id="m-(\w{26})">', page)
    assert len(ids) == len(set(ids)) == COUNT
    assert {*re.findall(r'href="#m-(\w{26})"', page)} <= {*ids}


def test_sections_list_a_hundred_and_count_the_rest(page: str) -> None:
    learned = page.partition('<h2 id="learned">')[2].partition("<h2 ")[0]
    assert learned.count("<li>") == 100 and "The newest 100 of 1,000 are listed" in learned
    stale = page.partition('<h2 id="stale">')[2].partition("<h2 ")[0]
    assert stale.count("<li>") == 100 and "… and 400 more" in stale


def test_the_map_has_at_most_240_memories(page: str) -> None:
    assert 0 < page.count("<circle ") <= 240
