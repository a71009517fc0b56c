"""What it takes to say that nothing is known: more evidence never silences, and what is named always speaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.memory.summary import Filters
from memcli.index.database.index import Index
from memcli.index.search.abstention import MODEL, NAMED, STATIC, WORDS, Evidence, bar, evidence_of, is_enough
from memcli.index.search.ranking import SearchRequest, search
from memcli.index.vectors.embedding import StaticEmbedder
from tests.index.memories import MAIN, change, manifest, memory_id

NOTES = [
    change("retry", "Failed deliveries go through the retry queue, seven attempts at most.", tags=("ledger",)),
    change("tax", "Tax is rounded per line, never per invoice.", paths=("src/tax.py",)),
    *(change(f"note{number}", f"Note {number} tells of nothing in particular.") for number in range(40)),
]
shares = st.floats(0, 1)
embedders = pytest.mark.parametrize("embedder", [None, "static-minilm-256", "onnx_mini_lm_l6_v2", "own-model"])


@embedders
@given(shares, shares, shares, shares, st.lists(shares))
def test_more_evidence_never_silences(
    embedder: str | None, coverage: float, more: float, cosine: float, nearer: float, others: list[float]
) -> None:
    evidence = evidence_of(coverage, [cosine, *others])
    stronger = Evidence(
        max(coverage, more), max(evidence.cosine, nearer), evidence.lead + max(0.0, nearer - evidence.cosine)
    )
    assert not is_enough(embedder, evidence, {}) or is_enough(embedder, stronger, {})


@embedders
def test_nothing_at_all_is_not_enough_and_every_word_is(embedder: str | None) -> None:
    assert not is_enough(embedder, evidence_of(0.0, []), {})
    assert is_enough(embedder, evidence_of(1.0, []), {})


@embedders
def test_what_is_named_is_shown(embedder: str | None) -> None:
    nothing = evidence_of(0.0, [])
    assert is_enough(embedder, nothing, {"exact": {"a": NAMED}})
    assert is_enough(embedder, nothing, {"anchor": {"a": 0.5}})
    assert not is_enough(embedder, nothing, {"exact": {"a": 0.1}, "anchor": {}})


def test_the_lead_is_that_of_the_best_cosine() -> None:
    assert evidence_of(0.1, [0.25, 0.5, 0.375]) == Evidence(0.1, 0.5, 0.125)
    assert evidence_of(0.1, [0.5]) == Evidence(0.1, 0.5, 0.0) and evidence_of(0.1, []) == Evidence(0.1, 0.0, 0.0)


def test_each_way_to_search_has_its_bar() -> None:
    assert [bar(name) for name in (None, "static-minilm-256", "onnx_mini_lm_l6_v2")] == [WORDS, STATIC, MODEL]


def test_without_words_in_common_a_model_may_answer_and_the_table_may_not() -> None:
    for evidence in (Evidence(0.0, 0.5), Evidence(0.0, 0.25, 0.12)):
        assert is_enough("onnx_mini_lm_l6_v2", evidence, {}) and not is_enough("static-minilm-256", evidence, {})


@pytest.mark.parametrize("embedder", [None, StaticEmbedder()], ids=["words", "static"])
@pytest.mark.parametrize(
    ("query", "answered"),
    [
        ("how many attempts do failed deliveries get", True),
        ("src/tax.py and its quarterly marketing budget", True),
        (f"{memory_id('tax')} quarterly marketing budget of Lisbon", True),
        ("quarterly marketing budget of the Lisbon office", False),
        ("which vaccine does the puppy need in spring", False),
    ],
)
def test_a_store_says_what_it_does_not_know(embedder: StaticEmbedder | None, query: str, answered: bool) -> None:
    with Index.open(None) as index:
        index.update(manifest(), NOTES)
        with index.view(MAIN, embedder=embedder) as view:
            answer = search(view, SearchRequest(query, Filters()))
            assert bool(answer.hits) is answered and answer.abstained is not answered
