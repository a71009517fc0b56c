"""What a pack may hold: the memories of each of its sections, by priority, each memory once and with a reason.

Everything is bounded: so many of a section are looked at, however large the store or the branch; and nothing here is
decided by a model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import PurePosixPath

from memcli.core.memory.anchors import Anchor, is_glob, matches, tidied
from memcli.core.memory.staleness import UNANCHORED
from memcli.core.memory.summary import Filters, MemorySummary
from memcli.core.pack.excerpt import PackedMemory
from memcli.core.pack.frame import clean, shortened
from memcli.core.pack.plan import ABOUT, PATHS, PINNED, RECENT, UNSETTLED, PackItem
from memcli.core.review.exclusion import Excludes
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.git.branch_work import Work
from memcli.git.queries import log
from memcli.index.database.view import View
from memcli.index.search.ranking import search
from memcli.operations.recall.touched_paths import HAZARDS
from memcli.operations.views.staleness import StalenessJudge
from memcli.workspace import Workspace

MOST_PINNED, MOST_UNSETTLED, MOST_ANCHORED, MOST_LEFT_THERE, MOST_RECENT = 200, 40, 60, 5, 20
PROMOTIONS = 5
"""So many of the last promotions are recent."""
ASKED = {"task": 12, "session": 8, "branch": 8, "commit": 3}
"""How many memories each question brings."""
MOST_QUESTIONS = 2
WORTH = 0.4
"""A hit below this share of the best one's score is not worth a line."""
_GENERIC = re.compile(
    "bug(fix)?|chore|ci|dev(elop)?|docs?|feat(ures?)?|fix|hotfix|main|master|perf|refactor|release|tests?|trunk|wip|work"
)
"""What a branch's name says of every branch."""
_PROMOTED = re.compile(r"[+~] .* \(([0-9A-Z]{6,26})\)")

Found = tuple[str, MemorySummary, str]
"""(section, memory, why it is there)."""


@dataclass(frozen=True)
class Question:
    """What the pack is about: the task said now, the one its session was begun with, paths in question, the branch."""

    task: str
    session_task: str
    paths: tuple[str, ...]
    work: Work

    @property
    def touched(self) -> tuple[str, ...]:
        """The paths in question: those said, then those that the branch has changed."""
        return tuple(dict.fromkeys((*self.paths, *self.work.files)))

    def without(self, excludes: Excludes) -> Question:
        """The same, silent about excluded paths."""
        work = replace(self.work, files=tuple(excludes.left(self.work.files)))
        return replace(self, paths=tuple(excludes.left(self.paths)), work=work)


@dataclass(frozen=True)
class Gathered:
    """The memories offered, their records by id, their texts by blob."""

    offers: tuple[PackItem, ...]
    records: Mapping[str, MemorySummary]
    texts: Mapping[str, str]


def gather(
    workspace: Workspace,
    view: View,
    question: Question,
    judge: StalenessJudge | None = None,
    only: Collection[str] = (),
) -> Gathered:
    """All that a pack could show, in the order of its sections (of `only` these, where any are named); `judge` says how
    it fares against the code."""
    found: dict[str, Found] = {}
    for one in _all(workspace, view, question, only):
        found.setdefault(one[1].id, one)
    if view.leaves_out:
        shown = view.those(found)  # what was promoted last is found by id, which no filter stands in the way of
        found = {memory_id: one for memory_id, one in found.items() if memory_id in shown}
    records = {memory_id: record for memory_id, (_, record, _) in found.items()}
    texts = {record.blob: view.text(record) for record in records.values()}
    fares = judge.of(view, list(records.values())) if judge else {}
    states = {memory_id: found.state for memory_id, found in fares.items() if found.state != UNANCHORED}
    cites = {memory_id: _cited(view, memory_id) for memory_id in records}
    offers = (
        PackItem(one.id, one.blob, section, shortened(clean(reason), 120), one.trust, cites[one.id], states.get(one.id))
        for section, one, reason in found.values()
    )
    return Gathered(tuple(offers), records, texts)


def _cited(view: View, memory_id: str) -> str:
    """The shortest end of an id, of six characters or more, that names one memory."""
    return next((memory_id[-n:] for n in range(6, 26) if len(view.find(memory_id[-n:])) == 1), memory_id)


def _all(workspace: Workspace, view: View, question: Question, only: Collection[str]) -> Iterator[Found]:
    sections: dict[str, Callable[[], Iterable[Found]]] = {
        PINNED: lambda: ((PINNED, record, "pinned") for record in view.pinned(MOST_PINNED)),
        UNSETTLED: lambda: (
            (UNSETTLED, record, record.attention or "conflict: both sides are kept")
            for record in view.unsettled(MOST_UNSETTLED)
        ),
        PATHS: lambda: _anchored(workspace, view, question.touched) if question.touched else (),
        ABOUT: lambda: _about(view, question),
        RECENT: lambda: _recent(workspace, view),
    }
    for section, found in sections.items():
        if not only or section in only:
            yield from found()


def _anchored(workspace: Workspace, view: View, paths: tuple[str, ...]) -> Iterator[Found]:
    """The hazards of the paths in question, then what the last session there left, the newest first."""
    hazards = islice(view.records(Filters(paths=paths, types=HAZARDS)), MOST_ANCHORED)
    for record in sorted(hazards, key=lambda one: HAZARDS.index(one.type)):
        yield PATHS, record, f"about {_anchor(view, record, paths)}"
    there = [record for record in view.records(Filters(paths=paths)) if record.session != workspace.selection.name]
    last = next((record.session for record in there if record.session), None)
    for record in [one for one in there if last and one.session == last][:MOST_LEFT_THERE]:
        yield PATHS, record, f"left by {last} about {_anchor(view, record, paths)}"


def _anchor(view: View, record: MemorySummary, paths: Sequence[str]) -> str:
    """The first anchor of a memory that touches one of the paths."""
    anchors = [Anchor.parse(said).path for said in PackedMemory.of(view.text(record)).paths]
    return next((anchor for anchor in anchors if any(_touches(anchor, path) for path in paths)), "these paths")


def _touches(anchor: str, path: str) -> bool:
    """Whether an anchor is the path, above it, below it, or a glob that matches it."""
    anchor, path = tidied(anchor), tidied(path)
    within = {anchor, *map(str, PurePosixPath(anchor).parents)}, {path, *map(str, PurePosixPath(path).parents)}
    return path in within[0] or anchor in within[1] or (is_glob(anchor) and matches(anchor, path))


def _about(view: View, question: Question) -> Iterator[Found]:
    for kind, text, reason in islice(_questions(question), MOST_QUESTIONS):
        hits = search(view, text, limit=ASKED[kind]).hits
        best = hits[0].score if hits else 0.0
        yield from ((ABOUT, hit.record, reason) for hit in hits if hit.score >= best * WORTH)


def _questions(question: Question) -> Iterator[tuple[str, str, str]]:
    """(kind, what is searched for, the reason its hits get), the most telling first."""
    if question.task.strip():
        yield "task", question.task, "matches the task"
    if question.session_task.strip() not in ("", question.task.strip()):
        yield "session", question.session_task, "matches the session's task"
    work = question.work
    if words := branch_words(work):
        yield "branch", " ".join(words), f"matches the branch {work.branch}"
    for subject in work.subjects:
        yield "commit", subject, f"matches the commit '{shortened(clean(subject), 60)}'"


def branch_words(work: Work) -> list[str]:
    """What a branch's name says of its work; nothing on the default branch."""
    parts = re.split(r"[/\s]+", work.branch if work.base else "")
    return [part for part in parts if part and not _GENERIC.fullmatch(part.lower())]


def _recent(workspace: Workspace, view: View) -> Iterator[Found]:
    """What the last promotions brought, as far as it is active and still there."""
    found = (
        (RECENT, record, f"promoted {commit.at:%Y-%m-%d}" + (f" from {session}" if session else ""))
        for commit in log(workspace.layout.common_dir, [workspace.tip()[1]], PROMOTIONS, "--first-parent")
        for session in [dict(trailers_of(commit.message)).get(trailers.SESSION, "")]
        for record in _brought(view, commit.message)
    )
    yield from islice(found, MOST_RECENT)


def _brought(view: View, message: str) -> Iterator[MemorySummary]:
    """The memories that a promotion's message lists; a large one is not worth more lines than others."""
    lines = islice(message.split("\n", MOST_RECENT * 2), 1, MOST_RECENT * 2)
    for match in filter(None, map(_PROMOTED.fullmatch, lines)):
        named = view.find(match[1])
        yield from (record for record in named if len(named) == 1 and record.status == "active")
