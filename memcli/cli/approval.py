"""Promotion as a person runs it: the review is shown first where the verdict requires their approval."""

from __future__ import annotations

from dataclasses import replace

from memcli.cli.options import Call
from memcli.cli.views.terminal import confirm, progress
from memcli.core.review.verdict import BY_PERSON
from memcli.operations.review.decisions import Promoted
from memcli.operations.review.promote import PromoteRequest, promote


def promote_with_approval(call: Call, request: PromoteRequest) -> Promoted:
    """Promote, asking a person at a terminal where the verdict requires their approval.

    What they were shown is what lands, or nothing does.
    """
    if not request.consent and not request.dry_run and call.may_prompt and call.workspace.config.agent is None:
        request = _approved(call, request)
    with progress(call, "merging"):
        return promote(call.workspace, replace(request, consent=request.consent or request.dry_run))


def _approved(call: Call, request: PromoteRequest) -> PromoteRequest:
    """The request with the person's answer, for exactly what they were shown."""
    from memcli.cli.views.review_page import show_for_approval  # nobody is asked with `--yes`
    from memcli.operations.review.review import review_session

    review = review_session(call.workspace, request.session, request.scope)
    if review.verdict != BY_PERSON:
        return request
    show_for_approval(call, review)
    return replace(request, expect=request.expect or review.result, consent=confirm("promote?"))
