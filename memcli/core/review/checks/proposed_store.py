"""The store as a session would leave it: its memories with the session's candidates among them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from memcli.core.memory.memory import Memory, memory_text
from memcli.core.review.candidates import Candidate, content_hash
from memcli.core.review.checks.context import StoreView

ALL_PAIRS = 200
"""Up to this many candidates, all are compared with each other; beyond, those that share one of their rarest words."""
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
        untouched = [memory for memory in self._store.by_key(key) if memory.id not in self._after]
        return untouched + [memory for memory in self._after.values() if memory and memory.key == key]

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

        key = (memory.id, memory_text(memory))
        if key not in self._words:
            self._words[key] = word_set(key[1])
        return self._words[key]
