"""When a dream that nobody asked for may run: enough time, enough ended sessions, something new."""

from __future__ import annotations

from memcli.core.review.policy import Policy
from memcli.operations.dream.history import Last, ended_since, news
from memcli.operations.dream.inputs import Inputs
from memcli.workspace import Workspace

TIME, SESSIONS, LOCK, NOTHING_NEW = "time", "sessions", "lock", "nothing-new"


def gate(workspace: Workspace, known: Last, inputs: Inputs, policy: Policy) -> str | None:
    """The first gate that is shut for `--auto`; None where the dream may run."""
    if known.at is not None and inputs.instant - known.at < policy.dream_every:
        return TIME
    promotions = news(workspace, inputs.since, inputs.base)
    if ended_since(workspace, known, promotions) < policy.dream_sessions:
        return SESSIONS
    return None if promotions or inputs.code != inputs.code_since else NOTHING_NEW
