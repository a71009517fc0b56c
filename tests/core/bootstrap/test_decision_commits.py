from __future__ import annotations

from datetime import UTC, datetime

import pytest

from memcli.core.bootstrap import CommitMessage, memories
from memcli.core.memory.memory import Memory

DAY = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)
WHY = (
    "The old one lost connections under load because its pool was shared between threads, "
    "and nobody maintained it any more."
)
FILES = ("src/db/pool.py", "src/db/url.py", "package-lock.json")


def read(subject: str, body: str = WHY, known: frozenset[str] = frozenset()) -> list[Memory]:
    return memories([], [CommitMessage("a" * 40, DAY, subject, body, FILES)], known)


@pytest.mark.parametrize(
    "subject",
    [
        "Switch to psycopg 3",
        "Switch the API from MySQL to Postgres",
        "refactor(db): replace the home-made pool with psycopg's",
        "Drop support for Python 3.8",
        "Use UUIDs instead of serial ids",
        "Migrate the queue to Redis",
        "feat(api)!: paginate everything",
    ],
)
def test_a_change_of_course_with_its_reason_is_a_decision(subject: str) -> None:
    [memory] = read(subject)
    assert (memory.title, memory.kind, memory.type) == (subject, "semantic", "decision")
    assert memory.created == DAY
    assert (memory.source.commit, memory.source.ref) == ("a" * 40, f"commit:{'a' * 40}")
    assert [str(anchor) for anchor in memory.paths] == ["src/db/pool.py", "src/db/url.py"]
    assert WHY in memory.body


@pytest.mark.parametrize(
    "subject, body",
    [
        ("Switch to psycopg 3", ""),
        ("Switch to psycopg 3", "It is better."),
        ("Switch to psycopg 3", "Co-authored-by: A B <a@example.org>\n" * 9),
        ("Fix the pool", WHY),
        ("Fix typo, replace teh with the", WHY),
        ("Add a pool", WHY),
        ("Merge branch 'x' into y", WHY),
        ("Bump psycopg from 2 to 3", f"{WHY} We decided so."),
        ("chore(deps): switch to psycopg 3", WHY),
        ("v1.2.3", WHY),
        ("Switch to psycopg 3", f"{WHY}\n\nSigned-off-by: dependabot[bot] <support@example.org>"),
        ("", WHY),
    ],
)
def test_other_commits_are_none(subject: str, body: str) -> None:
    assert read(subject, body) == []


def test_what_was_decided_in_the_body_counts() -> None:
    assert read("Add a pool", f"We decided to keep the pool. {WHY}")[0].type == "decision"
    assert read("Add a pool", f"{WHY}\n\nBREAKING CHANGE: the URL has another form")[0].type == "decision"


def test_a_revert_with_a_reason_is_an_attempt() -> None:
    [memory] = read('Revert "Switch to psycopg 3"', f"This reverts commit {'b' * 40}.\n\n{WHY}")
    assert (memory.kind, memory.type) == ("episodic", "attempt")
    assert read('Revert "Switch to psycopg 3"', f"This reverts commit {'b' * 40}.") == []


def test_trailers_go_and_scopes_are_topics() -> None:
    [memory] = read("refactor(db): drop the pool (#12)", f"{WHY}\n\nFixes: #12\nSigned-off-by: A B <a@example.org>\n")
    assert memory.title == "refactor(db): drop the pool"
    assert memory.topic == "db"
    assert memory.body.endswith(f"{WHY}\n")


def test_only_files_that_exist_are_anchors() -> None:
    [memory] = read("Drop the pool", known=frozenset(("src/db/url.py",)))
    assert [str(anchor) for anchor in memory.paths] == ["src/db/url.py"]
