"""The laws of fusion: bounded, monotone, settled by id, and blind to the order in which channels answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.index.search.fusion import RANKED, RULES, WEIGHTS, fuse, ranks, weights
from memcli.index.vectors.embedding import StaticEmbedder

names = st.sampled_from("abcdef")
scores = st.dictionaries(names, st.floats(0, 1))
answers = st.dictionaries(st.sampled_from(list(WEIGHTS)), scores)
rules = pytest.mark.parametrize("rule", RULES)


@rules
@given(answers)
def test_scores_lie_between_0_and_1_and_ties_go_by_id(rule: str, found: dict[str, dict[str, float]]) -> None:
    ranking = fuse(found, rule)
    assert all(0 <= score <= 1 + 1e-9 for _, score in ranking)
    assert ranking == sorted(ranking, key=lambda hit: (-hit[1], hit[0]))


@given(answers)
def test_everything_that_a_channel_found_is_ranked(found: dict[str, dict[str, float]]) -> None:
    assert {name for name, _ in fuse(found)} == {name for one in found.values() for name in one}
    assert {name for name, _ in fuse(found, "rrf")} == {name for channel in RANKED for name in found.get(channel, {})}


@rules
@given(answers)
def test_who_leads_in_every_channel_leads(rule: str, found: dict[str, dict[str, float]]) -> None:
    totals = dict(fuse(found, rule))
    asked = [found[name] for name in (RANKED if rule == "rrf" else WEIGHTS) if found.get(name)]
    for better in totals:
        for worse in totals:
            if all(one.get(better, -1.0) > one.get(worse, -1.0) + 1e-6 for one in asked):
                assert totals[better] > totals[worse]


@rules
@given(answers, names, st.floats(0, 1))
def test_a_better_score_in_one_channel_never_ranks_down(
    rule: str, found: dict[str, dict[str, float]], name: str, score: float
) -> None:
    lexical = found.get("lexical", {})
    if name not in lexical:
        return
    raised = {**found, "lexical": {**lexical, name: max(score, lexical[name])}}
    assert ranks(dict(fuse(raised, rule)))[name] <= ranks(dict(fuse(found, rule)))[name]


@rules
@given(answers)
def test_the_order_of_channels_and_of_their_answers_does_not_matter(
    rule: str, found: dict[str, dict[str, float]]
) -> None:
    turned = {name: dict(reversed(one.items())) for name, one in reversed(found.items())}
    assert dict(fuse(turned, rule)) == pytest.approx(dict(fuse(found, rule)))


def test_recency_and_importance_only_settle_what_is_close() -> None:
    weak = {"recency": {"b": 1.0}, "importance": {"b": 1.0}}
    assert fuse({"lexical": {"a": 1.0, "b": 0.95}, **weak})[0][0] == "a"
    assert fuse({"lexical": {"a": 1.0, "b": 0.99}, **weak})[0][0] == "b"


@pytest.mark.parametrize(
    ("embedder", "nearer", "worth_it"),
    [
        (StaticEmbedder.name, 0.52, False),  # two fifths of the best match of words outweigh it
        (StaticEmbedder.name, 0.55, True),
        ("onnx_mini_lm_l6_v2", 0.19, False),  # a model knows sentences: half as much is enough
        ("onnx_mini_lm_l6_v2", 0.21, True),
    ],
)
def test_how_much_nearer_makes_up_for_two_fifths_fewer_words(embedder: str, nearer: float, worth_it: bool) -> None:
    """The weights were chosen on public sets (docs/benchmarks.md): another one needs new figures there."""
    channels = {"lexical": {"words": 1.0, "meaning": 0.6}, "dense": {"words": 0.2, "meaning": 0.2 + nearer}}
    best, _ = fuse(channels, weighing=weights(embedder))[0]
    assert best == ("meaning" if worth_it else "words")


def test_reciprocal_ranks_forget_by_how_much() -> None:
    found = {"lexical": {"a": 1.0, "b": 0.01}, "dense": {"b": 0.6, "a": 0.5}}
    assert fuse(found)[0][0] == "a"
    assert [score for _, score in fuse(found, "rrf")] == [pytest.approx((1 + 61 / 62) / 2)] * 2
