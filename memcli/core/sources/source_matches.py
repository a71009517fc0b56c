"""What became of the sources of stored memories: which extract of a later reading each of them corresponds to.

Invariant: an extract corresponds to one memory at most; a memory whose text still stands where it was taken from is
never called changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from memcli.core.memory.memory import Memory
from memcli.core.review.claim import claim_text
from memcli.core.review.exclusion import source_path
from memcli.core.sources.dating import origin_id, without_targets
from memcli.core.sources.source_reader import Extract
from memcli.core.text.similarity import NEAR_DUPLICATE, jaccard, word_set

Pair = tuple[Memory, Extract]
K = TypeVar("K")


@dataclass(frozen=True)
class SourceMatches:
    """Memories with the extract that is their source now: `same`: unchanged, at the path it had; `moved`: at another;
    `changed`: with another text. `gone`: those without any."""

    same: tuple[Pair, ...]
    moved: tuple[Pair, ...]
    changed: tuple[Pair, ...]
    gone: tuple[Memory, ...]

    @property
    def by_extract(self) -> dict[str, Memory]:
        """The id of an extract's memory → the stored memory that it corresponds to."""
        return {extract.memory.id: memory for memory, extract in (*self.same, *self.moved, *self.changed)}


def match_sources(
    memories: Sequence[Memory], extracts: Sequence[Extract], was_read: Callable[[str], bool]
) -> SourceMatches:
    """What became of the sources of memories; `was_read`: whether all that a path holds is among the extracts, for
    which it may hold nothing any more."""
    free = {id(extract): extract for extract in extracts}
    by_path, by_claim = (
        _grouped(extracts, lambda extract: extract.path),
        _grouped(extracts, lambda extract: _claim(extract.memory)),
    )
    by_place = _grouped(extracts, lambda extract: (extract.path, _claim(extract.memory)))

    def origins(memory: Memory) -> list[Extract]:
        unchanged = by_place[_path(memory), _claim(memory)]
        return unchanged or [extract for extract in by_path[_path(memory)] if is_origin(extract, memory)]

    same = list(_take(free, memories, origins))
    open_ones = [memory for memory in _without(memories, same) if was_read(_path(memory))]
    moved = list(_take(free, open_ones, lambda memory: by_claim[_claim(memory)]))
    open_ones = [memory for memory in _without(open_ones, moved) if memory.status == "active"]
    changed = list(_changed(free, open_ones))
    return SourceMatches(tuple(same), tuple(moved), tuple(changed), tuple(_without(open_ones, changed)))


def is_origin(extract: Extract, memory: Memory) -> bool:
    """Whether a memory was made of this text, at the path that it names, whatever was edited in it since."""
    is_same_id = origin_id(memory.created, _path(memory), extract.memory.body) == memory.id
    return is_same_id or _claim(extract.memory) == _claim(memory)


def is_unedited(memory: Memory) -> bool:
    """Whether a memory still has the text that its id was derived from."""
    return origin_id(memory.created, _path(memory), memory.body) == memory.id


def _path(memory: Memory) -> str:
    return source_path(memory.source.ref) or ""


def _claim(memory: Memory) -> str:
    return claim_text(without_targets(memory.body))


def _grouped(extracts: Iterable[Extract], key: Callable[[Extract], K]) -> defaultdict[K, list[Extract]]:
    groups: defaultdict[K, list[Extract]] = defaultdict(list)
    for extract in extracts:
        groups[key(extract)].append(extract)
    return groups


def _take(
    free: dict[int, Extract], memories: Iterable[Memory], candidates: Callable[[Memory], Iterable[Extract]]
) -> Iterator[Pair]:
    """Each memory with the first of its candidates that is still free, which it takes."""
    for memory in memories:
        extract = next((extract for extract in candidates(memory) if id(extract) in free), None)
        if extract is not None:
            del free[id(extract)]
            yield memory, extract


def _without(memories: Iterable[Memory], pairs: Iterable[Pair]) -> list[Memory]:
    taken = {memory.id for memory, _ in pairs}
    return [memory for memory in memories if memory.id not in taken]


def _changed(free: dict[int, Extract], memories: Sequence[Memory]) -> Iterator[Pair]:
    """The pairs that are alike enough to be versions of one text, the most alike first."""
    words = {key: word_set(extract.memory.body) for key, extract in free.items()} if memories else {}
    scored = [
        (-score, place, key)
        for place, memory in enumerate(memories)
        for own in [word_set(memory.body)]
        for key, extract in free.items()
        if (score := _likeness(memory, extract, jaccard(own, words[key])))
    ]
    taken: set[int] = set()
    for _, place, key in sorted(scored):
        if place not in taken and key in free:
            taken.add(place)
            yield memories[place], free.pop(key)


def _likeness(memory: Memory, extract: Extract, shared: float) -> float:
    """How much an extract looks like a later version of a memory's text, 0 for not at all; in another file it has to
    have the same title too."""
    same_title = memory.title.casefold() == extract.memory.title.casefold()
    if extract.path == _path(memory):
        return 1 + same_title + shared if same_title or shared >= NEAR_DUPLICATE else 0
    return shared if same_title and shared >= NEAR_DUPLICATE else 0
