"""The history of the store as dreams see it: earlier dreams, what is news since, and what persons decided.

Promotions of dreams are not news, nor is what was undone, nor its undoing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from memcli.branch import ENDED, SESSIONS
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.core.session.names import is_dream
from memcli.core.session.state import CLOSED, REJECTED, Session
from memcli.git.layout import Layout
from memcli.git.objects import Commit
from memcli.git.odb import Odb
from memcli.git.ref_files import list_refs
from memcli.sessions import Sessions

_CLOCK_TOLERANCE = timedelta(days=1)
_MOST_REVERTS = 10_000


@dataclass(frozen=True)
class LastDream:
    """The last dream that counts as promoted.

    `watermark`, `code`: the commits of the store and of the code up to which it read (empty: none yet); `at`: when a
    dream was last promoted or rejected.
    """

    watermark: str = ""
    code: str = ""
    at: datetime | None = None


def _piece_of_work(promotion: Commit) -> str:
    """The session that a promotion is of; of a standing draft session, the promotion itself."""
    fields = dict(trailers_of(promotion.message))
    return promotion.id if fields.get(trailers.STANDING) else fields.get(trailers.SESSION, "")


class DreamHistory:
    """Reads the history from the store's commits and the refs of sessions."""

    def __init__(self, layout: Layout, odb: Odb, sessions: Sessions) -> None:
        self._layout, self._odb, self._sessions = layout, odb, sessions

    def open_dreams(self) -> list[str]:
        """The names of open dreams, oldest first."""
        return sorted(name for name, tip in self._refs(SESSIONS) if is_dream(name) and self._sessions.at(name, tip))

    def ended_dreams(self) -> list[Session]:
        """The dreams that have ended, oldest first."""
        sessions = [self._sessions.at(name, tip) for name, tip in self._refs(ENDED) if is_dream(name)]
        return sorted((session for session in sessions if session), key=lambda session: session.name)

    def last_dream(self, tip: str, now: datetime) -> LastDream:
        """The last dream, from the promotions up to `tip` and the dreams that ended without one."""
        last = self._last_promoted(tip)
        for session in self.ended_dreams():
            if session.state in (CLOSED, REJECTED) and session.updated is not None:
                last = self._after(last, session, session.updated, tip)
        # a clock that was wrong once must not keep dreams from running until its date has come
        return replace(last, at=None) if last.at and last.at > now + _CLOCK_TOLERANCE else last

    def _after(self, last: LastDream, session: Session, at: datetime, tip: str) -> LastDream:
        """The last dream, once a dream that was closed or rejected is taken into account."""
        later = last.at is None or at > last.at
        watermark = session.watermark or ""
        advances = session.state == CLOSED and (later or session.watermark != last.watermark)
        if advances and self._is_not_older(watermark, last, tip):
            last = replace(last, watermark=watermark, code=session.code or "")
        return replace(last, at=at) if later else last

    def _is_not_older(self, commit: str, last: LastDream, tip: str) -> bool:
        """Whether a commit of the store is at or after the last watermark."""
        odb = self._odb
        if not commit or not odb.has(commit) or not odb.is_ancestor(commit, tip):
            return False
        return not (last.watermark and odb.has(last.watermark)) or odb.is_ancestor(last.watermark, commit)

    def _last_promoted(self, tip: str) -> LastDream:
        undone: set[str] = set()
        for commit in self._odb.first_parents(tip):
            fields = dict(trailers_of(commit.message))
            undone.add(fields.get(trailers.CANCELS, ""))
            if fields.get(trailers.WATERMARK) and fields.get(trailers.OP) not in undone:
                return LastDream(fields[trailers.WATERMARK], fields.get(trailers.CODE, ""), commit.at)
        return LastDream()

    def news(self, since: str, base: str) -> list[Commit]:
        """The commits after `since` up to `base` that count as news, oldest first."""
        commits = [
            (commit, dict(trailers_of(commit.message))) for commit in self._odb.first_parents(base, stop=since or None)
        ]
        undone = {fields[trailers.CANCELS] for _, fields in commits if trailers.CANCELS in fields}
        kept = [
            commit
            for commit, fields in commits
            if commit.parents
            and trailers.CANCELS not in fields
            and fields.get(trailers.OP, "-") not in undone
            and not is_dream(fields.get(trailers.SESSION, ""))
        ]
        return kept[::-1]

    def count_ended_since(self, last: LastDream, promotions: Iterable[Commit]) -> int:
        """How many sessions have ended since the last dream, as far as this clone can tell. Each promotion of a
        standing draft session counts, since that never ends."""
        names = {_piece_of_work(commit) for commit in promotions}
        for name, tip in self._refs(ENDED):
            if last.at is None or self._odb.commit(tip).at > last.at:
                names.add(name)
        return len([name for name in names if name and not is_dream(name)])

    def rejections(self, since: datetime | None) -> tuple[tuple[str, str], ...]:
        """(claim hash, reason) of what persons rejected in sessions that moved after `since`, except in dreams."""
        pairs: set[tuple[str, str]] = set()
        for name, tip in (*self._refs(SESSIONS), *self._refs(ENDED)):
            if is_dream(name) or (since and self._odb.commit(tip).at <= since):
                continue
            session = self._sessions.at(name, tip)
            pairs |= {(claim.claim, claim.reason) for claim in session.rejected_claims} if session else set()
        return tuple(sorted(pairs))

    def rejected_contents(self, tip: str) -> dict[str, set[str]]:
        """{memory id: content hashes} that a person rejected in dreams, or took back from promoted ones."""
        contents: dict[str, set[str]] = {}
        for session in self.ended_dreams():
            for rejection in session.rejections:
                contents.setdefault(rejection.id, set()).add(rejection.content)
        for memory_id, content in self._reverted(tip):
            contents.setdefault(memory_id, set()).add(content)
        return contents

    def _reverted(self, tip: str) -> Iterator[tuple[str, str]]:
        """(memory id, content hash) in the store's own commits; only those that take dreams back have any."""
        from memcli.git.history import log

        grep = f"--grep=^{trailers.REJECT}: "
        for commit in log(self._layout.common_dir, [tip], _MOST_REVERTS, "--first-parent", grep):
            for key, value in trailers_of(commit.message):
                if key == trailers.REJECT and " " in value:
                    memory_id, content = value.split(" ")[:2]
                    yield memory_id, content

    def _refs(self, prefix: str) -> list[tuple[str, str]]:
        """(session name, tip) of the refs with a prefix."""
        return [(ref.removeprefix(prefix), tip) for ref, tip in list_refs(self._layout, prefix)]
