"""Which commits of a history state a decision that may still hold, told from their messages alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from memcli.core.sources.decision_commits import MIN_WORDS, certainty, commit_type, undone_subject
from memcli.core.sources.passages import CommitMessage

MOST = 60
"""Commits whose files are looked at."""
SHORTEST = MIN_WORDS * 4
"""Characters of the body of a message that gives a reason."""
_NUMBER = r"\s*\(#\d+\)$"
_AGAIN = r"(?i)(?:re-?apply|re-?land|re-?introduce)[:]? [\"'“]*(.+?)[\"'”]*$"


def decision_messages(commits: Iterable[CommitMessage]) -> list[CommitMessage]:
    """Of commits, newest first, the `MOST` that state or undo a decision most clearly, with the reason: the clearest
    first, then the newest. What was undone later is no decision, and what was done again later no attempt."""
    chosen: dict[str, CommitMessage] = {}
    undone, done = set[str](), set[str]()
    for commit in commits:
        subject = re.sub(_NUMBER, "", commit.subject)
        old = undone_subject(subject) if "revert" in subject[:20].lower() else ""
        is_over = subject in undone or (old != "" and old in done)
        if len(commit.body) >= SHORTEST and not is_over and commit_type(commit):
            chosen.setdefault(subject, commit)
        undone.add(re.sub(_NUMBER, "", old))
        again = re.match(_AGAIN, subject)
        done.add(again[1] if again else undone_subject(old) or subject)
    return sorted(chosen.values(), key=lambda commit: -certainty(commit))[:MOST]
