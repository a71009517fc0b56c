"""New memories that say what their session says already: they make nothing, and the first one is the answer.

Whether an add repeats another is decided under the lock, where the journal is drained. This is the home of what a
caller is told, and of adds that need no entry: those that repeat one which waits, or one of their own batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from memcli.core.finding import INFO, Finding
from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory, front_matter
from memcli.core.session.entry_verbs import ADD
from memcli.operations.writing.new_files import NewFile
from memcli.operations.writing.proposed_texts import ProposedTexts
from memcli.operations.writing.record import KNOWN, Recorded
from memcli.state.journal import JournalEntry

_OWN = ("id", "created", "modified", "evidence", "source")
"""Front matter that every add fills in for itself."""


class RepeatedAdds:
    """What a session says: in `entries`, which wait for it, and in its commits, read when `committed` is called."""

    def __init__(self, session: str, entries: Iterable[JournalEntry], committed: Callable[[], ProposedTexts]) -> None:
        self._session, self._read = session, committed
        edits = (edit for entry in entries if entry.verb == ADD for edit in entry.edits)
        self._waiting = ProposedTexts((edit.path, edit.text) for edit in edits)

    @cached_property
    def _committed(self) -> ProposedTexts:
        return self._read()

    def without_repeats(self, files: Iterable[NewFile]) -> list[NewFile]:
        """The files that need an entry: those that repeat none which waits, nor one before them."""
        return [file for file in files if self._take_in(file)]

    def _take_in(self, file: NewFile) -> bool:
        """Whether a file needs an entry; then it waits as well."""
        if self._waiting.repeated_by(file.edit.path, file.edit.text):
            return False
        self._waiting.add(file.edit.path, file.edit.text)
        return True

    def known(self, file: NewFile) -> Recorded | None:
        """The answer to an add that made nothing, or will make nothing: the memory that said the same first."""
        texts = (self._committed, self._waiting)
        repeated = next(filter(None, (each.repeated_by(file.edit.path, file.edit.text) for each in texts)), None)
        if repeated is None:
            return None
        first = repeated.memory
        lost = ", ".join(_not_recorded(file.memory, first))
        message = "the session says the same already, so nothing was added" + (
            f"; not recorded: {lost}" if lost else ""
        )
        finding = Finding("duplicate", INFO, first.id, message, f"change it with `mem edit {short(first.id)}`")
        return Recorded(first.id, self._session, KNOWN, repeated.path, (finding,))


def _not_recorded(new: Memory, first: Memory) -> list[str]:
    """The front matter of a new memory that the first one lacks or has otherwise."""
    theirs = front_matter(first)
    return [name for name, value in front_matter(new).items() if name not in _OWN and theirs.get(name) != value]
