"""What the checks look at: the store and the code through narrow views, and how memories stand in messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes


class StoreView(Protocol):
    """The store at mem/main's tip."""

    def memory(self, id: str) -> Memory | None:
        """The memory of a full id."""

    def by_key(self, key: str) -> list[Memory]:
        """Every memory of a key, whatever its status."""

    def same_content(self, content_hash: str) -> list[Memory]:
        """The memories with that `candidates.content_hash`."""

    def similar(self, text: str) -> list[Memory]:
        """The ten or so nearest active memories by words; those of other open sessions as well."""


class CodeView(Protocol):
    """The user's code at one commit."""

    def blob_at(self, path: str) -> str | None:
        """The blob id of a file, None where there is none."""

    def has(self, path: str) -> bool:
        """Whether there is such a file or directory, or a match for such a glob."""

    def joined(self, paths: Iterable[str]) -> str:
        """The texts of those of the files that are there, joined; `` without any."""


@dataclass(frozen=True)
class Context:
    """What candidates are judged against; `agent`: the session's author is an agent.

    `reads` is {memory id: blob the session was shown last}, `current` the blob of each at mem/main now.
    """

    store: StoreView
    code: CodeView | None
    agent: bool
    reads: Mapping[str, str] = field(default_factory=dict)
    current: Mapping[str, str] = field(default_factory=dict)
    excludes: Excludes | None = None
    max_candidates: int | None = None


def cited(memory: Memory) -> str:
    """A memory as messages name it: short id and title, without anything that a terminal obeys."""
    title = "".join(letter if letter.isprintable() else "?" for letter in memory.title)
    return f"mem:{short(memory.id)} '{title}'"
