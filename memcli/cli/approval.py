"""Decisions as a person takes them: what will happen is shown first, and they are asked once."""

from __future__ import annotations

from dataclasses import replace

from memcli.cli.options import Call
from memcli.cli.views.terminal import confirm, progress
from memcli.core.review.verdict import BY_PERSON
from memcli.errors import Refused
from memcli.operations.review.decide import decide
from memcli.operations.review.decisions import Consent, Decided, Decisions, Promoted
from memcli.operations.review.promote import PromoteRequest, promote


def promote_with_approval(call: Call, request: PromoteRequest) -> Promoted:
    """Promote a session, asking a person at a terminal where the verdict requires their approval."""
    consent = Consent(request.consent, request.expect)
    if not (request.consent or request.dry_run) and _may_ask(call):
        consent = _asked(call, request.decisions, consent)
    with progress(call, "merging"):
        is_given = consent.is_given or request.dry_run
        return promote(call.workspace, replace(request, consent=is_given, expect=consent.expect))


def promote_decided(call: Call, decisions: Decisions, consent: Consent, dry_run: bool = False) -> Decided:
    """Promote, asking a person at a terminal where a verdict requires their approval, or several sessions are meant.

    What they were shown is what lands, or nothing does.
    """
    if not (consent.is_given or dry_run) and _may_ask(call):
        consent = _asked(call, decisions, consent)
    with progress(call, "merging"):
        return decide(call.workspace, decisions, replace(consent, is_given=consent.is_given or dry_run), dry_run)


def _may_ask(call: Call) -> bool:
    return call.may_prompt and call.workspace.config.agent is None


def _asked(call: Call, decisions: Decisions, consent: Consent) -> Consent:
    """The person's consent, for exactly what they were shown. Raises Refused where they answer no."""
    with progress(call, "checking"):
        preview = decide(call.workspace, decisions, replace(consent, is_given=True), dry_run=True)
    if len(preview.promoted) < 2 and all(outcome.review.verdict != BY_PERSON for outcome in preview.promoted):
        return consent
    _show(call, preview)
    if not confirm("promote?"):
        raise Refused("not promoted; nothing was changed", "'mem review' shows what waits")
    return Consent(True, consent.expect or preview.result)


def _show(call: Call, preview: Decided) -> None:
    """What would land: the whole page of one session, a list of several."""
    if len(preview.promoted) == 1:
        from memcli.cli.views.review_page import show_for_approval

        show_for_approval(call, preview.promoted[0].review)
    else:
        from memcli.cli.views.promotion import show_preview

        show_preview(preview)


def may_reject(call: Call, decisions: Decisions) -> bool:
    """Whether a person agrees to reject what nobody has named one by one; without a terminal nobody is asked."""
    if not _may_ask(call):
        return True
    from memcli.cli.views.rejection import show_to_reject

    show_to_reject(decide(call.workspace, decisions, dry_run=True))
    return confirm("reject?")
