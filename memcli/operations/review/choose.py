"""Which candidates of a session a promotion or a rejection means."""

from __future__ import annotations

from collections.abc import Sequence

from memcli.core.memory.identity import only_match, refuse_short_id
from memcli.core.review.candidates import Candidate


def choose_candidates(candidates: Sequence[Candidate], ids: Sequence[str]) -> tuple[Candidate, ...]:
    """The candidates meant by ids, or unique beginnings or ends of ids; all of them without ids. Raises NotFound,
    Usage."""
    own, hint = [candidate.id for candidate in candidates], "'mem review' lists the candidates"
    for text in ids:
        refuse_short_id(text)
    chosen = {only_match(text, own, "candidate of this session", hint) for text in ids}
    return tuple(candidate for candidate in candidates if not ids or candidate.id in chosen)
