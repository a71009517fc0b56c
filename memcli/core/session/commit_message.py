"""The messages of the store's commits: a subject, a body, and `Mem-*` trailers as the last paragraph.

Invariant: `trailers_of(commit_message(subject, body, pairs)) == pairs` for values that are not empty; text above the
last paragraph is never taken for a trailer, whatever it looks like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from memcli.core.session import trailers

_TRAILER = re.compile(r"(Mem-[A-Za-z-]+): (.*)")


def commit_message(subject: str, body: str, pairs: Sequence[tuple[str, str]]) -> str:
    """A message with the pairs (key, value) as trailers, each on one line; pairs without a value are left out."""
    lines = [f"{key}: {one_line(value)}" for key, value in pairs if value]
    return "\n\n".join(part for part in (one_line(subject), body.strip(), "\n".join(lines)) if part) + "\n"


def trailers_of(message: str) -> list[tuple[str, str]]:
    """The `Mem-*` trailers (key, value) of a message, in order; empty if the last paragraph holds anything else."""
    last = message.rstrip().rpartition("\n\n")[2]
    matches = [_TRAILER.fullmatch(line) for line in last.splitlines()]
    return [(match[1], match[2]) for match in matches if match] if matches and all(matches) else []


def session_trailers(name: str, agent: str | None, base: str) -> list[tuple[str, str]]:
    """The trailers that every commit of a session carries."""
    return [(trailers.SESSION, name), (trailers.AGENT, agent or ""), (trailers.BASE, base)]


def is_start(message: str) -> bool:
    """Whether a commit begins a session."""
    return any(key == trailers.START for key, _ in trailers_of(message))


def task_of(message: str) -> str:
    """The task in the message of the commit that begins a session."""
    paragraphs = message.strip().split("\n\n")
    return "\n\n".join(paragraphs[1:-1])


def one_line(text: str) -> str:
    """The text with every run of white space as one blank."""
    return " ".join(text.split())
