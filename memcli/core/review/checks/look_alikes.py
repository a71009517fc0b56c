"""Which of many memories say nearly the same: as pairs, or as a form that was filled in many times.

The cost follows the number of memories, not its square: memories are compared where they share a word that few others
have. Those that share only words that many have are copies of a form, and one finding says so of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from memcli.core.memory.memory import Memory, memory_text
from memcli.core.review.checks.filled_forms import MOST, FilledForms, Words
from memcli.core.text.similarity import is_near_duplicate, jaccard, word_set

COMMON = 32
"""Words that more memories have find no pairs: they belong to forms."""
RAREST = 8
"""A memory is compared with those that share one of so many of its rarest words."""
MARGIN = 0.15
"""Memories are equally alike where their likeness differs by less."""


@dataclass(frozen=True)
class ComparedMemories:
    """What is compared: `subjects` with each other, with `others`, and with the memories of the store that `stored`
    finds; `comparable` tells whether two may be a pair."""

    subjects: Collection[Memory]
    others: Collection[Memory]
    stored: Callable[[Memory], Iterable[Memory]]
    comparable: Callable[[Memory, Memory], bool]


class LookAlikes:
    """The pairs and forms among memories."""

    def __init__(self, compared: ComparedMemories) -> None:
        self._compared = compared
        self._subjects: dict[str, Memory] = {memory.id: memory for memory in compared.subjects}
        self._memories: dict[str, Memory] = {memory.id: memory for memory in compared.others} | self._subjects
        self._words: dict[str, Words] = {memory.id: word_set(memory_text(memory)) for memory in self._memories.values()}
        self._forms = FilledForms()

    def pairs(self, memory: Memory) -> list[Memory]:
        """The near-duplicates of a subject, the most alike first; of two subjects only the later one has the pair."""
        partners = self._pairs.get(memory.id, {})
        return [self._memories[other] for other in sorted(partners, key=lambda other: (-partners[other], other))]

    def form(self, memory: Memory) -> list[Memory]:
        """The copies of the form whose first subject this is, by id; empty for any other memory."""
        return self._firsts.get(memory.id, [])

    @cached_property
    def _firsts(self) -> Mapping[str, list[Memory]]:
        """{id of the first subject: the members} of each form."""
        assert self._pairs is not None  # looking for them groups the forms
        groups = ([self._memories[memory_id] for memory_id in group] for group in self._forms.groups())
        firsts = ((next((each.id for each in group if each.id in self._subjects), ""), group) for group in groups)
        return {first: group for first, group in firsts if first}

    @cached_property
    def _pairs(self) -> Mapping[str, Mapping[str, float]]:
        """{id of a subject: {id of a near-duplicate: likeness}}."""
        pairs: dict[str, dict[str, float]] = {}
        common = {memory_id: self._common_words(memory_id) for memory_id in self._words if self._can_fill(memory_id)}
        self._forms.join_by_words(common, {memory_id: len(words) for memory_id, words in self._words.items()})
        for memory in self._subjects.values():
            for other, likeness in self._near(memory):
                is_later = other not in self._subjects or other < memory.id
                later, earlier = (memory.id, other) if is_later else (other, memory.id)
                pairs.setdefault(later, {})[earlier] = likeness
        return pairs

    def _near(self, memory: Memory) -> list[tuple[str, float]]:
        """(id, likeness) of the near-duplicates of a subject; none where they are copies of a form."""
        usual = self._forms.likeness(memory.id)
        closest = -1.0 if usual is None else usual + MARGIN
        if closest >= 1.0:
            return []  # nothing can be more alike than the copies of its form
        near = ((other.id, self._likeness(memory, other)) for other in self._neighbours(memory))
        closer: list[tuple[str, float]] = [(other, likeness) for other, likeness in near if likeness > closest]
        best = max((likeness for _, likeness in closer), default=0.0)
        top = [other for other, likeness in closer if likeness >= best - MARGIN]
        if len(top) <= MOST:
            return closer
        if self._can_fill(memory.id):
            self._forms.join([memory.id, *filter(self._can_fill, top)])
        return []

    def _likeness(self, memory: Memory, other: Memory) -> float:
        return jaccard(self._words[memory.id], self._words[other.id])

    def _can_fill(self, memory_id: str) -> bool:
        """Whether a memory may be the copy of a form: a key and an event are matters of their own."""
        memory = self._memories[memory_id]
        return memory.key is None and memory.kind != "episodic"

    def _neighbours(self, memory: Memory) -> Iterator[Memory]:
        """The memories that are near-duplicates of a subject by their words, each once."""
        words = self._words[memory.id]
        shared = sorted((len(self._owners[word]), word) for word in words if 1 < len(self._owners[word]) <= COMMON)
        ids = {memory_id for _, word in shared[:RAREST] for memory_id in self._owners[word]} - {memory.id}
        neighbours = {memory_id: self._memories[memory_id] for memory_id in sorted(ids)} | self._stored(memory)
        for other in neighbours.values():
            if is_near_duplicate(words, self._words[other.id]) and self._compared.comparable(memory, other):
                yield other

    def _stored(self, memory: Memory) -> dict[str, Memory]:
        """{id: memory} of what the store has that may say the same."""
        stored: dict[str, Memory] = {other.id: other for other in self._compared.stored(memory)}
        for other in stored.values():
            if other.id not in self._words:
                self._memories[other.id] = other
                self._words[other.id] = word_set(memory_text(other))
        return stored

    def _common_words(self, memory_id: str) -> Words:
        return frozenset(word for word in self._words[memory_id] if len(self._owners[word]) > COMMON)

    @cached_property
    def _owners(self) -> Mapping[str, list[str]]:
        """{word: the ids of the memories that have it}, without those of the store."""
        owners: dict[str, list[str]] = {}
        for memory_id, words in self._words.items():
            for word in words:
                owners.setdefault(word, []).append(memory_id)
        return owners
