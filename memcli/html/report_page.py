"""`mem report` as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from memcli.html.map_labels import map_labels, radius
from memcli.html.template import render_page
from memcli.operations.report.activity import News
from memcli.operations.report.memory_links import CODE, KEY, MemoryLink
from memcli.operations.report.reported_memory import ReportedMemory
from memcli.operations.report.store_report import StoreReport

LISTED = 100
"""Entries that a section lists; the rest is counted, and stands under all memories."""
LINKED = 20
"""Links that one memory lists."""
_FROM_OTHERS = {
    "links to": "linked from",
    "is based on": "is the basis of",
    "supersedes": "superseded by",
    "merges": "merged into",
    KEY: "same key",
    CODE: "same code",
}
_OWN = {KEY: "same key", CODE: "same code"}
Words = Mapping[str, Callable[..., str]]
"""How numbers and times are told: `quantity`, `time_ago`, `local_time`."""


def report_page(report: StoreReport, words: Words) -> str:
    """The report as one HTML file."""
    titles = {memory.id: memory.title for memory in report.memories}
    values = {
        "report": report,
        "titles": titles,
        "states": {memory.id: _state(memory) for memory in report.memories},
        "map_labels": list(map_labels(report.graph.nodes, titles)),
        "radius": radius,
        "linked": _linked,
        "name": lambda person: person.partition(" <")[0],
        "period": _period(report, words),
        "sections": _sections(report),
        "limit": LISTED,
        "learned": _learned(report),
    }
    return render_page("report", {**values, **words})


@dataclass(frozen=True)
class Learner:
    """What one author taught the store: the number of memories, and those of them that are listed."""

    name: str
    is_agent: bool
    number: int
    news: list[News]


def _learned(report: StoreReport) -> list[Learner]:
    """The news by author, most first; of all together only so many are listed."""
    numbers = Counter(news.change.step.author for news in report.news)
    groups: dict[str, list[News]] = {name: [] for name, _ in numbers.most_common()}
    for news in report.news[:LISTED]:
        groups[news.change.step.author].append(news)
    agents = {news.change.step.author for news in report.news if news.change.step.agent}
    return [Learner(name, name in agents, numbers[name], listed) for name, listed in groups.items()]


def _state(memory: ReportedMemory) -> str:
    """How the map draws a memory."""
    return "asked" if memory.questions else "active" if memory.is_active else "over"


def _linked(memory: ReportedMemory) -> list[tuple[str, str]]:
    """(id, relations) of the memories that it is linked with."""
    relations: dict[str, list[str]] = {}
    for link in memory.links:
        other = link.target if link.source == memory.id else link.source
        relations.setdefault(other, []).append(_relation(link, memory.id))
    return [(other, ", ".join(dict.fromkeys(words))) for other, words in relations.items()][:LINKED]


def _relation(link: MemoryLink, memory_id: str) -> str:
    """A link in the words of one of its ends."""
    return _OWN.get(link.relation, link.relation) if link.source == memory_id else _FROM_OTHERS[link.relation]


def _period(report: StoreReport, words: Words) -> str:
    """`in the last 7 days`; `since 2026-11-01` where it began longer ago than a quarter."""
    days = (report.now - report.since) / timedelta(days=1)
    if days == int(days) and 1 < days <= 92:
        return f"in the last {int(days)} days"
    return f"since {words['local_time'](report.since)[:10]}"


def _sections(report: StoreReport) -> list[tuple[str, str, int | None]]:
    """(anchor, name, number of entries) of each section."""
    return [
        ("learned", "Learned", len(report.news)),
        ("authors", "Agents and people", None),
        ("questions", "Questions", len(report.questions)),
        ("stale", "Code that has moved on", len(report.doubtful)),
        ("timeline", "Timeline", None),
        ("map", "Map", None),
        ("memories", "All memories", len(report.memories)),
    ]
