"""All that a tree and a history hold, before it is weighed.

Invariant: a pure function of texts. The same files in any order give the same readings in one order.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from memcli.core.sources.decision_commits import commit_memory
from memcli.core.sources.passages import CommitMessage, utc_instant
from memcli.core.sources.source_reader import Reading, SourceReader, SourceUnit, extracts_of
from memcli.core.sources.source_reading import SourceReading

HISTORY = SourceReader("history", "commits that record a decision", lambda *_: iter(()), lambda *_: Reading())


def read_commits(commits: Sequence[CommitMessage], known_paths: Collection[str]) -> SourceReading:
    """What the messages of commits record, oldest first."""
    ordered = sorted(commits, key=lambda commit: (utc_instant(commit.date), commit.id))
    memories = [memory for memory in (commit_memory(commit, known_paths) for commit in ordered) if memory]
    return SourceReading(HISTORY, SourceUnit("history", ()), Reading(extracts_of(memories)))
