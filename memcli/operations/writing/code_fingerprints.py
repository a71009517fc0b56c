"""The fingerprints of code commits, made when a commit is recorded in its session: later it may be squashed away.

Invariant: nothing is kept of excluded paths, and no commit that cannot be read keeps its session from being written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memcli.core.session.fingerprint import FileText, Fingerprint, fingerprint
from memcli.errors import MemError
from memcli.git.changed_lines import ChangedFile, CommitChange, changed_lines
from memcli.git.odb import Odb

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes

MOST_AT_ONCE = 200
"""Commits of one rewrite, the newest, that get a fingerprint of their own."""


@dataclass(frozen=True)
class CodeFingerprints:
    """Makes fingerprints of commits of the code, without the excluded paths."""

    odb: Odb
    excludes: Callable[[], Excludes | None]

    def of(self, commits: Iterable[str]) -> Iterator[Fingerprint]:
        """The fingerprints of the commits that are here and change anything."""
        for commit in list(dict.fromkeys(commits))[-MOST_AT_ONCE:]:
            try:
                change = changed_lines(self.odb, commit)
                files = self._kept(change.files.values())
            except MemError:
                continue
            if change.files:
                yield fingerprint_of(change, files)

    def _kept(self, files: Iterable[ChangedFile]) -> list[ChangedFile]:
        excludes = self.excludes()
        return [file for file in files if not (excludes and excludes.excludes(file.path))]


def fingerprint_of(change: CommitChange, files: Iterable[ChangedFile]) -> Fingerprint:
    """The fingerprint of a change, as far as these files go."""
    texts = [FileText(file.path, list(file.added.values()), file.removed, file.blob) for file in files]
    is_whole = change.is_whole and len(texts) == len(change.files)
    return fingerprint(change.commit, change.authored, is_whole, texts)
