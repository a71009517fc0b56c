"""Which commits of a history state a decision that may still hold, told from their messages alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from memcli.core.sources.decision_commits import MIN_WORDS, certainty, commit_type, undone_subject
from memcli.core.sources.named_things import named_things, share_of_names
from memcli.core.sources.passages import CommitMessage

MOST = 60
"""Commits whose files are looked at."""
SHORTEST = MIN_WORDS * 4
"""Characters of the body of a message that gives a reason."""
SAME_THINGS = 0.6
"""The share of names from which two subjects are about the same things."""
_NUMBER = r"\s*\(#\d+\)$"
_AGAIN = r"(?i)(?:re-?apply|re-?land|re-?introduce)[:]? [\"'“]*(.+?)[\"'”]*$"
_TURNS = re.compile(
    r"(?i)\b(?:revert\w*|remov\w+|drop\w*|replac\w+|switch\w*|migrat\w+|mov(?:e|ed|ing)|deprecat\w+|stop\w*|"
    r"no longer|instead|back to|undo|restore|re-?(?:add|enable|introduce)\w*)\b"
)


def decision_messages(commits: Iterable[CommitMessage]) -> list[CommitMessage]:
    """Of commits, newest first, the `MOST` that state or undo a decision most clearly, with the reason: the clearest
    first, then the newest. What was undone later is no decision, and what was done again later no attempt."""
    chosen: dict[str, tuple[CommitMessage, int]] = {}
    subjects: list[str] = []
    undone, done = set[str](), set[str]()
    for commit in commits:
        subject = re.sub(_NUMBER, "", commit.subject)
        old = undone_subject(subject) if "revert" in subject[:20].lower() else ""
        is_over = subject in undone or (old != "" and old in done)
        if len(commit.body) >= SHORTEST and not is_over and commit_type(commit):
            chosen.setdefault(subject, (commit, len(subjects)))
        undone.add(re.sub(_NUMBER, "", old))
        again = re.match(_AGAIN, subject)
        done.add(again[1] if again else undone_subject(old) or subject)
        subjects.append(subject)
    later = _LaterSubjects.of(subjects)
    clearest = sorted(chosen.values(), key=lambda choice: -certainty(choice[0]))
    return list(islice((commit for commit, position in clearest if not later.take_up(commit, position)), MOST))


@dataclass(frozen=True)
class _LaterSubjects:
    """The subjects of a history, newest first; `text`: all of them in lower case, lines that begin at `starts`."""

    subjects: Sequence[str]
    text: str
    starts: Sequence[int]

    @classmethod
    def of(cls, subjects: Sequence[str]) -> _LaterSubjects:
        """These subjects."""
        lines = [subject.lower() for subject in subjects]
        return cls(subjects, "\n".join(lines), [0, *accumulate(len(line) + 1 for line in lines)])

    def take_up(self, commit: CommitMessage, position: int) -> bool:
        """Whether a later subject is about the things of a decision and changes course, or about those of an attempt at
        all: then the message no longer says how it is."""
        old = undone_subject(re.sub(_NUMBER, "", commit.subject))
        names = named_things(old or commit.subject)
        counts = Counter(line for name in names for line in self._lines_with(name, position))
        both = (line for line, count in counts.items() if count >= min(2, len(names)))
        return any(
            (old or _TURNS.search(self.subjects[line])) and _is_about(names, self.subjects[line]) for line in both
        )

    def _lines_with(self, name: str, end: int) -> set[int]:
        """Of the first lines, those that have a name."""
        lines: set[int] = set()
        at = self.text.find(name, 0, self.starts[end])
        while at >= 0:
            line = bisect_right(self.starts, at) - 1
            lines.add(line)
            at = self.text.find(name, self.starts[line + 1], self.starts[end])
        return lines


def _is_about(names: frozenset[str], subject: str) -> bool:
    """Whether a subject is about things of these names: it shares two of them, or all where there are hardly any."""
    others = named_things(subject)
    common = len(names & others)
    return share_of_names(names, others) >= SAME_THINGS and (common > 1 or max(len(names), len(others)) <= 2)
