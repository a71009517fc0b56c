"""Forms that were filled in many times: memories that are equally alike, in the same words with different values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from memcli.core.text.similarity import NEAR_DUPLICATE, is_near_duplicate

MOST = 4
"""More equally alike memories than this are copies of a form, not near-duplicates of each other."""

Words = frozenset[str]


class FilledForms:
    """Groups of memories, by id; groups that share a member are one."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}
        self._likeness: dict[str, float] = {}

    def likeness(self, memory_id: str) -> float | None:
        """How alike the copies of this memory's form are by the words of the form alone; None where it has no form."""
        return self._likeness.get(memory_id)

    def join(self, ids: Iterable[str]) -> None:
        """Make one group of these memories and all that are grouped with them."""
        first, *others = ids
        for memory_id in others:
            self._parents[self._root(memory_id)] = self._root(first)

    def groups(self) -> list[list[str]]:
        """The ids of each group that is a form, sorted."""
        groups: dict[str, list[str]] = {}
        for memory_id in sorted(self._parents):
            groups.setdefault(self._root(memory_id), []).append(memory_id)
        return [group for group in groups.values() if len(group) > MOST]

    def join_by_words(self, common_words: Mapping[str, Words], sizes: Mapping[str, int]) -> None:
        """Group the memories that have the same common words, where those are most of their words.

        `common_words`: {id: the words of a memory that many memories have}, `sizes`: {id: how many words it has}.
        """
        members: dict[Words, list[tuple[str, float]]] = {}
        for memory_id, words in common_words.items():
            share = len(words) / max(1, 2 * sizes[memory_id] - len(words))
            if share >= NEAR_DUPLICATE:
                members.setdefault(words, []).append((memory_id, share))
        filled = {words: dict(copies) for words, copies in members.items() if len(copies) > MOST}
        for copies in filled.values():
            self._likeness.update(copies)
        self._join_alike({words: list(copies) for words, copies in filled.items()})

    def _join_alike(self, members: Mapping[Words, list[str]]) -> None:
        """Group the copies of each form, and forms that differ in few of their words."""
        distinct: dict[Words, str] = {}
        for words, ids in sorted(members.items(), key=lambda item: (-len(item[0]), sorted(item[0]))):
            alike = next((first for other, first in distinct.items() if is_near_duplicate(words, other)), None)
            if alike is None:
                distinct[words] = ids[0]
            self.join([*([alike] if alike else []), *ids])

    def _root(self, memory_id: str) -> str:
        """The member that stands for a memory's group."""
        parents = self._parents
        while parents.setdefault(memory_id, memory_id) != memory_id:
            parents[memory_id] = memory_id = parents[parents[memory_id]]
        return memory_id
