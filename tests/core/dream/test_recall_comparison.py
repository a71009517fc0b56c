"""Before and after: which questions are asked again, and which answers count as lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.dream.recall_comparison import Question, Side, Standing, chosen, lost, questions_of
from memcli.core.session.reads import Read

NAMES = "abcdefgh"
ids = st.lists(st.sampled_from(NAMES), max_size=6, unique=True).map(tuple)
QUESTIONS = st.lists(
    st.builds(Question, st.text("xyz", min_size=1, max_size=2), st.just(""), st.integers(1, 5), ids),
    max_size=5,
    unique_by=lambda one: one.query,
).map(tuple)


def standing(name: str | None) -> Standing:
    return Standing(name, f"Title {name}", "", "" if name else "retired: old")


@st.composite
def sides(draw: st.DrawFn, questions: tuple[Question, ...]) -> Side:
    """A side that was asked some of the questions."""
    speakers = draw(st.dictionaries(st.sampled_from(NAMES), st.one_of(st.none(), st.sampled_from(NAMES))))
    standings = {name: standing(speaker) for name, speaker in speakers.items()}
    asked = draw(st.sets(st.sampled_from(questions))) if questions else set()
    return Side(1, 1, None, standings, {one: draw(ids) for one in sorted(asked, key=lambda one: one.query)})


@st.composite
def comparisons(draw: st.DrawFn) -> tuple[tuple[Question, ...], Side, Side]:
    questions = draw(QUESTIONS)
    return questions, draw(sides(questions)), draw(sides(questions))


@given(comparisons())
def test_nothing_is_lost_against_itself(found: tuple[tuple[Question, ...], Side, Side]) -> None:
    questions, side, _ = found
    assert lost(questions, side, side) == ()


@given(comparisons())
def test_what_is_lost_was_answered_before_and_is_not_after(found: tuple[tuple[Question, ...], Side, Side]) -> None:
    questions, before, after = found
    by_query = {one.query: one for one in questions}
    told = lost(questions, before, after)
    assert len({(one.query, one.id) for one in told}) == len(told)
    for one in told:
        question = by_query[one.query]
        assert one.id in {before.standings[name].speaker for name in question.ids if name in before.standings}
        assert one.reason
        if question in before.answers and question in after.answers:
            assert one.id in before.answers[question] and one.id not in after.answers[question]


@given(comparisons(), st.sampled_from(NAMES))
def test_a_longer_answer_loses_no_more(found: tuple[tuple[Question, ...], Side, Side], name: str) -> None:
    questions, before, after = found
    longer = {one: (*answer, name) for one, answer in after.answers.items()}
    more = {(one.query, one.id) for one in lost(questions, before, replace(after, answers=longer))}
    assert more <= {(one.query, one.id) for one in lost(questions, before, after)}


@given(QUESTIONS, st.data(), st.integers(0, 4), st.integers(0, 4))
def test_what_changed_is_asked_first_and_no_question_twice(
    questions: tuple[Question, ...], data: st.DataObject, least: int, most: int
) -> None:
    before, after = (data.draw(sides(questions)).standings for _ in range(2))
    found = chosen(questions, before, after, least, most)
    assert len(set(found)) == len(found) <= max(least, most) and set(found) <= set(questions)
    changed = [any(_moved(name, before, after) for name in one.ids) for one in found]
    assert changed == sorted(changed, reverse=True)
    assert len(found) == min(len(questions), max(most, min(least, sum(changed))))


def _moved(name: str, before: Mapping[str, Standing], after: Mapping[str, Standing]) -> bool:
    return name in before and before[name].speaker is not None and before[name] != after.get(name)


QUESTION = Question("retries", "", 10, ("a",))


def side(answer: str | None, **speakers: str | None) -> Side:
    standings = {name: standing(speaker) for name, speaker in speakers.items()}
    return Side(1, 1, None, standings, {} if answer is None else {QUESTION: tuple(answer)})


def reasons(before: Side, after: Side) -> list[str]:
    return [one.reason for one in lost([QUESTION], before, after)]


def test_a_retired_memory_is_lost_at_any_rank() -> None:
    assert reasons(side("bcdefa", a="a"), side("bcdef", a=None)) == ["retired: old"]
    assert reasons(side("bcdef", a="a"), side("bcdef", a=None)) == []


def test_an_heir_answers_for_it() -> None:
    assert reasons(side("a", a="a"), side("h", a="h")) == []
    assert reasons(side("a", a="a"), side("b", a="h")) == [", which does not answer this"]


def test_what_was_superseded_before_is_followed_to_its_heir() -> None:
    assert reasons(side("h", a="h"), side("", a=None)) == ["retired: old"]
    assert reasons(side("h", a="h"), side("h", a="h")) == []


def test_falling_behind_counts_among_the_first_only() -> None:
    assert reasons(side("bca", a="a"), side("bcd", a="a")) == ["was answer 3, is none of 3 now"]
    assert reasons(side("bcda", a="a"), side("bcd", a="a")) == []


def test_where_a_question_is_not_asked_again_only_who_stands_counts() -> None:
    assert reasons(side(None, a="a"), side(None, a=None)) == ["retired: old"]
    assert reasons(side(None, a="a"), side(None, a="h")) == []
    assert reasons(side(None, a="a"), side(None)) == ["no longer in the store"]


def read(query: str, *shown: str, at: int = 0, op: str = "recall", **parameters: object) -> Read:
    pairs = tuple((one, "0" * 40) for one in shown)
    return Read(op, f"2026-11-20T00:00:{at:02}Z", "", query, parameters, pairs, "")


def test_questions_are_distinct_recalls_of_the_present_the_newest_first() -> None:
    reads = [
        read("retries", "a", n=5), read("deploys", "b", n=3), read("as of", "a", as_of={"commit": "x"}),
        read("valid at", "a", valid_at="2026-01-01T00:00:00Z"), read("shown", "a", op="show"), read("nothing"),
        read(" ", "a"), read("retries ", "c", "a", n=2), read("deploys", "b", n=3, like="on Tuesdays"),
    ]  # fmt: skip
    assert questions_of(reads) == (
        Question("deploys", "on Tuesdays", 3, ("b",)),
        Question("retries", "", 5, ("c", "a")),
        Question("deploys", "", 3, ("b",)),
    )


def test_hostile_parameters_and_floods_are_bounded() -> None:
    odd = [read("x" * 9_000, "a", n=10**30, like=7), read("y", "a", n="ten"), read("z", "a", n=-4)]
    found = {one.query[0]: one for one in questions_of(odd)}
    assert (len(found["x"].query), found["x"].limit, found["x"].like) == (2_000, 50, "")
    assert found["y"].limit == found["z"].limit == 10
    many = questions_of([read(f"question {number}", "a") for number in range(200)])
    assert [one.query for one in many[:2]] == ["question 199", "question 198"] and len(many) == 50
