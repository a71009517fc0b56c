"""The check for what mem itself has said: a pack, or lines of one, written down as if it were news."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.core.finding import WARN, Finding
from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory
from memcli.core.pack.frame import quotes_pack
from memcli.core.review.candidates import Candidate
from memcli.core.review.checks.context import says_news


def echoes(candidate: Candidate, after: Memory) -> Iterator[Finding]:
    """A memory that repeats what was recalled: it would be found once more, and cited as if it stood for itself."""
    if says_news(candidate, after) and (quotes_pack(after.body) or quotes_pack(after.title)):
        step = f"keep only what is new, in words of its own (`mem edit {short(after.id)}`), or reject it"
        yield Finding("echo", WARN, after.id, "repeats a pack that mem handed out", step)
