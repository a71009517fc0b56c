"""The author of a memory: who writes it, when, and at which commit of the code."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.core.memory.instants import format_instant
from memcli.git.ref_files import read_ref
from memcli.workspace import Workspace

_DIGITS = 8
"""Hex digits of a code commit in a memory's `source`."""


@dataclass(frozen=True)
class Author:
    """`agent` is None for a person; `now`: RFC 3339; `code_commit`: abbreviated, None where no code is committed."""

    agent: str | None
    now: str
    code_commit: str | None


def author_of(workspace: Workspace) -> Author:
    """The caller as the author of what they write now."""
    head = read_ref(workspace.layout, "HEAD")
    return Author(workspace.config.agent, format_instant(workspace.now), head[:_DIGITS] if head else None)
