"""Who may approve what is to be promoted, and whether it is what was shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from memcli.core.finding import BLOCK, INFO, WARN, Finding
from memcli.core.review.verdict import BLOCKED, EMPTY, PROMOTABLE
from memcli.errors import Conflict, NotFound, Refused
from memcli.git.layout import Layout
from memcli.git.objects import Person
from memcli.git.revision import commits_named, resolve_commit
from memcli.operations.review.decisions import Consent
from memcli.operations.review.gate import Review
from memcli.store import Store

_MOST_NAMED = 5
_RESULT = re.compile(r"[0-9a-f]{7,40}")


class SessionMoved(Conflict):
    """What would land is not what the person was shown; trying again would promote something unseen."""

    retryable = False


@dataclass(frozen=True)
class Approval:
    """Approves or refuses what reviews show, for a person or an agent, with their consent."""

    consent: Consent
    person: Person
    is_agent: bool

    def approver(self, review: Review) -> str:
        """Who answers for the promotion of a session. Raises Refused where nobody who may has approved it."""
        name, is_promotable = review.session.name, review.verdict == PROMOTABLE
        if self.consent.reviewed_by and is_promotable:
            return self.consent.reviewed_by
        if self.is_agent and is_promotable and review.policy.promote == "auto":
            return "policy auto"
        if self.is_agent and review.verdict != EMPTY:
            raise Refused(
                "agents cannot approve sessions; a person must review and promote",
                f"ask a person to run 'mem review {name}'; the candidates are kept",
            )
        if review.verdict not in (PROMOTABLE, EMPTY) and not self.consent.is_given:
            raise Refused(
                f"requires approval by a person: {_reasons(review)}",
                f"read 'mem review {name}', then promote at a terminal, or with '--yes'",
            )
        return f"{self.person.name} <{self.person.email}>"


def refuse_blocked_reviews(reviews: Sequence[Review]) -> None:
    """Raise Refused where a finding blocks one of the sessions; it names what to leave out."""
    blocked = [review for review in reviews if review.verdict == BLOCKED]
    if not blocked:
        return
    several = len(reviews) > 1
    blocking = [(review, finding) for review in blocked for finding in review.findings if finding.severity == BLOCK]
    messages = [
        f"{finding.check} ({finding.id[-6:]}{f' of {review.session.name}' if several else ''}): {finding.message}"
        for review, finding in blocking[:_MOST_NAMED]
    ]
    more = f"; and {len(blocking) - _MOST_NAMED} more" if len(blocking) > _MOST_NAMED else ""
    raise Refused(f"blocked: {'; '.join(messages)}{more}", _way_out(blocking, several))


def _way_out(blocking: Sequence[tuple[Review, Finding]], several: bool) -> str:
    """What to do about findings that block a promotion."""
    conflict = next(((review, finding) for review, finding in blocking if finding.check == "conflict"), None)
    names = list(dict.fromkeys(review.session.name for review, _ in blocking))
    see = f"see 'mem review {names[0]}'"
    if conflict and (step := _rival(*conflict).next):
        see = step.replace("`", "'")
    others = "promote the others with '--skip-blocked'"
    return f"{see}; {others}" if several else f"{see}; {others} or 'mem promote {names[0]} --only ID'"


def _rival(review: Review, conflict: Finding) -> Finding:
    """The warning of another waiting session's change that a conflict comes from; the conflict where there is none."""
    warnings = (finding for finding in review.findings if (finding.check, finding.severity) == ("conflict", WARN))
    return next((warning for warning in warnings if warning.id == conflict.id), conflict)


def refuse_empty_promotion(review: Review) -> None:
    """Raise Refused where there is nothing to promote since no file could be read."""
    unreadable = [finding for finding in unsaved_findings(review) if finding.severity != INFO]
    if unreadable:
        messages = "; ".join(finding.message for finding in unreadable[:_MOST_NAMED])
        raise Refused(f"nothing can be promoted: {messages}", unreadable[0].next)


def unsaved_findings(review: Review) -> list[Finding]:
    """The findings about files that are in no commit; the session goes on with them."""
    return [finding for finding in review.findings if finding.check == "unsaved"]


def _reasons(review: Review) -> str:
    warnings = sorted({finding.check for finding in review.findings if finding.severity == WARN})
    if warnings:
        return ", ".join(warnings)
    return "it is an agent's session" if review.session.agent else "the policy says so"


def refuse_other_result(store: Store, layout: Layout, reviews: Sequence[Review], expect: str | None) -> None:
    """Compare what was shown with what would land or, for a commit, with the only session; reads recorded since do not
    count as a change. Raises SessionMoved, NotFound."""
    if not expect or not reviews:
        return
    is_id, result = _RESULT.fullmatch(expect) is not None, reviews[0].result
    if is_id and result.startswith(expect):
        return
    name = reviews[0].session.name if len(reviews) == 1 else ""
    review = f"mem review {name}".strip()
    shown = _commit_shown(store, layout, expect)
    if is_id and (shown is None or not name):
        moved = f"what would land is {result[:10]}, no longer {expect[:10]}"
        raise SessionMoved(f"{moved}: a session or the store has moved since", f"'{review}' shows it as it is")
    try:
        commit = shown or resolve_commit(store.odb, layout, expect)
    except NotFound as error:
        problem = f"{expect[:60]!r} is neither a result of 'mem review' nor a session's tip"
        raise NotFound(problem, f"take the result that '{review}' shows") from error
    deltas = store.deltas(store.tree_of(commit), store.tree_of(reviews[0].session.tip))
    if deltas:
        problem = f"the session {name} has moved since {expect[:10]}: {deltas[0].path}"
        raise SessionMoved(problem, f"'{review}' shows it as it is")


def _commit_shown(store: Store, layout: Layout, expect: str) -> str | None:
    """The commit that a text names; None where it names none, such as the id of a tree that was never written."""
    if len(expect) == 40 and not store.odb.has(expect):
        return None
    commits = commits_named(store.odb, layout, expect)
    return commits[0] if len(commits) == 1 else None
