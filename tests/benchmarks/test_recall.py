"""The floor under recall on public sets, by words and meaning: never below the best single channel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.index.search.ranking import SearchRequest, search
from memcli.index.vectors.embedding import StaticEmbedder
from tests.benchmarks.measures import interval, mean, quality
from tests.benchmarks.recall import measure, ways
from tests.benchmarks.sets import corpus, opened, store
from tests.needs import needs_corpora

EVERY = {"locomo": 3, "faq": 5}
"""Of the larger sets, every n-th question."""


@needs_corpora
@pytest.mark.parametrize(
    ("name", "r5", "mrr"),
    [
        ("memstore_en", 0.98, 0.96),
        ("memstore_xx", 0.98, 0.96),
        ("rust_rfc", 0.91, 0.86),
        ("faq", 0.84, 0.66),
        ("locomo", 0.58, 0.45),
    ],
)
def test_fused_recall_is_above_its_floor_and_its_channels(name: str, r5: float, mrr: float) -> None:
    making = StaticEmbedder()
    with store(name, making) as index, opened(index, making) as view:
        questions = corpus(name).answerable[:: EVERY.get(name, 1)]
        found = {way: measure(view, questions, way, answered).mean for way, answered in ways(True).items()}
    fused = found.pop("fused")
    assert fused.r5 >= r5 and fused.mrr >= mrr
    assert fused.r5 >= max(one.r5 for one in found.values()) - 0.005


@needs_corpora
def test_questions_of_another_field_are_not_answered() -> None:
    making = StaticEmbedder()
    foreign = [one for name in ("faq", "pep_cite", "rust_rfc") for one in corpus(name).answerable[:15]]
    with store("locomo", making) as index, opened(index, making) as view:
        assert sum(search(view, SearchRequest(one.query)).abstained for one in foreign) / len(foreign) >= 0.8
        own = corpus("locomo").answerable[::4]
        assert sum(search(view, SearchRequest(one.query)).abstained for one in own) / len(own) <= 0.05


def test_measures_of_known_rankings() -> None:
    perfect, last = quality(["a", "b"], frozenset("ab")), quality([*"cdefghijka"], frozenset("a"))
    assert (perfect.r1, perfect.r5, perfect.mrr, perfect.ndcg) == (0.5, 1.0, 1.0, 1.0)
    assert (last.r5, last.r10, last.mrr) == (0.0, 1.0, 0.1)
    assert mean([perfect, last]).mrr == pytest.approx(0.55)
    assert quality([], frozenset("a")).ndcg == 0.0


@given(st.lists(st.floats(0, 1), min_size=2, max_size=50))
def test_the_interval_lies_around_the_mean(values: list[float]) -> None:
    low, high = interval(values, 200)
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9
