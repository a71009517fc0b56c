"""How a promotion is built: the merged tree with its timelines and front page, and the session as it goes on or ends.

Everything here makes objects and moves no ref; `promote` publishes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from memcli.branch import FRONT_PAGE, READS, SESSION_DIRECTORY
from memcli.core.review.candidates import ADDED, RETIRED, Candidate
from memcli.core.session import trailers
from memcli.core.session.commit_message import commit_message, session_trailers
from memcli.core.session.state import PROMOTED, Session
from memcli.git.objects import Person
from memcli.operations.views.reader import Reader
from memcli.operations.writing.derived_files import front_page, keys_of, store_time, timelines
from memcli.operations.writing.promoted_history import PromotedHistory
from memcli.store import Store


@dataclass(frozen=True)
class Promotion:
    """What to promote of a session, who approved it, and the operation's id; `left` stays in the session."""

    session: Session
    chosen: Sequence[Candidate]
    left: Sequence[Candidate]
    approver: str
    op: str


@dataclass(frozen=True)
class BuiltPromotion:
    """The objects of one promotion: the merge commit, the session's next tip, and whether the session ends."""

    commit: str
    parents: tuple[str, str]
    session_tip: str
    ends: bool
    warnings: tuple[str, ...]


class PromotionBuilder:
    """Builds promotions into the store's tip `main`, committed by `person`."""

    def __init__(self, store: Store, reader: Reader, main: str, person: Person) -> None:
        self._store, self._odb, self._reader = store, store.odb, reader
        self._main = self._odb.commit(main)
        at, self._warnings = store_time(person.at, self._main.at)
        self._person = replace(person, at=at)

    def build(self, promotion: Promotion) -> BuiltPromotion:
        """The merge commit of what was chosen, and the session with what is left."""
        tree = self._store.write(self._main.tree, self._texts(promotion.chosen))
        parents = (self._main.id, PromotedHistory(self._store, promotion.session).second_parent(promotion.chosen))
        commit = self._odb.write_commit(tree, parents, self._message(promotion), self._person)
        tip = self._carry_on(promotion, commit) if promotion.left else self._close(promotion)
        return BuiltPromotion(commit, parents, tip, not promotion.left, self._warnings)

    def _texts(self, chosen: Sequence[Candidate]) -> dict[str, str]:
        """{path: text} to write into the store's tree: candidates merged, timelines arranged, the front page."""
        with self._reader.main_view() as view:
            records = {candidate.id: view.get(candidate.id) for candidate in chosen}
        paths = {memory_id: record.path for memory_id, record in records.items() if record}
        texts = self._store.merge_onto(chosen, self._main.tree, paths.get)
        texts.update(timelines(self._reader, texts, keys_of(chosen, texts)))
        return {**texts, FRONT_PAGE: front_page(self._reader, texts)}

    def _message(self, promotion: Promotion) -> str:
        """A pull request in the log: a subject, a line per memory, trailers."""
        session, chosen = promotion.session, promotion.chosen
        topic = session.task.splitlines()[0] if session.task else chosen[0].title if len(chosen) == 1 else ""
        lines = [f"{_sign(candidate)} {candidate.title} ({candidate.id[-6:]})" for candidate in chosen]
        subject = f"promote {session.name}: {topic or f'{len(chosen)} memories'}"
        return commit_message(subject, "\n".join(lines), self._trailers(promotion))

    def _trailers(self, promotion: Promotion) -> list[tuple[str, str]]:
        """Only the promotion of a whole dream says how far it read."""
        session, is_whole = promotion.session, not promotion.left
        signs = [_sign(candidate) for candidate in promotion.chosen]
        reads = self._store.text(self._odb.file(self._store.tree_of(session.tip), READS)).count("\n")
        return [
            (trailers.SESSION, session.name),
            (trailers.AGENT, session.agent or ""),
            (trailers.CANDIDATES, " ".join(f"{sign}{signs.count(sign)}" for sign in "+~-")),
            (trailers.REVIEW, promotion.approver),
            (trailers.READS, str(reads)),
            (trailers.WATERMARK, (session.watermark or "") if is_whole else ""),
            (trailers.CODE, (session.code or "") if is_whole else ""),
            (trailers.OP, promotion.op),
        ]

    def _carry_on(self, promotion: Promotion, base: str) -> str:
        """The session begun again on the new tip, with its decisions, and what was left as its candidates."""
        session, tree = promotion.session, self._store.tree_of(base)
        message = commit_message(f"session: {session.name}", session.task, self._restart_trailers(session, base))
        start = self._odb.write_commit(tree, [base], message, self._person)
        texts = self._store.merge_onto(promotion.left, tree, lambda _: None)
        records = self._odb.files(self._store.tree_of(session.tip), SESSION_DIRECTORY)
        carried = self._odb.update(self._store.write(tree, texts), dict(records))
        pairs = session_trailers(session.name, session.agent, base)
        message = commit_message(f"left: {len(promotion.left)} candidates", "", pairs)
        return self._odb.write_commit(carried, [start], message, self._person)

    def _restart_trailers(self, session: Session, base: str) -> list[tuple[str, str]]:
        return [
            (trailers.START, self._person.at.strftime("%Y-%m-%dT%H:%M:%SZ")),
            *session_trailers(session.name, session.agent, base),
            (trailers.CODE_BRANCH, session.code_branch or ""),
            (trailers.BRANCH_MERGED, session.merged.value() if session.merged else ""),
            (trailers.HARNESS_ID, session.harness_id or ""),
            (trailers.WATERMARK, session.watermark or ""),
            (trailers.CODE, session.code or ""),
            *((trailers.REJECT, f"{each.id} {each.content} {each.reason}") for each in session.rejections),
            *((trailers.REJECT_CLAIM, f"{each.id} {each.claim} {each.reason}") for each in session.rejected_claims),
            (trailers.ENDED, session.ended or ""),
            *((trailers.STEP, step) for step in session.steps),
        ]

    def _close(self, promotion: Promotion) -> str:
        session = promotion.session
        pairs = session_trailers(session.name, session.agent, session.base)
        pairs += [(trailers.STATE, PROMOTED), (trailers.OP, promotion.op)]
        tree, message = self._store.tree_of(session.tip), commit_message("promoted", "", pairs)
        return self._odb.write_commit(tree, [session.tip], message, self._person)


def _sign(candidate: Candidate) -> str:
    return {ADDED: "+", RETIRED: "-"}.get(candidate.change, "~")
