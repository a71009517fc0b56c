"""Checks of who may change what: read-only and excluded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from memcli.core.finding import Problem
from memcli.core.memory.holds_if import parse_rule
from memcli.core.memory.keys import PERSONS, set_by
from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import POLICY, Candidate

if TYPE_CHECKING:
    from memcli.core.review.checks.context import Context
    from memcli.core.review.exclusion import Excludes


def read_only(candidate: Candidate, context: Context) -> Iterator[Problem]:
    """What an agent must leave alone: read-only memories, the keys that persons set, and the policy."""
    if not context.agent:
        return
    if candidate.change == POLICY:
        yield Problem(
            "only persons may change the policy", "leave policy.yaml as it is and tell a person what to change"
        )
    elif candidate.before and candidate.before.read_only:
        yield Problem("agents may not change a read-only memory", "record what you learned with `mem add`")
    elif candidate.after:
        yield from _reserved(candidate.after, candidate.before)


def _reserved(after: Memory, before: Memory | None) -> Iterator[Problem]:
    """The keys for persons that a change sets."""
    for name in sorted(set_by(PERSONS)):
        if (getattr(after, name) or None) != ((before and getattr(before, name)) or None):
            yield Problem(f"only persons may set '{name}'", f"put '{name}' back as it was")


def excluded(candidate: Candidate, context: Context) -> Iterator[Problem]:
    """The excluded paths that an active memory names and did not name before; retiring one is always allowed."""
    if candidate.after and context.excludes:
        yield from excluded_paths(candidate.after, context.excludes, candidate.before)


def excluded_paths(memory: Memory, excludes: Excludes, before: Memory | None = None) -> Iterator[Problem]:
    """One problem for each excluded path that an active memory names, and `before` did not."""
    if memory.status != "active":
        return
    known = set(_named(before)) if before else set()
    for where, path in dict.fromkeys(_named(memory)):
        if (where, path) not in known and (match := excludes.excluding(path)):
            message = f"{where} {path!r} is excluded by {match[0]}: {match[1]}"
            yield Problem(message, "remove the path; 'mem exclude list' shows what is excluded")


def _named(memory: Memory) -> Iterator[tuple[str, str]]:
    """(where, path) of the code paths a memory names."""
    from memcli.core.review.exclusion import source_path  # most stores exclude nothing

    yield from (("anchor", anchor.path) for anchor in memory.paths)
    yield from (("holds_if", rule.path) for rule in map(parse_rule, memory.holds_if) if rule)
    if path := source_path(memory.source.ref):
        yield "source.ref", path
