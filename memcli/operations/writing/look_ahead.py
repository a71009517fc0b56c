"""Sessions as if all that waits in the journal were carried out already: what readers see below a read-only `.git`, and
while another process holds the lock. Nothing is written into the repository.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from memcli.branch import store_to_write
from memcli.core.session.entry_verbs import SAVE
from memcli.errors import MemError
from memcli.git.layout import Layout
from memcli.operations.writing.drain import Drain, acceptable_entries
from memcli.operations.writing.session_builder import CommitSources
from memcli.operations.writing.session_commits import SessionCommits
from memcli.state.journal import Journal
from memcli.state.publication import Publication
from memcli.workspace import Workspace


class _KeptJournal(Journal):
    """The journal, from which nothing is taken."""

    def finish(self, files: Iterable[Path], at: datetime) -> None:
        """Leave the entries where they are."""

    def set_aside(self, file: Path, reason: str) -> None:
        """Leave the entry where it is."""


class _CarriedOutJournal(Journal):
    """The journal as it is read once nothing waits in it."""

    def files(self) -> list[Path]:
        return []


def look_ahead(workspace: Workspace) -> Workspace:
    """The same call, to read sessions as they would be; what cannot be carried out is left out."""
    here = workspace.layout
    layout = Layout(here.git_dir, here.common_dir, here.worktree, here.inside_session)
    ahead = workspace.ahead(layout, _CarriedOutJournal(layout))
    journal, person = _KeptJournal(layout), workspace.person
    sources = CommitSources(ahead.store, person, lambda: store_to_write(layout)[1], lambda: workspace.excludes)
    commits = SessionCommits(sources, ahead.sessions, ahead.selection, journal)

    def publish(publication: Publication) -> None:
        layout.moved_refs.update({move.ref: move.new for move in publication.moves})

    entries = acceptable_entries(journal, lambda: workspace.excludes)
    changes = [(file, entry) for file, entry in entries if entry.verb != SAVE or entry.edits]
    with suppress(MemError, OSError):  # the others are carried out
        Drain(journal, workspace.oplog, commits, publish, person.at).run(changes)
    return ahead
