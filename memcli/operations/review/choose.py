"""Which candidates of a session a promotion or a rejection means."""

from __future__ import annotations

from collections.abc import Sequence

from memcli.core.memory.identity import id_matches
from memcli.core.review.candidates import Candidate
from memcli.errors import NotFound


def choose_candidates(candidates: Sequence[Candidate], ids: Sequence[str]) -> tuple[Candidate, ...]:
    """The candidates meant by ids, or unique beginnings or ends of ids; all of them without ids. Raises NotFound."""
    chosen = {_id_meant(candidates, text) for text in ids}
    return tuple(candidate for candidate in candidates if not ids or candidate.id in chosen)


def _id_meant(candidates: Sequence[Candidate], text: str) -> str:
    ids = {candidate.id for candidate in candidates if id_matches(text, candidate.id)}
    if len(ids) != 1:
        problem = "no candidate" if not ids else f"{len(ids)} candidates"
        raise NotFound(f"{problem} with the id {text!r} in this session", "'mem review' lists the candidates")
    return ids.pop()
