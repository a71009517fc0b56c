"""The reviewer: a guest of its own (git config `mem.reviewer`), whose word counts where the policy says so.

Invariant: what it approves is named by the commit it was shown; whatever is not a clean approval is for a person.
"""

from __future__ import annotations

from memcli.core.review.policy import REVIEWER
from memcli.core.review.secrets import find_secrets
from memcli.core.review.verdict import PROMOTABLE
from memcli.core.session.commit_message import one_line
from memcli.core.session.state import Session
from memcli.operations.curation.answers import is_configured
from memcli.operations.curation.curate import Curated, curate
from memcli.operations.curation.jobs import review_job
from memcli.operations.review.gate import run_gate
from memcli.workspace import Workspace

COMMAND, BY = "reviewer", "mem.reviewer"
APPROVE, ASK = "approve", "ask"


def has_reviewer(workspace: Workspace) -> bool:
    """Whether git config names a command to ask."""
    return is_configured(workspace, COMMAND)


def opinion(workspace: Workspace, session: Session) -> str:
    """What it says of a session, where its word would count: `approve COMMIT why`, or anything else and why."""
    found = run_gate(workspace, session, reviewed=True)
    if found.policy.promote != REVIEWER or found.verdict != PROMOTABLE:
        return "not asked"
    job = review_job(workspace, session.name)
    if job.left_out:
        return f"{ASK} there are more candidates than it can be shown at once"
    said = one_line(_said(curate(workspace, job, command=COMMAND), session.tip))
    return f"{ASK} what it said looks like it holds a credential" if find_secrets(said) else said


def approved(said: str) -> str:
    """The commit that an opinion approves; `` for any other."""
    verdict, _, rest = said.partition(" ")
    return rest.partition(" ")[0] if verdict == APPROVE else ""


def _said(done: Curated, tip: str) -> str:
    """Its words, an approval with the commit; one that leaves something out is none."""
    why = "; ".join([*(one.reason for one in done.accepted), *(f"{one.id[-6:]}: {one.reason}" for one in done.rejects)])
    if done.failure or done.verdict is None:
        return f"{ASK} {done.failure or 'it gave no verdict'}"
    if done.verdict == APPROVE and done.refused:
        return f"{ASK} it approved, and said what no review says: {done.refused[0].reason}"
    if done.verdict == APPROVE and not done.rejects:
        return f"{APPROVE} {tip} {why}"
    return f"{ASK if done.verdict == APPROVE else done.verdict} {why}"
