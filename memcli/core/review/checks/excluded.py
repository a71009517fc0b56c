"""The check `excluded`: no memory names a code path that the repository keeps out of memory."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.core.finding import BLOCK, Finding
from memcli.core.memory.holds_if import parse_rule
from memcli.core.memory.memory import Memory
from memcli.core.review.exclusion import Excludes, source_path


def excluded_findings(memory: Memory | None, excludes: Excludes, before: Memory | None = None) -> list[Finding]:
    """One finding for each excluded path that an active memory names, `before` did not; retiring one is always free."""
    if memory is None or memory.status != "active":
        return []
    known = set(_named(before)) if before else set()
    return [
        Finding("excluded", BLOCK, memory.id, f"{where} {path!r} is excluded by {said[0]}: {said[1]}", _NEXT)
        for where, path in dict.fromkeys(_named(memory))
        if (where, path) not in known and (said := excludes.excluding(path))
    ]


_NEXT = "leave the path out; 'mem exclude list' shows what is excluded"


def _named(memory: Memory) -> Iterator[tuple[str, str]]:
    """(where, path) of the code paths a memory names."""
    yield from (("anchor", anchor.path) for anchor in memory.paths)
    yield from (("holds_if", rule.path) for rule in map(parse_rule, memory.holds_if) if rule)
    if path := source_path(memory.source.ref):
        yield "source.ref", path
