"""The check conflict: one memory never says two things unless a person lets both stand."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.core.finding import Problem
from memcli.core.memory.identity import short
from memcli.core.merge.part_conflict import FILE, PartConflict
from memcli.core.review.candidates import POLICY, Candidate
from memcli.core.review.checks.context import Context
from memcli.core.review.secrets import find_secrets
from memcli.core.text.first_few import first_few

_QUOTED = 80
"""Characters of each side that a message quotes."""


def conflict(candidate: Candidate, context: Context) -> Iterator[Problem]:
    """What the session and the store both changed, differently, or an earlier merge has left in the memory."""
    session = context.session or "SESSION"
    if candidate.conflicts:
        parts = first_few([_described(part) for part in candidate.conflicts], separator="; ")
        yield Problem(f"the store has changed the same since: {parts}", _next_step(candidate, session))
    elif _holds_both(candidate):
        message = "holds both sides of a merge that nobody has resolved"
        yield Problem(message, _next_step(candidate, session))


def _holds_both(candidate: Candidate) -> bool:
    """Whether the candidate brings a conflict into the store that was not there."""
    before, after = candidate.before, candidate.after
    return after is not None and after.conflict and not (before is not None and before.conflict)


def _described(part: PartConflict) -> str:
    """A part with what each side says; without the texts where one may hold a credential."""
    if part.part == FILE or find_secrets(f"{part.ours}\n{part.theirs}"):
        return part.part
    return f"{part.part} (store: {_quoted(part.ours)}, session: {_quoted(part.theirs)})"


def _quoted(text: str) -> str:
    line = "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))
    return f"'{line[:_QUOTED]}…'" if len(line) > _QUOTED else f"'{line}'" if line else "nothing"


def _next_step(candidate: Candidate, session: str) -> str:
    if candidate.change == POLICY:
        return (
            f"bring the store's policy in with `mem session update {session}` and edit it with `mem policy edit`, "
            f"or reject it with `mem reject {session} policy`"
        )
    memory_id = short(candidate.id)
    return f"`mem resolve {memory_id} --session {session}` shows both and takes the answer; or reject it"
