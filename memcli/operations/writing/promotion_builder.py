"""How a promotion is built: a merge commit for each session, and the sessions as they go on or end.

Everything here makes objects and moves no ref; `promote` publishes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from memcli.branch import READS, SESSION_DIRECTORY
from memcli.core.review.candidates import ADDED, RETIRED, Candidate
from memcli.core.session import trailers
from memcli.core.session.commit_message import commit_message, session_trailers
from memcli.core.session.state import PROMOTED, Session
from memcli.git.objects import Commit, Person
from memcli.operations.writing.derived_files import store_time
from memcli.operations.writing.merge_result import MergeResult
from memcli.operations.writing.promoted_history import PromotedHistory
from memcli.store import Store


@dataclass(frozen=True)
class Promotion:
    """The merge to commit, of the candidates `chosen` of a session; who approved it, and the operation's id.

    `left` stays in the session, which goes on without any, too, where it `goes_on`.
    """

    session: Session
    merge: MergeResult
    chosen: Sequence[Candidate]
    left: Sequence[Candidate]
    approver: str
    op: str
    goes_on: bool = False

    @property
    def ends(self) -> bool:
        """Whether the session ends with it."""
        return not (self.left or self.goes_on or self.session.goes_on)


@dataclass(frozen=True)
class BuiltPromotion:
    """What one session's promotion makes: the merge commit, the session's next tip, and whether the session ends."""

    commit: str
    parents: tuple[str, str]
    session_tip: str
    ends: bool
    warnings: tuple[str, ...]


class PromotionBuilder:
    """Builds promotions, committed by `person`."""

    def __init__(self, store: Store, person: Person) -> None:
        self._store, self._odb, self._person = store, store.odb, person

    def build(self, promotions: Sequence[Promotion]) -> list[BuiltPromotion]:
        """The merge commits, each on top of the one before, and the sessions with what is left on top of the last."""
        main = self._odb.commit(promotions[0].merge.main)
        at, warnings = store_time(self._person.at, main.at)
        person = replace(self._person, at=at)
        commits = list(self._commits(main, promotions, person))
        return [
            BuiltPromotion(commit, parents, self._next_tip(promotion, commits[-1][0], person), promotion.ends, warnings)
            for promotion, (commit, parents) in zip(promotions, commits, strict=True)
        ]

    def _commits(
        self, main: Commit, promotions: Iterable[Promotion], person: Person
    ) -> Iterator[tuple[str, tuple[str, str]]]:
        """(merge commit, parents) of each session."""
        tip, tree = main.id, main.tree
        for promotion in promotions:
            parents = (tip, PromotedHistory(self._store, promotion.session).second_parent(promotion.chosen))
            tree = self._store.write(tree, promotion.merge.files)
            tip = self._odb.write_commit(tree, parents, self._message(promotion), person)
            yield tip, parents

    def _next_tip(self, promotion: Promotion, base: str, person: Person) -> str:
        return self._close(promotion, person) if promotion.ends else self._carry_on(promotion, base, person)

    def _message(self, promotion: Promotion) -> str:
        """A pull request in the log: a subject, a line per memory, trailers."""
        session, candidates = promotion.session, promotion.merge.candidates
        topic = session.task.splitlines()[0] if session.task else candidates[0].title if len(candidates) == 1 else ""
        lines = [_line(candidate, promotion.merge.main) for candidate in candidates]
        subject = f"promote {session.name}: {topic or f'{len(candidates)} memories'}"
        return commit_message(subject, "\n".join(lines), self._trailers(promotion))

    def _trailers(self, promotion: Promotion) -> list[tuple[str, str]]:
        """Only the promotion of a whole dream says how far it read."""
        session, is_whole = promotion.session, not promotion.left
        signs = [_sign(candidate) for candidate in promotion.merge.candidates]
        reads = self._store.text(self._odb.file(self._store.tree_of(session.tip), READS)).count("\n")
        return [
            (trailers.SESSION, session.name),
            (trailers.AGENT, session.agent or ""),
            (trailers.STANDING, session.standing),
            (trailers.CANDIDATES, " ".join(f"{sign}{signs.count(sign)}" for sign in "+~-")),
            (trailers.REVIEW, promotion.approver),
            (trailers.READS, str(reads)),
            (trailers.WATERMARK, (session.watermark or "") if is_whole else ""),
            (trailers.CODE, (session.code or "") if is_whole else ""),
            (trailers.OP, promotion.op),
        ]

    def _carry_on(self, promotion: Promotion, base: str, person: Person) -> str:
        """The session begun again on the new tip, with its decisions, and what was left as its candidates."""
        session, tree = promotion.session, self._store.tree_of(base)
        is_empty = not (promotion.left or promotion.goes_on)
        if is_empty and session.standing:
            session = replace(session, agent=None)  # what an agent has added to a person's drafts is promoted
        message = commit_message(
            f"session: {session.name}", session.task, self._restart_trailers(session, base, person.at)
        )
        start = self._odb.write_commit(tree, [base], message, person)
        if is_empty:
            return start  # its records went with what was promoted
        texts = self._store.merge_onto(promotion.left, tree, lambda _: None)
        records = self._odb.files(self._store.tree_of(session.tip), SESSION_DIRECTORY)
        carried = self._odb.update(self._store.write(tree, texts), dict(records))
        pairs = session_trailers(session.name, session.agent, base)
        message = commit_message(f"left: {len(promotion.left)} candidates", "", pairs)
        return self._odb.write_commit(carried, [start], message, person)

    def _restart_trailers(self, session: Session, base: str, at: datetime) -> list[tuple[str, str]]:
        return [
            (trailers.START, at.strftime("%Y-%m-%dT%H:%M:%SZ")),
            *session_trailers(session.name, session.agent, base),
            (trailers.STANDING, session.standing),
            (trailers.CODE_BRANCH, session.code_branch or ""),
            (trailers.BRANCH_MERGED, session.merged.value() if session.merged else ""),
            (trailers.HARNESS_ID, session.harness_id or ""),
            (trailers.WATERMARK, session.watermark or ""),
            (trailers.CODE, session.code or ""),
            *(
                (trailers.REJECT, f"{rejected.id} {rejected.content} {rejected.reason}")
                for rejected in session.rejections
            ),
            *((trailers.REJECT_CLAIM, f"{claim.id} {claim.claim} {claim.reason}") for claim in session.rejected_claims),
            (trailers.ENDED, session.ended or ""),
            *((trailers.STEP, step) for step in session.steps),
        ]

    def _close(self, promotion: Promotion, person: Person) -> str:
        session = promotion.session
        pairs = session_trailers(session.name, session.agent, session.base)
        pairs += [(trailers.STATE, PROMOTED), (trailers.OP, promotion.op)]
        tree, message = self._store.tree_of(session.tip), commit_message("promoted", "", pairs)
        return self._odb.write_commit(tree, [session.tip], message, person)


def _line(candidate: Candidate, main: str) -> str:
    """A memory of the promotion, with what it was merged with."""
    merged = f", merged with {main[:7]}: {', '.join(candidate.merge.changed)}" if candidate.merge else ""
    both = ", both sides kept" if candidate.conflicts else ""
    return f"{_sign(candidate)} {candidate.title} ({candidate.id[-6:]}){merged}{both}"


def _sign(candidate: Candidate) -> str:
    return {ADDED: "+", RETIRED: "-"}.get(candidate.change, "~")
