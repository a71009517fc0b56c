"""When `mem dream --auto` may run: enough time has passed, enough sessions have ended, and something is new."""

from __future__ import annotations

from memcli.core.review.policy import Policy
from memcli.operations.dream.dream_history import DreamHistory, LastDream
from memcli.operations.dream.inputs import DreamInputs

TIME, SESSIONS, LOCK, NOTHING_NEW = "time", "sessions", "lock", "nothing-new"


def closed_gate(history: DreamHistory, last: LastDream, inputs: DreamInputs, policy: Policy) -> str | None:
    """The first gate that keeps the dream from running; None where it may run."""
    if last.at is not None and inputs.instant - last.at < policy.dream_every:
        return TIME
    promotions = history.news(inputs.since, inputs.base)
    if history.count_ended_since(last, promotions) < policy.dream_sessions:
        return SESSIONS
    return None if promotions or inputs.code != inputs.code_since else NOTHING_NEW
