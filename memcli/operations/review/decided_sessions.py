"""Sessions with what is decided in them: a commit for the edits of whoever decides, and an empty one for rejections.

Everything here makes objects and moves no ref; `decide` publishes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from memcli.actor import Actor
from memcli.core.review.candidates import Candidate
from memcli.core.session import trailers
from memcli.core.session.commit_message import one_line
from memcli.core.session.state import REJECTED, Session
from memcli.core.text.first_few import first_few
from memcli.index.database.view import View
from memcli.operations.review.choose import choose_candidates, whole_ids
from memcli.operations.review.decisions import CandidateRef, Decisions
from memcli.operations.review.other_sessions import AllSessions
from memcli.operations.review.rejected_claims import ClaimsLeft, rejected_content
from memcli.operations.views.reader import Reader
from memcli.operations.writing.session_builder import CommitSources, SessionBuilder
from memcli.sessions import Sessions
from memcli.state.journal import FileEdit, JournalEntry


@dataclass(frozen=True)
class DecidedSession:
    """A session before and after what is decided in it, promotions apart, and the candidates that are rejected;
    `total`: how many it had."""

    before: Session
    after: Session
    rejected: tuple[Candidate, ...]
    reason: str
    total: int

    @property
    def name(self) -> str:
        """The session's name."""
        return self.before.name

    @property
    def has_ended(self) -> bool:
        """Whether nothing is left in it, since all was rejected."""
        return self.after.state == REJECTED


@dataclass(frozen=True)
class DecisionCommits:
    """Makes the commits of one operation, signed by an actor."""

    sessions: Sessions
    sources: CommitSources
    reader: Reader
    actor: Actor
    op: str

    def sessions_of(self, decisions: Decisions, staying: Sequence[str]) -> list[DecidedSession]:
        """Every session that is decided on; one of which nothing is left has ended, unless it is one of `staying`.

        Raises NotFound, Usage for a file that cannot be rejected, Refused for private text.
        """
        loaded = [self.sessions.load(name) for name in decisions.sessions]
        rejected = {session.name: self._rejected(session, decisions.reject) for session in loaded}
        if not decisions.reject and not decisions.edits:
            return [DecidedSession(session, session, (), "", 0) for session in loaded]
        with self.reader.main_view() as view:
            claims = ClaimsLeft(view, AllSessions(self.sessions), rejected)
            return [self._decided(session, decisions, claims, session.name in staying) for session in loaded]

    def _rejected(self, session: Session, reasons: Mapping[CandidateRef, str]) -> tuple[Candidate, ...]:
        ids = [ref.id for ref in reasons if ref.session == session.name]
        return choose_candidates(self.sessions.candidates(session), ids) if ids else ()

    def _decided(self, session: Session, decisions: Decisions, claims: ClaimsLeft, stays: bool) -> DecidedSession:
        builder = SessionBuilder(self.sources, session, session.tip)
        candidates, rejected = self.sessions.candidates(session), tuple(claims.rejected[session.name])
        edits = {ref.id: text for ref, text in decisions.edits.items() if ref.session == session.name}
        if edits:
            self._edit(builder, candidates, edits, claims.view)
        reasons = _Reasons(session.name, decisions.reject, rejected)
        if rejected:
            is_over = len(rejected) == len(candidates) and not (stays or session.goes_on)
            self._reject(builder, reasons, claims, f"{len(rejected)} of {len(candidates)} candidates", is_over)
        after = self.sessions.at(session.name, builder.session.tip)
        assert after is not None
        return DecidedSession(session, after, rejected, reasons.joined, len(candidates))

    def _edit(
        self, builder: SessionBuilder, candidates: Sequence[Candidate], texts: Mapping[str, str], view: View
    ) -> None:
        """A commit with the new texts of candidates, and of memories of the store, which become candidates so."""
        own = {candidate.id for candidate in candidates}
        stored = {id: record for id in texts if id not in own and (record := view.get(id))}
        given = {id: texts[text] for text, id in whole_ids(candidates, texts.keys() - stored.keys()).items()}
        places = {candidate.id: (candidate.path, candidate.title) for candidate in candidates if candidate.id in given}
        places |= {id: (record.path, record.title) for id, record in stored.items()}
        edits = [FileEdit(path, id, None, {**texts, **given}[id]) for id, (path, _) in places.items()]
        if stored:
            builder.update()  # so that they are changed as the store has them now
        entry = self._entry("edit", builder.session.name, edits, {})
        builder.tree = self.sources.store.write(builder.tree, {edit.path: edit.text for edit in edits})
        builder.add_commit([entry], f"edit: {first_few([title for _, title in places.values()])}")

    def _reject(
        self, builder: SessionBuilder, reasons: _Reasons, claims: ClaimsLeft, summary: str, is_over: bool
    ) -> None:
        name = builder.session.name
        contents = [f"{rejected_content(candidate)} {reasons.of(candidate.id)}" for candidate in claims.rejected[name]]
        claimed = [f"{id} {claim} {reasons.of(id)}" for id, claim in claims.rejected_in(name)]
        note = {trailers.REJECT: "\n".join(contents), trailers.REJECT_CLAIM: "\n".join(claimed)}
        note[trailers.STATE] = REJECTED if is_over else ""
        entry = self._entry("reject", name, (), {key: text for key, text in note.items() if text})
        builder.add_commit([entry], f"reject: {summary}")

    def _entry(self, verb: str, session: str, edits: Sequence[FileEdit], note: Mapping[str, str]) -> JournalEntry:
        """What a commit is made of; it never waits in the journal."""
        return replace(self.actor.entry(verb, session, edits, note), op=self.op)


@dataclass(frozen=True)
class _Reasons:
    """Why candidates of a session are rejected."""

    session: str
    reasons: Mapping[CandidateRef, str]
    rejected: Sequence[Candidate]

    @cached_property
    def _by_id(self) -> Mapping[str, str]:
        """{id of a candidate: why}, also where only a part of the id was given."""
        given = {ref.id: text for ref, text in self.reasons.items() if ref.session == self.session}
        return {id: given[text] for text, id in whole_ids(self.rejected, given).items()}

    def of(self, id: str) -> str:
        """The reason in one line."""
        return one_line(self._by_id[id])

    @property
    def joined(self) -> str:
        """Each reason once."""
        return "; ".join(dict.fromkeys(self._by_id.values()))
