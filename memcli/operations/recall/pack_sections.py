"""What a pack may hold: the memories of each of its sections, by priority, each memory once and with a reason.

Each section looks at a bounded number of memories, however large the store or the branch; nothing here is decided by a
model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from memcli.core.memory.anchors import Anchor, has_wildcards, matches, tidied
from memcli.core.memory.staleness import UNANCHORED
from memcli.core.memory.summary import Filters, MemorySummary
from memcli.core.pack.excerpt import PackedMemory
from memcli.core.pack.frame import clean, shortened
from memcli.core.pack.plan import ABOUT, CHANGED, PATHS, PINNED, RECENT, UNSETTLED, PackItem
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.core.session.names import is_dream
from memcli.git.branch_work import BranchWork
from memcli.git.history import log
from memcli.git.layout import Layout
from memcli.index.database.view import View
from memcli.index.search.ranking import SearchRequest, search
from memcli.operations.recall.touched_paths import HAZARDS
from memcli.operations.views.staleness_judge import StalenessJudge

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes

MOST_PINNED, MOST_UNSETTLED, MOST_ANCHORED, MOST_LEFT_THERE, MOST_RECENT = 200, 40, 60, 5, 20
PROMOTIONS = 5
"""How many of the last promotions are recent."""
HITS = {"task": 12, "session": 8, "branch": 8, "commit": 3}
"""How many memories each query brings."""
MOST_QUERIES = 2
WORTH = 0.4
"""A hit below this share of the best one's score is not worth a line."""
_GENERIC = re.compile(
    "bug(fix)?|chore|ci|dev(elop)?|docs?|feat(ures?)?|fix|hotfix|main|master|perf|refactor|release|tests?|trunk|wip|work"
)
"""Words in branch names that say nothing of the work."""
_PROMOTED = re.compile(r"[+~] .* \(([0-9A-Z]{6,26})\)")


@dataclass(frozen=True)
class PackContext:
    """What a pack is about: the current task, the one its session was started with, code paths in question, the work
    on the branch."""

    task: str = ""
    session_task: str = ""
    paths: tuple[str, ...] = ()
    work: BranchWork = field(default_factory=BranchWork)

    @property
    def touched(self) -> tuple[str, ...]:
        """The paths in question, then those that the branch has changed."""
        return tuple(dict.fromkeys((*self.paths, *self.work.files)))

    def without(self, excludes: Excludes) -> PackContext:
        """The same without excluded paths."""
        work = replace(self.work, files=tuple(excludes.left(self.work.files)))
        return replace(self, paths=tuple(excludes.left(self.paths)), work=work)


@dataclass(frozen=True)
class PackSource:
    """Where the memories of a pack come from: a view, what the pack is about, the promotions up to the store's `tip`.

    `session` is the caller's: what it left itself is not news to it. `changes`: (id, what became of it) since its last
    pack.
    """

    view: View
    context: PackContext
    layout: Layout
    tip: str
    session: str | None = None
    changes: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class PackOffers:
    """The memories offered, their records by id, their texts by blob."""

    items: tuple[PackItem, ...]
    records: Mapping[str, MemorySummary]
    texts: Mapping[str, str]


class Offer(NamedTuple):
    """A memory for a section, and why it is there."""

    section: str
    record: MemorySummary
    reason: str


def gather_offers(source: PackSource, judge: StalenessJudge | None = None, only: Collection[str] = ()) -> PackOffers:
    """All that a pack could show, in the order of its sections (of `only` these, where any are named); `judge` adds the
    staleness of each."""
    view, offers = source.view, dict[str, Offer]()
    for offer in sorted(_offers(source, only), key=lambda offer: offer.section == UNSETTLED):
        offers.setdefault(offer.record.id, offer)  # what the work is about is shown with it, whatever is open about it
    if view.hides:
        shown = view.by_ids(offers)  # what was promoted last is found by id, which no filter stands in the way of
        offers = {memory_id: offer for memory_id, offer in offers.items() if memory_id in shown}
    records = {str(record.id): record for record in view.questions.beside([offer.record for offer in offers.values()])}
    judged = judge.of(view, list(records.values())) if judge else {}
    states = {memory_id: one.state for memory_id, one in judged.items() if one.state != UNANCHORED}
    items = tuple(
        _item(view, offer._replace(record=records[memory_id]), states.get(memory_id))
        for memory_id, offer in offers.items()
    )
    return PackOffers(items, records, {record.blob: view.text(record) for record in records.values()})


def _item(view: View, offer: Offer, staleness: str | None) -> PackItem:
    record, reason = offer.record, shortened(clean(offer.reason), 120)
    brief = "; ".join(dict.fromkeys(question.brief for question in record.questions[:2]))
    question = "" if offer.section == UNSETTLED else brief
    cite = _short_id(view, record.id)
    return PackItem(record.id, record.blob, offer.section, reason, record.trust, cite, staleness, question=question)


def _short_id(view: View, memory_id: str) -> str:
    """The shortest suffix of an id, of six characters or more, that names one memory."""
    suffixes = (memory_id[-length:] for length in range(6, 26))
    return next((suffix for suffix in suffixes if len(view.find(suffix)) == 1), memory_id)


def _offers(source: PackSource, only: Collection[str]) -> Iterator[Offer]:
    for section, offers in SECTIONS.items():
        if not only or section in only:
            yield from offers(source)


def _changed(source: PackSource) -> Iterator[Offer]:
    reasons = dict(source.changes)
    for memory_id, record in source.view.by_ids(reasons).items():
        if record.session != source.session:
            yield Offer(CHANGED, record, reasons[memory_id])


def _pinned(source: PackSource) -> Iterator[Offer]:
    return (Offer(PINNED, record, "pinned") for record in source.view.pinned(MOST_PINNED))


def _unsettled(source: PackSource) -> Iterator[Offer]:
    for record in source.view.unsettled(MOST_UNSETTLED):
        yield Offer(UNSETTLED, record, record.questions[0].text)


def _anchored(source: PackSource) -> Iterator[Offer]:
    """The hazards of the paths in question, then what the last session there left, the newest first."""
    view, paths = source.view, source.context.touched
    if not paths:
        return
    hazards = islice(view.records(Filters(paths=paths, types=HAZARDS)), MOST_ANCHORED)
    for record in sorted(hazards, key=lambda one: HAZARDS.index(one.type)):
        yield Offer(PATHS, record, f"about {_anchor(view, record, paths)}")
    others = [record for record in view.records(Filters(paths=paths)) if record.session != source.session]
    last = next((record.session for record in others if record.session), None)
    for record in [one for one in others if last and one.session == last][:MOST_LEFT_THERE]:
        yield Offer(PATHS, record, f"about {_anchor(view, record, paths)}, from session {last}")


def _anchor(view: View, record: MemorySummary, paths: Sequence[str]) -> str:
    """The first anchor of a memory that touches one of the paths."""
    anchors = [Anchor.parse(text).path for text in PackedMemory.of(view.text(record)).paths]
    return next((anchor for anchor in anchors if any(_touches(anchor, path) for path in paths)), "these paths")


def _touches(anchor: str, path: str) -> bool:
    """Whether an anchor is the path, above it, below it, or a glob that matches it."""
    anchor, path = tidied(anchor), tidied(path)
    within = {anchor, *map(str, PurePosixPath(anchor).parents)}, {path, *map(str, PurePosixPath(path).parents)}
    return path in within[0] or anchor in within[1] or (has_wildcards(anchor) and matches(anchor, path))


def _about(source: PackSource) -> Iterator[Offer]:
    for kind, query, reason in islice(_queries(source.context), MOST_QUERIES):
        hits = search(source.view, SearchRequest(query, limit=HITS[kind])).hits
        best = hits[0].score if hits else 0.0
        yield from (Offer(ABOUT, hit.record, reason) for hit in hits if hit.score >= best * WORTH)


def _queries(context: PackContext) -> Iterator[tuple[str, str, str]]:
    """(kind, what is searched for, the reason its hits get), the most telling first."""
    if context.task.strip():
        yield "task", context.task, "matches the task"
    if context.session_task.strip() not in ("", context.task.strip()):
        yield "session", context.session_task, "matches the session's task"
    if words := telling_words(context.work):
        yield "branch", " ".join(words), f"matches the branch {context.work.branch}"
    for subject in context.work.subjects:
        yield "commit", subject, f"matches the commit '{shortened(clean(subject), 60)}'"


def telling_words(work: BranchWork) -> list[str]:
    """The words of a branch's name that say something of its work; none on the default branch."""
    parts = re.split(r"[/\s]+", work.branch if work.base else "")
    return [part for part in parts if part and not _GENERIC.fullmatch(part.lower())]


def _recent(source: PackSource) -> Iterator[Offer]:
    """What the last promotions brought, as far as it is active and still there; a dream brings no news."""
    commits = log(source.layout.common_dir, [source.tip], 2 * PROMOTIONS, "--first-parent")
    sessions = ((commit, dict(trailers_of(commit.message)).get(trailers.SESSION, "")) for commit in commits)
    offers = (
        Offer(RECENT, record, f"promoted {commit.at:%Y-%m-%d}" + (f" from {session}" if session else ""))
        for commit, session in islice((pair for pair in sessions if not is_dream(pair[1])), PROMOTIONS)
        for record in _promoted(source.view, commit.message)
    )
    yield from islice(offers, MOST_RECENT)


def _promoted(view: View, message: str) -> Iterator[MemorySummary]:
    """The memories that a promotion's message lists; a large one is not worth more lines than others."""
    lines = islice(message.split("\n", MOST_RECENT * 2), 1, MOST_RECENT * 2)
    for match in filter(None, map(_PROMOTED.fullmatch, lines)):
        matches = view.find(match[1])
        yield from (record for record in matches if len(matches) == 1 and record.status == "active")


SECTIONS: Mapping[str, Callable[[PackSource], Iterator[Offer]]] = {
    CHANGED: _changed,
    PINNED: _pinned,
    UNSETTLED: _unsettled,
    PATHS: _anchored,
    ABOUT: _about,
    RECENT: _recent,
}
"""What gathers the memories of each section, in their order."""
