"""How memories are linked: by what they say of each other, by their keys, and by the code that they are about."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from memcli.core.memory.anchors import tidied
from memcli.core.memory.memory import Memory

LINK, BASED_ON, SUPERSEDES, MERGED, KEY, CODE = "links to", "is based on", "supersedes", "merges", "key", "code"
"""Relations; the last two have no direction: one timeline, one place in the code."""
_NAMED = re.compile(r"\[\[([0-9A-Za-z]{6,26})(?:…|\.\.\.)?(?:\|[^\]\n]*)?\]\]|\bmem:([0-9A-Z]{6,26})\b")


class MemoryLink(NamedTuple):
    """A link from one memory to another, by their ids."""

    source: str
    target: str
    relation: str


def memory_links(memories: Sequence[Memory]) -> list[MemoryLink]:
    """All links between memories of a store, each once."""
    named = KnownIds(memory.id for memory in memories)
    stated = (link for memory in memories for link in _stated(memory, named))
    keyed = _in_a_row(((memory.key, memory) for memory in memories if memory.key), KEY)
    anchored = ((tidied(anchor.path), memory) for memory in memories for anchor in memory.paths)
    return list(dict.fromkeys((*stated, *keyed, *_in_a_row(anchored, CODE))))


def _stated(memory: Memory, ids: KnownIds) -> Iterator[MemoryLink]:
    """What a memory's body and front matter say of others."""
    texts = [(match[1] or match[2], LINK) for match in _NAMED.finditer(memory.body)]
    for relation, names in ((BASED_ON, memory.based_on), (SUPERSEDES, memory.supersedes), (MERGED, memory.merged_from)):
        texts += [(name, relation) for name in names]
    for text, relation in texts:
        target = ids.find(text.upper())
        if target and target != memory.id:
            yield MemoryLink(memory.id, target, relation)


def _in_a_row(pairs: Iterable[tuple[str, Memory]], relation: str) -> Iterator[MemoryLink]:
    """Each memory of a group with the next one in time: a group of any size has few links."""
    groups: dict[str, list[Memory]] = defaultdict(list)
    for name, memory in pairs:
        groups[name].append(memory)
    for group in groups.values():
        row = sorted(group, key=lambda memory: (memory.starts, memory.id))
        yield from (MemoryLink(one.id, other.id, relation) for one, other in pairwise(row) if one.id != other.id)


class KnownIds:
    """The ids of a store, found by six or more of their first or last characters."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = sorted(ids)
        self._reversed = sorted(memory_id[::-1] for memory_id in self._ids)

    def find(self, text: str) -> str | None:
        """The one id that begins or ends so; None where there is none or several."""
        matches = {*_beginning(self._ids, text), *(found[::-1] for found in _beginning(self._reversed, text[::-1]))}
        return matches.pop() if len(matches) == 1 else None


def _beginning(names: Sequence[str], start: str) -> Sequence[str]:
    """At most two names, of a sorted list, that begin so."""
    place = bisect_left(names, start)
    return [name for name in names[place : place + 2] if name.startswith(start)]
