"""`mem promote` of one session: reviewed candidates become part of the store, as a merge commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from memcli.operations.review.decide import decide
from memcli.operations.review.decisions import CandidateRef, Consent, Decisions, Promoted
from memcli.operations.review.gate import GateScope
from memcli.workspace import Workspace


@dataclass(frozen=True)
class PromoteRequest:
    """What to promote: the candidates of `only` (empty: all), if what would land is what was shown.

    `expect`: the id of the tree that was shown (or its beginning), or the session's commit that was; `consent`: a
    person approves, needed where the verdict is `person`; `reviewed_by`: a reviewer who has approved what is expected;
    `keep_both`: a person lets both sides of a conflict stand.
    """

    session: str
    only: Sequence[str] = ()
    expect: str | None = None
    consent: bool = False
    reviewed_by: str = ""
    keep_both: bool = False
    dry_run: bool = False

    @property
    def scope(self) -> GateScope:
        """What the gate is to judge."""
        return GateScope(self.only, bool(self.reviewed_by), self.keep_both)

    @property
    def decisions(self) -> Decisions:
        """The same as decisions about candidates."""
        chosen = tuple(CandidateRef(self.session, id) for id in self.only)
        return Decisions(chosen, () if chosen else (self.session,), keep_both=self.keep_both)


def promote(workspace: Workspace, request: PromoteRequest) -> Promoted:
    """Merge a session's candidates into the store.

    Raises Refused (the gate, or an agent without approval), Conflict (what would land is not what was expected, or the
    store kept moving), NotFound, Busy.
    """
    consent = Consent(request.consent, request.expect, request.reviewed_by)
    return decide(workspace, request.decisions, consent, request.dry_run).promoted[0]
