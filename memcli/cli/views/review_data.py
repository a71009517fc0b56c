"""Reviews as the JSON contract has them: one session's, and all that waits."""

from __future__ import annotations

from typing import Any

from memcli.cli.views.findings import finding_data
from memcli.cli.views.merges import conflict_data, merged_data
from memcli.core.review.candidates import Candidate
from memcli.core.review.verdict import BLOCKED, BY_PERSON, EMPTY, PROMOTABLE
from memcli.operations.review.gate import Review
from memcli.operations.review.waiting import Waiting

_WORST_FIRST = (BLOCKED, BY_PERSON, PROMOTABLE, EMPTY)
_NONE: dict[str, Any] = {"session": None, "base": None, "tip": None, "result": None, "main": None, "merged": [],
                         "also": [], "left": [], "rejected": [], "agent": None, "task": ""}  # fmt: skip


def review_data(review: Review) -> dict[str, Any]:
    """A review as the JSON contract has it."""
    session = review.session
    return {
        "session": session.name, "base": session.base, "tip": session.tip,
        "result": review.result, "main": review.merge.main, "verdict": review.verdict,
        "candidates": list(map(_candidate_data, review.candidates)),
        "findings": [finding_data(finding) for finding in review.findings],
        "merged": merged_data(review), "also": list(map(_candidate_data, review.merge.others)),
        "left": [candidate.id for candidate in review.left],
        "rejected": [{"id": candidate.id, "title": candidate.title} for candidate in review.rejected],
        "agent": session.agent, "task": session.task,
    }  # fmt: skip


def _candidate_data(candidate: Candidate) -> dict[str, Any]:
    return {"id": candidate.id, "change": candidate.change, "title": candidate.title, "path": candidate.path,
            "diff": candidate.diff, **conflict_data(candidate)}  # fmt: skip


def waiting_data(waiting: Waiting, result: str | None) -> dict[str, Any]:
    """All that waits: the reviews by session; of a single one its fields besides, else the candidates of all."""
    sessions = list(map(review_data, waiting.reviews))
    whole = sessions[0] if len(sessions) == 1 else {
        **_NONE, "verdict": worst_verdict(waiting), "main": sessions[0]["main"] if sessions else None,
        "candidates": [candidate for session in sessions for candidate in session["candidates"]],
        "findings": [finding for session in sessions for finding in session["findings"]],
    }  # fmt: skip
    chosen = [{"session": candidate.session, "id": candidate.id, "topic": candidate.topic, "type": candidate.type,
               "source": candidate.source or None,
               "author": candidate.author, "updated": candidate.updated, "blocked": candidate.is_blocked,
               "clean": candidate.is_clean} for candidate in waiting.candidates]  # fmt: skip
    return {**whole, "result": result, "selected": chosen, "sessions": sessions}


def worst_verdict(waiting: Waiting) -> str:
    """The verdict of a session that most hinders a promotion; that of an empty session where nothing waits."""
    return min((review.verdict for review in waiting.reviews), key=_WORST_FIRST.index, default=EMPTY)
