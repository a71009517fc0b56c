"""The code commits of a session as text: properties of the lines, and the way back to a first commit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.session.code_commits import (
    CodeCommit,
    commit_lines,
    commits_noted,
    earlier_forms,
    with_commits,
)
from memcli.core.session.entry_verbs import COMMIT, REWRITE

AT = "2026-11-20T09:30:00Z"
IDS = st.integers(0, 5).map(lambda number: f"{number:040x}")
MADE = st.builds(CodeCommit, IDS, st.just(AT), st.none() | IDS)
MANY = st.lists(MADE, max_size=12)


@given(MADE)
def test_a_written_line_is_read_back(commit: CodeCommit) -> None:
    assert list(commit_lines(commit.line())) == [commit]


@given(st.text() | st.lists(st.sampled_from(["0" * 40, AT, "was", " ", "\n", "x"])).map("".join))
def test_reading_any_text_raises_nothing(text: str) -> None:
    assert all(len(commit.id) == 40 for commit in commit_lines(text))


@given(MANY, MANY)
def test_no_commit_is_added_twice(before: list[CodeCommit], new: list[CodeCommit]) -> None:
    text = with_commits(with_commits("", before), new)
    assert with_commits(text, [*before, *new]) == text
    assert set(commit_lines(text)) == {*before, *new}


@given(MANY, MANY)
def test_other_sessions_keep_only_rewrites_of_their_own_commits(
    before: list[CodeCommit], new: list[CodeCommit]
) -> None:
    text = with_commits("", before)
    extra = list(commit_lines(with_commits(text, new, own=True)))[len(list(commit_lines(text))) :]
    ids = {commit.id for commit in before}
    for commit in extra:
        assert commit.was in ids
        ids.add(commit.id)


@given(st.dictionaries(IDS, st.lists(IDS, max_size=3)), IDS)
def test_earlier_forms_end_with_the_commit_even_in_cycles(came_from: dict[str, list[str]], commit: str) -> None:
    forms = list(earlier_forms(commit, lambda form: came_from.get(form, ())))
    assert forms[-1] == commit and len(forms) == len(set(forms))
    assert {earlier for form in forms for earlier in came_from.get(form, ())} <= set(forms)


def test_notes_hold_commits_and_pairs() -> None:
    first, second = "1" * 40, "2" * 40
    assert commits_noted(COMMIT, {"commit": first}, AT) == (CodeCommit(first, AT),)
    assert commits_noted(
        REWRITE, {"pairs": f"{first} {second}\n{first} {first}\nrubbish\n{second} {first} extra"}, AT
    ) == (
        CodeCommit(second, AT, first),
        CodeCommit(first, AT, second),
    )
    assert (
        commits_noted(COMMIT, {}, AT)
        == commits_noted(COMMIT, {"commit": f"{first} was {second}"}, "x")
        == commits_noted(REWRITE, {}, AT)
        == ()
    )
