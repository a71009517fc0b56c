"""Jobs about sessions: what a curator is given to distil, to review or to generalise."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar

from memcli.branch import SESSION_DIRECTORY
from memcli.core.curator.job import DISTIL, GENERALISE, REVIEW, Job, JobCandidate, JobFinding, JobMemory
from memcli.core.memory.memory import memory_text
from memcli.core.memory.summary import MemorySummary
from memcli.core.review.candidates import Candidate
from memcli.core.session.state import Session
from memcli.index.database.view import View
from memcli.operations.review.gate import Review
from memcli.operations.views.reader import Reader
from memcli.sessions import Sessions
from memcli.store import parse_memory

MOST_MEMORIES, MOST_CANDIDATES, MOST_BYTES = 200, 200, 1 << 20
"""Limits of one job; the bytes are those of memories and candidates together."""
MOST_CONTEXT, NEAREST = 50, 3
"""Memories shown as context, and how many of them for each candidate."""
NOTES = ("task.md", "summary.md", "commits")
MOST_NOTE = 64 << 10
"""Characters of a note."""
Item = TypeVar("Item")


class SessionJobs:
    """Makes the jobs about sessions, from what the caller may see."""

    def __init__(self, sessions: Sessions, reader: Reader) -> None:
        self._sessions, self._reader = sessions, reader

    def distil(self, session: Session, shown: Collection[str]) -> Job:
        """A session's task, notes and candidates, with the memories that it was shown (ids) as context."""
        with self._reader.main_view() as view:
            records = [record for memory_id in sorted(shown) if (record := view.get(memory_id))]
            memories = self._context(view, records[:MOST_CONTEXT])
        proposed = self._sessions.candidates(session)
        candidates = self._candidates(proposed)
        return Job(
            DISTIL, memories, session=session.name, task=session.task, notes=self._notes(session),
            candidates=candidates, left_out=len(proposed) - len(candidates),
        )  # fmt: skip

    def review(self, review: Review) -> Job:
        """What a session proposes and the gate says about it, with the most similar memories as context."""
        session, candidates = review.session, self._candidates(review.candidates)
        with self._reader.main_view() as view:
            memories = self._context(view, _most_similar(view, review.candidates))
        findings = tuple(
            JobFinding(finding.check, finding.severity, finding.id, finding.message) for finding in review.findings
        )
        return Job(
            REVIEW, memories, session=session.name, task=session.task, notes=self._notes(session),
            candidates=candidates, findings=findings, left_out=len(review.candidates) - len(candidates),
        )  # fmt: skip

    def generalise(self, session: Session) -> Job:
        """The memories that a session proposes."""
        active = [
            candidate
            for candidate in self._sessions.changes(session)
            if candidate.after
            and candidate.after.status == "active"
            and not self._reader.visibility.is_excluded(candidate.after)
        ]
        memories = _limited([_context_memory(one.id, one.path, one.title, one.new_text) for one in active])
        left_out = len(active) - len(memories)
        return Job(GENERALISE, memories, session=session.name, task=session.task, left_out=left_out)

    def generalise_memories(self, ids: Sequence[str], session: str = "") -> Job:
        """The memories with these ids. Raises NotFound, Usage."""
        with self._reader.view() as view:
            records = [self._reader.visibility.find(view, memory_id) for memory_id in ids]
            memories = self._context(view, records)
        return Job(GENERALISE, memories, session=session, left_out=len(ids) - len(memories))

    def _context(self, view: View, records: Iterable[MemorySummary]) -> tuple[JobMemory, ...]:
        """The distinct memories of these records as context, except excluded ones."""
        distinct = {record.id: record for record in records}.values()
        is_excluded = self._reader.visibility.is_excluded
        visible = [one for one in distinct if not is_excluded(parse_memory(view.text(one), one.path).memory)]
        return _limited([_context_memory(one.id, one.path, one.title, view.text(one)) for one in visible])

    def _candidates(self, candidates: Sequence[Candidate]) -> tuple[JobCandidate, ...]:
        is_excluded = self._reader.visibility.is_excluded
        visible = [one for one in candidates if not any(map(is_excluded, (one.before, one.after)))]
        shown = [
            JobCandidate(one.id, one.change, one.title, one.path, one.new_text, one.diff)
            for one in visible[:MOST_CANDIDATES]
        ]
        return _fitting(shown, lambda candidate: candidate.text + candidate.diff)

    def _notes(self, session: Session) -> dict[str, str]:
        """{name: text} of the session's own files that exist."""
        texts = {name: self._sessions.text(session, f"{SESSION_DIRECTORY}/{name}") for name in NOTES}
        return {name: text[:MOST_NOTE] for name, text in texts.items() if text}


def _most_similar(view: View, candidates: Sequence[Candidate]) -> list[MemorySummary]:
    """The memories most similar to the candidates, without the candidates themselves."""
    own = {candidate.id for candidate in candidates}
    texts = [memory_text(candidate.after) for candidate in candidates[:MOST_CONTEXT] if candidate.after]
    similar = {record.id: record for text in texts for record in view.similar(text, NEAREST) if record.id not in own}
    return [similar[memory_id] for memory_id in sorted(similar)][:MOST_CONTEXT]


def _context_memory(memory_id: str, path: str, title: str, text: str) -> JobMemory:
    return JobMemory(memory_id, path, title, text, editable=False, why="context")


def _limited(memories: Sequence[JobMemory]) -> tuple[JobMemory, ...]:
    return _fitting(memories[:MOST_MEMORIES], lambda memory: memory.text)


def _fitting(items: Sequence[Item], text: Callable[[Item], str]) -> tuple[Item, ...]:
    """The first items, as far as they fit into `MOST_BYTES` together."""
    kept, room = list[Item](), MOST_BYTES
    for item in items:
        room -= len(text(item).encode("utf-8", "replace"))
        if room >= 0:
            kept.append(item)
    return tuple(kept)
