"""The commits of the store that stand: those along first parents, without what was undone and without its undoing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.git.objects import Commit
from memcli.git.odb import Odb

_LINE = re.compile(r"[+~-] .*? \(([0-9A-Za-z]{1,6})\)(?:, merged with [0-9a-f]{7}: [^()]*)?(?:, both sides kept)?")
"""A memory in the message of a promotion, as `promotion_builder` writes it."""


@dataclass(frozen=True)
class StandingCommit:
    """A commit of the store with its trailers."""

    commit: Commit
    pairs: tuple[tuple[str, str], ...]

    @cached_property
    def _values(self) -> dict[str, str]:
        return dict(self.pairs)

    @property
    def session(self) -> str:
        """The session that it promotes or takes back; empty for other commits."""
        return self._values.get(trailers.SESSION, "")

    @property
    def agent(self) -> str | None:
        """The agent whose session it promotes."""
        return self._values.get(trailers.AGENT)

    @property
    def session_tip(self) -> str | None:
        """The session as it was promoted; None where it is no promotion."""
        return self.commit.parents[1] if len(self.commit.parents) == 2 and self.session else None

    @property
    def promoted(self) -> tuple[str, ...]:
        """The end of the id of each promoted candidate; empty where the message does not tell which it was."""
        counts = re.findall(r"[+~-](\d{1,6})", self._values.get(trailers.CANDIDATES, ""))
        lines = map(_LINE.fullmatch, self.commit.message.split("\n"))
        ids = [match[1] for match in lines if match]
        number = sum(map(int, counts))
        return tuple(ids if len(ids) == number else [""] * number)

    @property
    def taken_back(self) -> tuple[str, ...]:
        """The ids of the memories whose change by a dream it takes back."""
        return tuple(value.partition(" ")[0] for key, value in self.pairs if key == trailers.REJECT)


def standing_commits(odb: Odb, tip: str) -> Iterator[StandingCommit]:
    """The commits that stand, newest first."""
    undone = set[str]()
    for commit in odb.first_parents(tip):
        standing = StandingCommit(commit, tuple(trailers_of(commit.message)))
        cancelled = {value for key, value in standing.pairs if key == trailers.CANCELS}
        undone |= cancelled
        if not cancelled and undone.isdisjoint(value for key, value in standing.pairs if key == trailers.OP):
            yield standing
