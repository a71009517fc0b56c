"""A memory as the store lists it: its front matter without its text; and the filters of such lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from memcli.core.memory.questions import Question
from memcli.core.memory.standing import standing_of

_STORES = ("refs/heads/", "refs/remotes/")
"""A store is a branch, a session is not."""


class MemorySummary(NamedTuple):
    """One memory without its text; times are RFC 3339, UTC.

    A named tuple, not a dataclass: listing 100,000 of them has to be fast.
    """

    ref: str
    path: str
    blob: str
    id: str
    title: str
    kind: str
    type: str
    topic: str
    key: str | None
    status: str
    created: str
    modified: str
    valid_from: str | None
    valid_to: str | None
    evidence: str | None
    importance: float | None
    superseded_by: str | None
    agent: str | None
    session: str | None
    questions: tuple[Question, ...]
    tags: tuple[str, ...]
    pin: bool
    read_only: bool
    conflict: bool

    @property
    def trust(self) -> str:
        """`promoted` if it is in the store, `candidate` if it is only proposed."""
        return "promoted" if self.ref.startswith(_STORES) else "candidate"

    @property
    def standing(self) -> str | None:
        """`proposed` or `unclear` for a decision that is not known to be decided, else None."""
        return standing_of(self.type, self.tags)

    @property
    def candidate_of(self) -> str | None:
        """The session whose candidate it is; None if it is in the store."""
        if self.ref.startswith(_STORES):
            return None
        return self.ref.rpartition("/")[2] if "/" in self.ref else self.session  # queued: its session has no ref yet


@dataclass(frozen=True)
class WrittenBy:
    """Authors of memories: agents by name, and persons by their sessions."""

    agents: tuple[str, ...]
    sessions: tuple[str, ...]


@dataclass(frozen=True)
class Filters:
    """Which memories to list: each field that is set must match by one of its values; by default active ones only.

    `paths` keeps memories anchored at a path, at a directory above it, at something below it, or by a matching glob.
    Without `statuses` these are active ones, unless `all` is set or `valid_at` (RFC 3339, UTC), which keeps what held
    then, superseded since or not. `since` (as `valid_at`): modified then or later. `session`: from this session, or
    proposed in the session that the reader sees. `written_by`: by one of the agents, or by a person in one of the
    sessions. `ids` keeps the memories with one of these ids.
    """

    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    all: bool = False
    valid_at: str | None = None
    since: str | None = None
    session: str | None = None
    written_by: WrittenBy | None = None
    ids: frozenset[str] | None = None
