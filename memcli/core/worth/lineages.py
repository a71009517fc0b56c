"""Extracts that supersede each other: proposed together or not at all, since one alone would name what is not there."""

from __future__ import annotations

from collections.abc import Sequence

from memcli.core.worth.worth import WeighedExtract


def lineages(ranked: Sequence[WeighedExtract]) -> list[tuple[WeighedExtract, ...]]:
    """The families of extracts connected by `supersedes` and `superseded_by`, in the order of their best members."""
    roots: dict[str, str] = {each.extract.memory.id: each.extract.memory.id for each in ranked}

    def root_of(memory_id: str) -> str:
        while roots[memory_id] != memory_id:
            memory_id = roots[memory_id] = roots[roots[memory_id]]
        return memory_id

    for each in ranked:
        memory = each.extract.memory
        for other in filter(None, (*memory.supersedes, memory.superseded_by)):
            if other in roots:
                roots[root_of(other)] = root_of(memory.id)
    families: dict[str, list[WeighedExtract]] = {}
    for each in ranked:
        families.setdefault(root_of(each.extract.memory.id), []).append(each)
    return [tuple(family) for family in families.values()]
