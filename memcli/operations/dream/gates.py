"""When a dream that nobody asked for may run: enough time, enough ended sessions, something new."""

from __future__ import annotations

from memcli.core.review.policy import Policy
from memcli.operations.dream.history import LastDream, news, sessions_ended_since
from memcli.operations.dream.inputs import DreamInputs
from memcli.workspace import Workspace

TIME, SESSIONS, LOCK, NOTHING_NEW = "time", "sessions", "lock", "nothing-new"


def closed_gate(workspace: Workspace, known: LastDream, inputs: DreamInputs, policy: Policy) -> str | None:
    """The first gate that is shut for `--auto`; None where the dream may run."""
    if known.at is not None and inputs.instant - known.at < policy.dream_every:
        return TIME
    promotions = news(workspace, inputs.since, inputs.base)
    if sessions_ended_since(workspace, known, promotions) < policy.dream_sessions:
        return SESSIONS
    return None if promotions or inputs.code != inputs.code_since else NOTHING_NEW
