"""What the journal has acknowledged stays until it is finished or set aside, and nothing in it stops the rest."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.errors import Failure
from memcli.git.discovery import discover
from memcli.operations.events.hook_entries import append_event
from memcli.state.journal import FileEdit, Journal, JournalEntry, parse_entry
from memcli.state.journal_files import FIELDS, entry_text
from tests.conftest import Repo

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def _entry(number: int, session: str = "one") -> JournalEntry:
    edit = FileEdit("semantic/general/a-XABCDE.md", "ID", None, "text ü\n")
    return JournalEntry(
        f"01K9Z3V5C4M8Q2T7R6W1{number:06d}", "add", session, "ada", None, "2026-11-20T09:30:00Z", (edit,), {}
    )


@pytest.fixture
def journal(repo: Repo) -> Journal:
    return Journal(discover(repo.path))


def test_entries_come_back_in_the_order_of_their_operations(journal: Journal) -> None:
    for number in (3, 1, 2):
        assert journal.append(_entry(number)) == "queued"
    assert [entry for _, entry in journal.pending()] == [_entry(1), _entry(2), _entry(3)]
    assert (journal.home.stat().st_mode & 0o777) == 0o700


def test_a_finished_entry_is_kept_for_two_weeks(journal: Journal) -> None:
    journal.append(_entry(1))
    journal.finish(journal.files(), AT)
    assert journal.files() == [] and not journal.waits(_entry(1).op)
    kept = journal.home / "done" / "2026-11-20" / _entry(1).op
    assert parse_entry(kept.read_text()) == _entry(1)
    journal.finish([], AT + timedelta(days=14))
    assert kept.exists()
    journal.finish([], AT + timedelta(days=15))
    assert not kept.exists()


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "{", '{"v": 2}', '{"v": 1, "op": 3}', "\udcff"])
def test_an_unreadable_entry_is_an_error_of_its_own(journal: Journal, text: str) -> None:
    journal.append(_entry(2))
    (journal.home / _entry(1).op).write_text(text, errors="surrogateescape")
    first, second = (entry for _, entry in journal.pending())
    assert isinstance(first, ValueError) and second == _entry(2)
    journal.set_aside(journal.files()[0], "not a journal entry")
    assert journal.failed() == [(_entry(1).op, "not a journal entry")]
    assert [entry for _, entry in journal.pending()] == [_entry(2)]


def test_a_torn_temporary_file_is_no_entry(journal: Journal) -> None:
    journal.append(_entry(1))
    (journal.home / f".{_entry(2).op}.123").write_text('{"v": 1')
    assert [file.name for file in journal.files()] == [_entry(1).op]


def test_the_spools_of_all_worktrees_are_read(repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"))
    spool = tmp_path / "linked" / ".mem" / "spool"
    spool.mkdir(parents=True)
    (spool / _entry(1).op).write_text(entry_text(asdict(_entry(1))))
    there = Journal(discover(repo.path))
    assert there.entries("one") == [_entry(1)]
    there.finish(there.files(), AT)
    assert not list(spool.iterdir())


def test_where_nothing_can_be_written_nothing_is_acknowledged(repo: Repo) -> None:
    (repo.path / ".git" / "mem").write_text("in the way")
    with pytest.raises(Failure, match="nothing was recorded"):
        Journal(discover(repo.path)).append(_entry(1))


@given(st.text(), st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3))
def test_every_entry_reads_back_as_it_was(text: str, note: dict[str, str]) -> None:
    one = _entry(1)
    edit = FileEdit(one.edits[0].path, "ID", "b" * 40, text)
    entry = JournalEntry(one.op, one.verb, one.session, one.actor, "codex", one.at, (edit,), note)
    assert parse_entry(entry_text(asdict(entry))) == entry


def test_hooks_write_the_fields_of_an_entry(repo: Repo) -> None:
    assert tuple(field.name for field in fields(JournalEntry)) == FIELDS
    layout = discover(repo.path)
    append_event(layout, "note", "ada", {"event": "stop"}, "Ada", None)
    [(_, entry)] = Journal(layout).pending()
    assert isinstance(entry, JournalEntry)
    assert (entry.verb, entry.session, entry.actor, entry.agent) == ("note", "ada", "Ada", None)
    assert (entry.edits, entry.note) == ((), {"event": "stop"})
