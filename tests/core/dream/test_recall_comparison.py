"""Recall before and after: which queries are run again, and which answers count as lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.dream.recall_comparison import (
    RecallSide,
    RecordedQuery,
    Successor,
    choose_queries,
    lost_answers,
    recorded_queries,
)
from memcli.core.session.reads import Read

Comparison = tuple[tuple[RecordedQuery, ...], RecallSide, RecallSide]
NAMES = "abcdefgh"
ids = st.lists(st.sampled_from(NAMES), max_size=6, unique=True).map(tuple)
QUERIES = st.lists(
    st.builds(RecordedQuery, st.text("xyz", min_size=1, max_size=2), st.just(""), st.integers(1, 5), ids),
    max_size=5,
    unique_by=lambda query: query.query,
).map(tuple)


def successor(name: str | None) -> Successor:
    return Successor(name, f"Title {name}", "", "" if name else "retired: old")


@st.composite
def sides(draw: st.DrawFn, queries: tuple[RecordedQuery, ...]) -> RecallSide:
    """A side on which some of the queries were run."""
    names = draw(st.dictionaries(st.sampled_from(NAMES), st.one_of(st.none(), st.sampled_from(NAMES))))
    successors = {memory_id: successor(name) for memory_id, name in names.items()}
    run = draw(st.sets(st.sampled_from(queries))) if queries else set()
    answers = {query: draw(ids) for query in sorted(run, key=lambda query: query.query)}
    return RecallSide(1, 1, None, None, successors, answers)


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    queries = draw(QUERIES)
    return queries, draw(sides(queries)), draw(sides(queries))


@given(comparisons())
def test_a_side_loses_nothing_against_itself(comparison: Comparison) -> None:
    queries, side, _ = comparison
    assert lost_answers(queries, side, side) == ()


@given(comparisons())
def test_a_lost_answer_was_given_before_and_is_not_given_after(comparison: Comparison) -> None:
    queries, before, after = comparison
    by_text = {query.query: query for query in queries}
    answers = lost_answers(queries, before, after)
    assert len({(answer.query, answer.id) for answer in answers}) == len(answers)
    for answer in answers:
        query = by_text[answer.query]
        assert answer.id in {before.successors[name].id for name in query.ids if name in before.successors}
        assert answer.reason
        if query in before.answers and query in after.answers:
            assert answer.id in before.answers[query] and answer.id not in after.answers[query]


@given(comparisons(), st.sampled_from(NAMES))
def test_a_longer_answer_loses_no_more(comparison: Comparison, name: str) -> None:
    queries, before, after = comparison
    longer = {query: (*answer, name) for query, answer in after.answers.items()}
    fewer = {(lost.query, lost.id) for lost in lost_answers(queries, before, replace(after, answers=longer))}
    assert fewer <= {(lost.query, lost.id) for lost in lost_answers(queries, before, after)}


@given(QUERIES, st.data(), st.integers(0, 4), st.integers(0, 4))
def test_queries_about_changed_memories_come_first_and_none_twice(
    queries: tuple[RecordedQuery, ...], data: st.DataObject, least: int, most: int
) -> None:
    before, after = (data.draw(sides(queries)).successors for _ in range(2))
    chosen = choose_queries(queries, before, after, least, most)
    assert len(set(chosen)) == len(chosen) <= max(least, most) and set(chosen) <= set(queries)
    changed = [any(_has_changed(name, before, after) for name in query.ids) for query in chosen]
    assert changed == sorted(changed, reverse=True)
    assert len(chosen) == min(len(queries), max(most, min(least, sum(changed))))


def _has_changed(name: str, before: Mapping[str, Successor], after: Mapping[str, Successor]) -> bool:
    return name in before and before[name].id is not None and before[name] != after.get(name)


QUERY = RecordedQuery("retries", "", 10, ("a",))


def side(answer: str | None, **names: str | None) -> RecallSide:
    successors = {memory_id: successor(name) for memory_id, name in names.items()}
    return RecallSide(1, 1, None, None, successors, {} if answer is None else {QUERY: tuple(answer)})


def reasons(before: RecallSide, after: RecallSide) -> list[str]:
    return [answer.reason for answer in lost_answers([QUERY], before, after)]


def test_a_retired_memory_is_lost_at_any_rank() -> None:
    assert reasons(side("bcdefa", a="a"), side("bcdef", a=None)) == ["retired: old"]
    assert reasons(side("bcdef", a="a"), side("bcdef", a=None)) == []


def test_a_successor_answers_in_place_of_a_memory() -> None:
    assert reasons(side("a", a="a"), side("h", a="h")) == []
    assert reasons(side("a", a="a"), side("b", a="h")) == [", which does not answer this"]


def test_a_memory_superseded_before_is_compared_by_its_successor() -> None:
    assert reasons(side("h", a="h"), side("", a=None)) == ["retired: old"]
    assert reasons(side("h", a="h"), side("h", a="h")) == []


def test_an_active_memory_is_only_lost_from_the_top() -> None:
    assert reasons(side("bca", a="a"), side("bcd", a="a")) == ["was answer 3, is not among the 3 answers now"]
    assert reasons(side("bcda", a="a"), side("bcd", a="a")) == []


def test_only_the_successor_counts_where_a_query_is_not_run() -> None:
    assert reasons(side(None, a="a"), side(None, a=None)) == ["retired: old"]
    assert reasons(side(None, a="a"), side(None, a="h")) == []
    assert reasons(side(None, a="a"), side(None)) == ["no longer in the store"]


def read(query: str, *shown: str, at: int = 0, op: str = "recall", **parameters: object) -> Read:
    pairs = tuple((memory_id, "0" * 40) for memory_id in shown)
    return Read(op, f"2026-11-20T00:00:{at:02}Z", "", query, parameters, pairs, "")


def test_queries_are_distinct_recalls_of_the_present_newest_first() -> None:
    reads = [
        read("retries", "a", n=5), read("deploys", "b", n=3), read("as of", "a", as_of={"commit": "x"}),
        read("valid at", "a", valid_at="2026-01-01T00:00:00Z"), read("shown", "a", op="show"), read("nothing"),
        read(" ", "a"), read("retries ", "c", "a", n=2), read("deploys", "b", n=3, like="on Tuesdays"),
    ]  # fmt: skip
    assert recorded_queries(reads) == (
        RecordedQuery("deploys", "on Tuesdays", 3, ("b",)),
        RecordedQuery("retries", "", 5, ("c", "a")),
        RecordedQuery("deploys", "", 3, ("b",)),
    )


def test_hostile_parameters_and_floods_are_bounded() -> None:
    odd = [read("x" * 9_000, "a", n=10**30, like=7), read("y", "a", n="ten"), read("z", "a", n=-4)]
    queries = {query.query[0]: query for query in recorded_queries(odd)}
    assert (len(queries["x"].query), queries["x"].limit, queries["x"].like) == (2_000, 50, "")
    assert queries["y"].limit == queries["z"].limit == 10
    many = recorded_queries([read(f"question {number}", "a") for number in range(200)])
    assert [query.query for query in many[:2]] == ["question 199", "question 198"] and len(many) == 50
