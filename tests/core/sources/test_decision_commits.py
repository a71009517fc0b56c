"""Commits that record decisions as memories."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from memcli.core.memory.memory import Memory
from memcli.core.sources.passages import CommitMessage, SourceFile
from tests.core.sources.extracted import extract_memories

DAY = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)
REASON = (
    "The old one lost connections under load because its pool was shared between threads, "
    "and nobody maintained it any more."
)
FILES = ("src/db/pool.py", "src/db/url.py", "package-lock.json")


def read(subject: str, body: str = REASON, known: frozenset[str] = frozenset()) -> list[Memory]:
    return extract_memories([], [CommitMessage("a" * 40, DAY, subject, body, FILES)], known)


@pytest.mark.parametrize(
    "subject",
    [
        "Switch to psycopg 3",
        "Switch the API from MySQL to Postgres",
        "refactor(db): replace the home-made pool with psycopg's",
        "Drop support for Python 3.8",
        "Use UUIDs instead of serial ids",
        "Migrate the queue to Redis",
        "feat(api)!: drop support for pages",
    ],
)
def test_a_change_of_course_with_its_reason_is_a_decision(subject: str) -> None:
    [memory] = read(subject)
    assert (memory.title, memory.kind, memory.type) == (subject, "semantic", "decision")
    assert memory.created == DAY
    assert (memory.source.commit, memory.source.ref) == ("a" * 40, f"commit:{'a' * 40}")
    assert [str(anchor) for anchor in memory.paths] == ["src/db/pool.py", "src/db/url.py"]
    assert REASON in memory.body


@pytest.mark.parametrize(
    "subject, body",
    [
        ("Switch to psycopg 3", ""),
        ("Switch to psycopg 3", "It is better."),
        ("Switch to psycopg 3", "Co-authored-by: A B <a@example.org>\n" * 9),
        ("Fix the pool", REASON),
        ("Fix typo, replace teh with the", REASON),
        ("Add a pool", REASON),
        ("Merge branch 'x' into y", REASON),
        ("Bump psycopg from 2 to 3", f"{REASON} We decided so."),
        ("chore(deps): switch to psycopg 3", REASON),
        ("v1.2.3", REASON),
        ("Switch to psycopg 3", f"{REASON}\n\nSigned-off-by: dependabot[bot] <support@example.org>"),
        ("", REASON),
    ],
)
def test_other_commits_record_nothing(subject: str, body: str) -> None:
    assert read(subject, body) == []


@pytest.mark.parametrize("files", [("docs/a.md",), ("spec/a.py", "src/a_test.go")])
def test_documents_and_tests_decide_nothing(files: tuple[str, ...]) -> None:
    assert extract_memories([], [CommitMessage("a" * 40, DAY, "Switch to psycopg 3", REASON, files)]) == []


def test_commits_of_bots_decide_nothing() -> None:
    commit = CommitMessage("a" * 40, DAY, "Switch to psycopg 3", REASON, FILES, "dependabot[bot]")
    assert extract_memories([], [commit]) == []


def test_a_decision_about_files_that_are_gone_is_left_out() -> None:
    assert read("Switch to psycopg 3", known=frozenset(("src/other.py",))) == []


def test_of_a_merged_pull_request_the_title_and_description_count() -> None:
    [memory] = read("Merge pull request #12 from ann/psycopg", f"Switch to psycopg 3\n\n{REASON}")
    assert (memory.title, memory.type) == ("Switch to psycopg 3", "decision")


def test_a_decision_in_the_body_counts() -> None:
    assert read("Add a pool", f"We decided to keep the pool. {REASON}")[0].type == "decision"
    assert read("Add a pool", f"{REASON}\n\nBREAKING CHANGE: the URL has another form") == []


def test_a_revert_with_a_reason_is_an_attempt() -> None:
    [memory] = read('Revert "Switch to psycopg 3"', f"This reverts commit {'b' * 40}.\n\n{REASON}")
    assert (memory.kind, memory.type) == ("episodic", "attempt")
    assert memory.title == "Tried and reverted: Switch to psycopg 3"
    assert memory.outcome == "reverted" and "b" * 40 in memory.body
    assert read("Revert the changes of a lock file when a command fails") == []
    assert read('Revert "Switch to psycopg 3"', f"This reverts commit {'b' * 40}.") == []


def test_trailers_are_removed_and_scopes_are_topics() -> None:
    [memory] = read(
        "refactor(db): drop the pool (#12)", f"{REASON}\n\nFixes: #12\nSigned-off-by: A B <a@example.org>\n"
    )
    assert memory.title == "refactor(db): drop the pool"
    assert memory.topic == "db"
    assert memory.body.endswith(f"{REASON}\n")


def test_only_files_that_exist_are_anchors() -> None:
    [memory] = read("Drop the pool", known=frozenset(("src/db/url.py",)))
    assert [str(anchor) for anchor in memory.paths] == ["src/db/url.py"]


@pytest.mark.parametrize(
    "subject, body",
    [
        ("Replace the RAYON_INIT lock with a local one", REASON),
        ("Use `MergedTree` instead of `TreeId`", REASON),
        ("Use push_options instead of the list", REASON),
        ("Use the byte offsets when peeking over requirements", REASON),
        ("Switch from a git snapshot to released netrc 1.1.2", REASON),
        ("Prefer the system's pool over the managed one", f"This fixes a regression. {REASON}"),
        ("Add a pool", f"It broke the reply, so we decided to skip the check. {REASON}"),
        ("Switch to psycopg 3", f"<!-- {REASON} -->"),
    ],
)
def test_how_the_code_is_written_and_repairs_are_no_decisions(subject: str, body: str) -> None:
    assert read(subject, body) == []


def test_generics_and_placeholders_of_a_subject_stay_in_the_title() -> None:
    [memory] = read("Deprecate `--command <cmd>` in favor of `-- <cmd>`")
    assert memory.title == "Deprecate --command <cmd> in favor of -- <cmd>"


CODE = ("src/db/pool.py",)


def bound(subject: str, files: tuple[str, ...], manifest: str = "", body: str = REASON) -> list[Memory]:
    commit = CommitMessage("a" * 40, DAY, subject, body, files)
    return extract_memories([SourceFile("package.json", manifest, None)], [commit], frozenset(files))


@pytest.mark.parametrize(
    "subject, files, manifest, is_decision",
    [
        ("Use bytes instead of strings", CODE, "", False),
        ("Refactor: use bytes instead of strings", CODE, "", False),
        ("Replace brunch with web-pack 4 in the installers", (*CODE, "package.json"), '"web_pack": "4"', True),
        ("Replace brunch with web-pack 4 in the installers", (*CODE, "package.json"), '"esbuild": "1"', False),
        ("Drop support for Windows XP", CODE, "", True),
        ("Deprecate --into in favor of --onto", CODE, "", True),
    ],
)
def test_a_decision_changes_what_the_repository_is_built_with_today_or_what_users_rely_on(
    subject: str, files: tuple[str, ...], manifest: str, is_decision: bool
) -> None:
    assert bool(bound(subject, files, manifest)) == is_decision


def test_a_list_of_what_was_done_is_no_decision() -> None:
    steps = "".join(f"* Replace button {number} with the new one\n" for number in range(9))
    assert bound("Migrate the components to new-ui", ("package.json",), "new-ui", f"{REASON}\n\n{steps}") == []


@pytest.mark.parametrize(
    "undone, reason",
    [
        ("#6139", REASON),
        ("b3e0ad4, 149d32c and ea9baef", REASON),
        ("Temporarily log the pool", REASON),
        ("Show the pool on the console", f"{REASON} Revert it until we find out more."),
    ],
)
def test_a_revert_of_what_was_not_meant_to_stay_is_no_attempt(undone: str, reason: str) -> None:
    assert read(f'Revert "{undone}"', f"This reverts commit {'b' * 40}.\n\n{reason}") == []
