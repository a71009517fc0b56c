"""What the checks look at: the store and the code behind narrow views, and the store as the session would leave it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import Candidate, content_hash


class StoreView(Protocol):
    """The store at mem/main's tip."""

    def memory(self, id: str) -> Memory | None:
        """The memory of a full id."""

    def by_key(self, key: str) -> list[Memory]:
        """Every memory of a key, whatever its status."""

    def same_content(self, content_hash: str) -> list[Memory]:
        """The memories of that `changes.content_hash`."""

    def similar(self, text: str) -> list[Memory]:
        """The ten or so nearest active memories by words; those of other open sessions as well."""


class CodeView(Protocol):
    """The user's code at one commit."""

    def blob_at(self, path: str) -> str | None:
        """The blob id of a file, None where there is none."""

    def has(self, path: str) -> bool:
        """Whether there is such a file or directory, or a match of such a glob."""

    def prose(self) -> str:
        """What agents read anyway: README, AGENTS.md and CLAUDE.md joined, `` without them."""


@dataclass(frozen=True)
class Context:
    """What candidates are judged against; `agent`: the session's author is one.

    `reads` is {memory id: blob the session was shown last}, `current` the blob of each at mem/main now.
    """

    store: StoreView
    code: CodeView | None
    agent: bool
    reads: Mapping[str, str]
    current: Mapping[str, str]


ALL_PAIRS = 200
"""Up to so many candidates are all compared with each other; beyond, by their rarest words."""
RAREST = 12


class ProposedStore:
    """The store with the session's candidates in it."""

    def __init__(self, candidates: Sequence[Candidate], store: StoreView) -> None:
        self._store = store
        self._before = {candidate.id: candidate.before for candidate in candidates}
        self._after = {candidate.id: candidate.after for candidate in candidates}
        self._words: dict[tuple[str, str], frozenset[str]] = {}

    def proposes(self, memory_id: str) -> bool:
        """Whether the session adds or changes this memory."""
        return memory_id in self._after

    def memory(self, memory_id: str) -> Memory | None:
        """The memory as the session leaves it."""
        return self._after[memory_id] if memory_id in self._after else self._store.memory(memory_id)

    def in_store(self, memory_id: str) -> Memory | None:
        """The memory as the store has it, whatever the session found."""
        return self._store.memory(memory_id)

    def stored(self, memory_id: str) -> Memory | None:
        """The memory as the session found it."""
        return self._before.get(memory_id) or self._store.memory(memory_id)

    def by_key(self, key: str) -> list[Memory]:
        """Every memory of a key."""
        return self._with_candidates(self._store.by_key(key), lambda memory: memory.key == key)

    def same_content(self, memory: Memory) -> list[Memory]:
        """The other memories that say word for word the same under the same kind, key and status."""
        wanted = content_hash(memory)
        untouched = [other for other in self._store.same_content(wanted) if other.id not in self._after]
        return [other for other in (*untouched, *self._by_content.get(wanted, ())) if other.id != memory.id]

    def similar(self, memory: Memory) -> list[Memory]:
        """The other active memories that may say much the same: near ones of the store, and of the candidates."""
        stored = [other for other in self._store.similar(memory_text(memory)) if other.id not in self._after]
        near = (*stored, *self._neighbours(memory))
        return [other for other in near if other.status == "active" and other.id != memory.id]

    @cached_property
    def _by_content(self) -> dict[str, list[Memory]]:
        found: dict[str, list[Memory]] = {}
        for memory in filter(None, self._after.values()):
            found.setdefault(content_hash(memory), []).append(memory)
        return found

    def _neighbours(self, memory: Memory) -> list[Memory]:
        """All candidates; of very many, those that share one of this one's rarest words."""
        proposed = [other for other in self._after.values() if other]
        if len(proposed) <= ALL_PAIRS:
            return proposed
        rarest = sorted(self.words(memory), key=lambda word: (len(self._postings.get(word, ())), word))[:RAREST]
        ids = {memory_id for word in rarest for memory_id in self._postings.get(word, ())}
        return [other for memory_id in sorted(ids) if (other := self._after[memory_id])]

    @cached_property
    def _postings(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for memory_id, memory in self._after.items():
            for word in self.words(memory) if memory else ():
                found.setdefault(word, []).append(memory_id)
        return found

    def words(self, memory: Memory) -> frozenset[str]:
        """The word set of title and body, made once."""
        from memcli.core.text.similarity import word_set

        place = (memory.id, memory_text(memory))
        if place not in self._words:
            self._words[place] = word_set(place[1])
        return self._words[place]

    def _with_candidates(self, stored: Iterable[Memory], wanted: _Wanted) -> list[Memory]:
        untouched = [memory for memory in stored if memory.id not in self._after]
        return untouched + [memory for memory in self._after.values() if memory and wanted(memory)]


class _Wanted(Protocol):
    def __call__(self, memory: Memory, /) -> bool: ...


def memory_text(memory: Memory) -> str:
    """What a memory says: its title and its body."""
    return f"{memory.title}\n{memory.body}"


def says_news(candidate: Candidate, after: Memory) -> bool:
    """Whether a candidate says something that its memory did not say before."""
    before = candidate.before
    return before is None or content_hash(before) != content_hash(after) or before.title != after.title


def cited(memory: Memory) -> str:
    """A memory in a message: short id and title, nothing a terminal would obey."""
    title = "".join(letter if letter.isprintable() else "?" for letter in memory.title)
    return f"mem:{short(memory.id)} '{title}'"
