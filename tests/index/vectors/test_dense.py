"""The dense side of a view: exact over what it shows, filled as the index grows, silent where it fails.

The embedder of these tests is a real small one: every word has a direction of its own, found by hashing.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from memcli.core.memory.summary import Filters
from memcli.index.database.index import Index
from memcli.index.database.view import ACTIVE, ANY
from memcli.index.vectors.embedding import Unavailable, unit
from tests.index.memories import MAIN, SESSION, change, gone, manifest, memory_id


@dataclass
class Words:
    """A text is the sum of its words' directions; `asked` holds every text that was embedded."""

    name: str = "words"
    quick: bool = True
    broken: bool = False
    asked: list[str] = field(default_factory=list)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if self.broken:
            raise Unavailable("the words are gone", "bring them back")
        self.asked += texts
        return [unit(self._sum(text).tolist()) for text in texts]

    def _sum(self, text: str) -> NDArray[np.float64]:
        seeds = [int.from_bytes(hashlib.md5(word.encode()).digest()[:4], "big") for word in text.lower().split()]
        directions = [np.random.default_rng(seed).normal(size=64) for seed in seeds]
        return np.sum(directions, axis=0) if directions else np.zeros(64)


PARAGRAPHS = [f"paragraph {number} " + "filler " * 90 for number in range(9)]
STORE = [
    change("retry", "webhook deliveries retry"),
    change("ledger", "the ledger locks its rows", topic="payments"),
    change("deploy", "deploy on fridays"),
    change("old", "webhook retry retired", status="retired"),
    change("long", "\n\n".join([*PARAGRAPHS, "# Zebra", "zebra crossing\n"])),
]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    with Index.open(tmp_path / "index") as index:
        index.update(manifest(), STORE)
    return tmp_path / "index"


def nearest(index: Index, words: Words, text: str, filters: Filters = ACTIVE, limit: int = 10) -> list[str]:
    with index.view(MAIN, embedder=words) as view:
        assert view.dense, view.degraded
        return [memory_id for memory_id, _ in view.dense.nearest(text, limit, filters)]


def test_the_nearest_comes_first_and_filters_hold(directory: Path) -> None:
    with Index.open(directory) as index:
        words = Words()
        assert nearest(index, words, "webhook deliveries retry")[0] == memory_id("retry")
        assert memory_id("old") not in nearest(index, words, "webhook retry retired")
        assert nearest(index, words, "webhook retry retired", ANY)[0] == memory_id("old")
        assert nearest(index, words, "webhook", Filters(topics=("payments",))) == [memory_id("ledger")]
        assert len(nearest(index, words, "webhook", limit=2)) == 2


def test_a_long_memory_is_as_near_as_its_nearest_part(directory: Path) -> None:
    with Index.open(directory) as index, index.view(MAIN, embedder=Words()) as view:
        assert view.dense
        (best, cosine), *_ = view.dense.nearest("zebra crossing", 3, ACTIVE)
        assert best == memory_id("long")
        assert view.dense.cosines("zebra crossing", [memory_id("long"), memory_id("retry")])[best] == cosine


def test_nothing_is_embedded_twice_across_processes_rebuilds_and_refs(directory: Path) -> None:
    words = Words()
    with Index.open(directory) as index:
        nearest(index, words, "q")
    once = len(words.asked)
    for generation in directory.glob("g-*"):
        shutil.rmtree(generation)
    with Index.open(directory) as index:
        index.update(manifest("u"), STORE)
        index.update(manifest("s", SESSION), [change("ledger", "the ledger locks its rows", topic="payments")])
        nearest(index, words, "q")
    assert len(words.asked) == once + 1  # the question


def test_what_is_laid_over_is_found_and_what_it_shadows_is_not(directory: Path) -> None:
    words = Words()
    with Index.open(directory) as index:
        index.update(manifest("s", SESSION), [change("retry", "bananas")])
        with index.view(MAIN, SESSION, [change("new", "walrus")], words) as view:
            assert view.dense
            assert view.dense.nearest("walrus", 1, ACTIVE)[0][0] == memory_id("new")
            assert memory_id("retry") == view.dense.nearest("bananas", 1, ACTIVE)[0][0]
            assert view.dense.cosines("webhook deliveries retry", [memory_id("retry")])[memory_id("retry")] < 0.6
        assert nearest(index, words, "webhook deliveries retry")[0] == memory_id("retry")


@pytest.mark.parametrize("harm", ["vectors gone", "older vectors", "index gone", "older index"])
def test_the_next_view_restores_lost_vectors(directory: Path, tmp_path: Path, harm: str) -> None:
    def asked() -> list[str]:
        with Index.open(directory) as index:
            if index.manifest(MAIN) is None or index.manifest(MAIN) == manifest():
                known = index.manifest(MAIN)
                changes = [*(STORE if known is None else []), change("new", "walrus"), gone("deploy")]
                index.update(manifest("u"), changes)
            return nearest(index, Words(), "walrus webhook", ANY)

    with Index.open(directory) as index:
        nearest(index, Words(), "q")
    shutil.copytree(directory, tmp_path / "older")
    before = asked()
    victim = directory / "vectors" if "vectors" in harm else next(directory.glob("g-*"))
    shutil.rmtree(victim)
    if "older" in harm:
        shutil.copytree(tmp_path / "older" / victim.relative_to(directory), victim)
    assert asked() == before and memory_id("new") in before


def test_a_failing_embedder_says_so_and_a_slow_one_is_not_waited_for(directory: Path) -> None:
    with Index.open(directory) as index:
        with index.view(MAIN, embedder=Words(broken=True)) as view:
            assert view.dense is None and view.degraded == "the words are gone"
        index.update(manifest("many"), [change(f"m{number}", f"text {number}") for number in range(80)])
        slow = Words(quick=False)
        with index.view(MAIN, embedder=slow) as view:
            assert view.dense is None and "have no vectors of words yet" in (view.degraded or "")
        assert slow.asked == []
        assert index.embed(slow) > 80
        assert nearest(index, slow, "text 7", limit=1)
        with index.view(MAIN, embedder=slow) as view:
            assert view.dense
            slow.broken = True
            assert view.dense.nearest("another", 3, ACTIVE) == [] and view.degraded == "the words are gone"


def test_in_memory_and_below_a_read_only_directory_it_answers_the_same(directory: Path) -> None:
    with Index.open(None) as index:
        index.update(manifest(), STORE)
        expected = nearest(index, Words(), "webhook deliveries")
    with Index.open(directory) as index:
        index.database.persistent = False
        assert nearest(index, Words(), "webhook deliveries") == expected
        with index.view(MAIN, extra=[change("new", "walrus")], embedder=Words()) as view:
            assert view.dense and view.dense.nearest("walrus", 1, ACTIVE)[0][0] == memory_id("new")
