"""What was read compared with what is stored: which stored memories their sources change, and the files that do so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from memcli.core.finding import Finding, blocking
from memcli.core.memory.schema import read_memory
from memcli.core.review.checks.runner import check_write
from memcli.core.review.exclusion import Excludes
from memcli.operations.bootstrap.known_claims import DecidedProposals
from memcli.operations.bootstrap.source_changes import SourceChange
from memcli.operations.bootstrap.stored_sources import StoredSources
from memcli.operations.memories.changes import prepare_change
from memcli.operations.writing.author import Author
from memcli.state.journal import FileEdit


@dataclass(frozen=True)
class OfferedChanges:
    """Changes of stored memories, the files that make them, and the findings that keep others out."""

    changes: tuple[SourceChange, ...]
    edits: tuple[FileEdit, ...]
    refused: tuple[Finding, ...]


@dataclass(frozen=True)
class ChangeGate:
    """Lets pass what is new: no change that waits in another session, was rejected, or that the author may not make."""

    stored: StoredSources
    decided: DecidedProposals
    excludes: Excludes | None
    author: Author

    def offered(self, changes: Iterable[SourceChange]) -> OfferedChanges:
        """The changes that are new, with their files."""
        passed, edits, refused = list[SourceChange](), list[FileEdit](), list[Finding]()
        check = partial(check_write, excludes=self.excludes)
        for change in filter(self._is_new, changes):
            opened = self.stored.opened[change.memory.id]
            problems = blocking(check(change.document.text(), opened.record.path))
            if problems:
                refused += [replace(each, message=f"{change.memory.source.ref}: {each.message}") for each in problems]
            else:
                edits.append(prepare_change(opened, change.document, self.author, check).edit)
                passed.append(change)
        return OfferedChanges(tuple(passed), tuple(edits), tuple(refused))

    def _is_new(self, change: SourceChange) -> bool:
        after, _ = read_memory(change.document)
        is_locked = change.memory.read_only and self.author.agent is not None
        return after is not None and not is_locked and not self.decided.has_change(change.memory, after)
