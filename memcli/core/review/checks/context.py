"""What the checks look at: the store and the code through narrow views, and how memories stand in messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from memcli.core.finding import Problem
from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory, memory_text

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes
    from memcli.core.session.state import RejectedClaim


_QUOTED = 160
"""Characters of a memory that a message quotes."""


class StoreView(Protocol):
    """The store at mem/main's tip."""

    def memory(self, id: str) -> Memory | None:
        """The memory of a full id."""

    def by_key(self, key: str) -> list[Memory]:
        """Every memory of a key, whatever its status."""

    def same_claim(self, claim: str) -> list[Memory]:
        """The memories with that `claim.claim_hash`, whatever their status."""

    def similar(self, text: str) -> list[Memory]:
        """The ten or so nearest memories by words."""

    @property
    def elsewhere(self) -> OtherSessions:
        """What other sessions propose, and what was rejected."""


class OtherSessions(Protocol):
    """The sessions beside the one that is checked."""

    def candidates(self) -> Sequence[Memory]:
        """The active candidates of other open sessions, up to a limit."""

    def values_of(self, key: str) -> Mapping[str, Sequence[tuple[str, Memory]]]:
        """{open session: (`claim.claim_hash`, active candidate) of each value that it gives a key}."""

    def rejection(self, claim: str) -> RejectedClaim | None:
        """The newest rejection of a claim (`claim.claim_hash`) or retirement (`claim.retirement_hash`), in any session,
        open or ended; where there is none, of the same text with another key."""


class CodeView(Protocol):
    """The user's code at one commit."""

    def blob_at(self, path: str) -> str | None:
        """The blob id of a file, None where there is none."""

    def has(self, path: str) -> bool:
        """Whether there is such a file or directory, or a match for such a glob."""

    def content(self, path: str) -> bytes:
        """The bytes of a file; empty where there is none."""

    def earlier(self, commit: str) -> CodeView | None:
        """The code at a commit (7 to 40 hex) that this one descends from; None for any other."""

    def joined(self, paths: Iterable[str]) -> str:
        """The texts of those of the files that are there, joined; `` without any."""


@dataclass(frozen=True)
class Context:
    """What candidates are judged against; `session`: its name, `agent`: its author is an agent.

    `reads` is {memory id: blob the session was shown last}, `current` the blob of each at mem/main now;
    `unsaved`: the files of the session's worktree that no save can take.
    """

    store: StoreView
    code: CodeView | None
    agent: bool
    reads: Mapping[str, str] = field(default_factory=dict)
    current: Mapping[str, str] = field(default_factory=dict)
    excludes: Excludes | None = None
    max_candidates: int | None = None
    session: str = ""
    unsaved: tuple[Problem, ...] = ()


def cited(memory: Memory) -> str:
    """A memory as messages name it: short id and title, without anything that a terminal obeys."""
    title = "".join(letter if letter.isprintable() else "?" for letter in memory.title)
    return f"mem:{short(memory.id)} '{title}'"


def text_quote(memory: Memory) -> str:
    """What a memory says, in one line without anything that a terminal obeys; nothing of a text with a credential."""
    from memcli.core.review.secrets import find_secrets

    if find_secrets(memory_text(memory)):
        return "another claim"
    line = "".join(letter if letter.isprintable() else " " for letter in memory.body)
    words = " ".join(line.split())
    return words if len(words) <= _QUOTED else words[: _QUOTED - 1] + "…"
