"""Checks of a session as a whole: stale-read, session-size, unsaved, and ids that two of its files share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from memcli.core.finding import Problem
from memcli.core.memory.anchors import blob_id
from memcli.core.memory.identity import short
from memcli.core.review.candidates import Candidate
from memcli.core.review.checks.context import Context, cited


def shared_ids(candidates: Sequence[Candidate]) -> Iterator[Problem]:
    """Files that have the same id, as copies do."""
    counts = Counter(candidate.id for candidate in candidates)
    step = "remove the lines 'id' and 'created' from the copy; it gets its own"
    for candidate in candidates:
        if counts[candidate.id] > 1:
            yield Problem(f"id: another file has the same id as {candidate.path!r}", step, id=candidate.id)


def stale_read(candidates: Sequence[Candidate], context: Context) -> Iterator[Problem]:
    """The memories that this session was shown and mem/main has changed since; its own edits are no change."""
    bases = {candidate.id: blob_id(candidate.base_text.encode("utf-8", "surrogatepass")) for candidate in candidates}
    for memory_id, shown in sorted(context.reads.items()) if candidates else ():
        now = context.current.get(memory_id)
        if now and shown != now and bases.get(memory_id) != now:
            memory = context.store.memory(memory_id)
            message = f"{cited(memory) if memory else memory_id} has changed since this session read it"
            step = f"read it again with `mem show {short(memory_id)}`; `mem session update` brings the change in"
            yield Problem(message, step, id=memory_id)


def session_size(candidates: Sequence[Candidate], context: Context) -> Iterator[Problem]:
    """More candidates than the policy allows without a warning."""
    count, most = len(candidates), context.max_candidates
    if most is not None and count > most:
        message = f"the session has {count} candidates; the policy expects at most {most}"
        yield Problem(message, "promote in parts: `mem promote --only ID…`")


def unsaved(_candidates: Sequence[Candidate], context: Context) -> Sequence[Problem]:
    """The files that are no candidates, since they could not be saved."""
    return context.unsaved
