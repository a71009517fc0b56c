"""All that a tree and a history hold, before it is weighed.

Invariant: a pure function of texts. The same files in any order give the same readings in one order.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from memcli.core.sources.decision_commits import commit_memory
from memcli.core.sources.manifests import manifest_words
from memcli.core.sources.passages import CommitMessage
from memcli.core.sources.source_reader import Reading, SourceReader, SourceUnit, extracts_of
from memcli.core.sources.source_reading import SourceReading
from memcli.core.sources.source_tree import SourceTree

HISTORY = SourceReader("history", "commits that record a decision", lambda *_: iter(()), lambda *_: Reading())


MOST_DECISIONS = 20
"""Of a history, which is long: the rest is less certain."""


def read_commits(commits: Sequence[CommitMessage], tree: SourceTree) -> SourceReading:
    """What the messages of commits record that the tree of today still has: of the first of them that record anything,
    the oldest first."""
    words = manifest_words(tree) if commits else ""
    made = (memory for commit in commits if (memory := commit_memory(commit, tree.paths, words)))
    memories = sorted(islice(made, MOST_DECISIONS), key=lambda memory: (memory.created, memory.source.ref))
    return SourceReading(HISTORY, SourceUnit("history", ()), Reading(extracts_of(memories)))
