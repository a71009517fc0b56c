"""The code commits of a session as text: laws of the lines, and the way back to a first commit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.session.code_commits import (
    CodeCommit,
    commit_lines,
    commits_noted,
    earlier_forms,
    session_named,
    squashed_commits,
    with_commits,
)
from memcli.core.session.verbs import COMMIT, REWRITE

AT = "2026-11-20T09:30:00Z"
IDS = st.integers(0, 5).map(lambda number: f"{number:040x}")
MADE = st.builds(CodeCommit, IDS, st.just(AT), st.none() | IDS)
MANY = st.lists(MADE, max_size=12)


@given(MADE)
def test_a_line_is_read_as_what_was_written(one: CodeCommit) -> None:
    assert list(commit_lines(one.line())) == [one]


@given(st.text() | st.lists(st.sampled_from(["0" * 40, AT, "was", " ", "\n", "x"])).map("".join))
def test_reading_is_total(text: str) -> None:
    assert all(len(one.id) == 40 for one in commit_lines(text))


@given(MANY, MANY)
def test_what_is_known_is_not_added_twice(before: list[CodeCommit], new: list[CodeCommit]) -> None:
    text = with_commits(with_commits("", before), new)
    assert with_commits(text, [*before, *new]) == text
    assert set(commit_lines(text)) == {*before, *new}


@given(MANY, MANY)
def test_of_a_rewrite_others_keep_only_what_follows_their_own(before: list[CodeCommit], new: list[CodeCommit]) -> None:
    text = with_commits("", before)
    extra = list(commit_lines(with_commits(text, new, own=True)))[len(list(commit_lines(text))) :]
    known = {one.id for one in before}
    for one in extra:
        assert one.was in known
        known.add(one.id)


@given(st.dictionaries(IDS, st.lists(IDS, max_size=3)), IDS)
def test_the_way_back_ends_also_in_circles_and_has_the_commit_last(
    came_from: dict[str, list[str]], commit: str
) -> None:
    found = list(earlier_forms(commit, came_from))
    assert found[-1] == commit and len(found) == len(set(found))
    assert {old for one in found for old in came_from.get(one, ())} <= set(found)


def test_notes_say_commits_and_pairs_and_nothing_else() -> None:
    one, two = "1" * 40, "2" * 40
    assert commits_noted(COMMIT, {"commit": one}, AT) == (CodeCommit(one, AT),)
    assert commits_noted(REWRITE, {"pairs": f"{one} {two}\n{one} {one}\nrubbish\n{two} {one} extra"}, AT) == (
        CodeCommit(two, AT, one),
        CodeCommit(one, AT, two),
    )
    assert (
        commits_noted(COMMIT, {}, AT)
        == commits_noted(COMMIT, {"commit": f"{one} was {two}"}, "x")
        == commits_noted(REWRITE, {}, AT)
        == ()
    )


def test_a_squash_names_its_commits_and_a_trailer_its_session() -> None:
    said = f"topic\n\nSquashed commit of the following:\n\ncommit {'1' * 40}\nAuthor: A\n\n    Mem-Session: inner\n"
    assert squashed_commits(said) == ("1" * 40,) and squashed_commits(f"commit {'1' * 40}\n") == ()
    assert session_named(said) is None
    assert session_named("subject\n\nMem-Session: fix-1\nSigned-off-by: A <a@b>\n") == "fix-1"
    assert session_named("Mem-Session: fix") is session_named("a\n\nMem-Session: ../x") is session_named("") is None
