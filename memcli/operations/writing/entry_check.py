"""Whether an entry of the journal can be carried out: its form, and for one from a spool all that a write is checked
for, since a spool lies in the user's tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memcli.branch import POLICY_FILE, is_memory_path
from memcli.core.finding import blocking, findings_text
from memcli.core.session import trailers
from memcli.errors import MemError
from memcli.selection import session_name
from memcli.state.journal import JournalEntry

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes


def entry_problem(entry: JournalEntry | ValueError, name: str) -> str:
    """Why an entry in a file of that name can never be carried out; empty if it can."""
    if isinstance(entry, ValueError):
        return f"not a journal entry: {entry}"
    if entry.op != name:
        return f"a copy of {entry.op[:40]!r}"
    try:
        session_name(entry.session)
    except MemError as error:
        return error.message
    paths = [edit.path for edit in entry.edits if not is_memory_path(edit.path) and edit.path != POLICY_FILE]
    return f"not a path of the store: {paths[0]!r}" if paths else ""


def spooled_entry_problem(entry: JournalEntry, excludes: Excludes | None) -> str:
    """Why an entry from a spool is not carried out; empty if it is."""
    from memcli.core.review.checks.runner import check_write

    if trailers.STEP in entry.note:
        return "the steps of a session's end are not read from the working tree"
    edits = [edit for edit in entry.edits if edit.path != POLICY_FILE]
    findings = [finding for edit in edits for finding in check_write(edit.text, edit.path, excludes)]
    return findings_text(blocking(findings))
