"""Which commits are chosen of a whole history."""

from __future__ import annotations

from datetime import UTC, datetime

from memcli.core.sources.decision_messages import MOST, decision_messages
from memcli.core.sources.passages import CommitMessage

DAY = datetime(2026, 5, 1, tzinfo=UTC)
REASON = "The old one lost connections under load because its pool was shared between the threads of a worker."


def history(*subjects: str, body: str = REASON) -> list[str]:
    """The subjects that are chosen of a history, newest first."""
    commits = [CommitMessage(f"{number:040}", DAY, subject, body, ()) for number, subject in enumerate(subjects)]
    return [commit.subject for commit in decision_messages(commits)]


def test_what_was_undone_later_is_no_decision() -> None:
    assert history('Revert "Switch to psycopg 3"', "Switch to psycopg 3 (#12)") == ['Revert "Switch to psycopg 3"']


def test_what_was_done_again_later_is_no_attempt() -> None:
    undo = 'Revert "Switch to psycopg 3"'
    assert history("Switch to psycopg 3", undo) == ["Switch to psycopg 3"]
    assert history('Reapply "Switch to psycopg 3"', undo) == []
    assert history('Revert "Revert "Switch to psycopg 3""', undo) == []


def test_what_later_subjects_turn_back_in_other_words_is_left_out() -> None:
    undo = 'Revert "Switch from std::sync::mpsc to crossbeam-channel"'
    assert history("walk: Switch back to crossbeam-channel", undo) == ["walk: Switch back to crossbeam-channel"]
    assert history("Remove Python 2 support", "Deprecate Python 2 formatting support") == ["Remove Python 2 support"]
    assert history("Add a pool for Redis", "Migrate the queue to Redis") == ["Migrate the queue to Redis"]


def test_the_clearest_come_first_and_of_many_a_few_are_chosen() -> None:
    many = [f"Switch to psycopg{number}" for number in range(MOST + 9)]
    assert history(*many) == many[:MOST]
    assert history("Add a pool", *many, body=f"We decided so. {REASON}")[0] == many[0]
