"""The author of a memory: who writes it, in which session, when, and at which commit of the code."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.actor import Actor
from memcli.core.memory.instants import format_instant
from memcli.git.ref_files import read_ref

_DIGITS = 8
"""Hex digits of a code commit in a memory's `source`."""


@dataclass(frozen=True)
class Author:
    """`agent` is None for a person; `now`: RFC 3339; `code_commit`: abbreviated, None where no code is committed."""

    session: str
    agent: str | None
    now: str
    code_commit: str | None


def author_of(actor: Actor, session: str) -> Author:
    """Who acts, as the author of what they write now in a session."""
    head = read_ref(actor.layout, "HEAD")
    return Author(session, actor.agent, format_instant(actor.clock.now), head[:_DIGITS] if head else None)
