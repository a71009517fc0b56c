"""`mem review --web` as a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from memcli.core.review.page_order import last_change, page_topics
from memcli.html.template import render_page
from memcli.operations.inbox.review_page import ReviewPage

_SIGNS = {"added": "New", "retired": "Retired", "policy": "Policy"}


def review_html(page: ReviewPage, now: datetime, words: Mapping[str, Callable[..., str]]) -> str:
    """All that waits as one HTML file; `words`: how numbers, times and verdicts are told."""
    waiting = page.waiting
    candidates = waiting.candidates
    values = {
        "waiting": waiting,
        "topics": page_topics(candidates),
        "result": page.result,
        "now": now,
        "updated": lambda session: last_change(candidates, session.name) or session.updated,
        "name_of": lambda change: _SIGNS.get(change, "Changed"),
    }
    return render_page("review", {**values, **words})
