"""Which candidates of a session a promotion or a rejection means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from memcli.core.memory.identity import only_match, refuse_short_id
from memcli.core.review.candidates import Candidate


def choose_candidates(candidates: Sequence[Candidate], ids: Iterable[str]) -> tuple[Candidate, ...]:
    """The candidates meant by ids, or unique beginnings or ends of ids; all of them without ids. Raises NotFound,
    Usage."""
    chosen = set(whole_ids(candidates, ids).values())
    return tuple(candidate for candidate in candidates if not chosen or candidate.id in chosen)


def whole_ids(candidates: Iterable[Candidate], ids: Iterable[str]) -> Mapping[str, str]:
    """{text: the id of the candidate that it means}. Raises NotFound, Usage."""
    own, hint = {candidate.id for candidate in candidates}, "'mem review' lists the candidates"
    return {text: text if text in own else _matching(text, own, hint) for text in ids}


def _matching(text: str, own: Iterable[str], hint: str) -> str:
    refuse_short_id(text)
    return only_match(text, own, "candidate of this session", hint)
