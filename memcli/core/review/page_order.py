"""The order in which a page shows candidates: by source or topic, those that a finding compares beside each other, and
each finding about a pair once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from memcli.core.finding import Finding
from memcli.core.review.candidates import CHANGED, RETIRED, Candidate
from memcli.core.review.shown_change import ShownChange, shown_change
from memcli.core.review.waiting_candidate import WaitingCandidate


@dataclass(frozen=True)
class PageEntry:
    """A candidate on a page; `findings`: those that no entry above it has, `repeated`: (check, other id) of those that
    one has."""

    waiting: WaitingCandidate
    findings: tuple[Finding, ...]
    repeated: tuple[tuple[str, str], ...] = ()

    @cached_property
    def candidate(self) -> Candidate:
        """The candidate, secrets in its text masked where a check has found one."""
        candidate = self.waiting.candidate
        if all(finding.check != "secret" for finding in self.waiting.findings):
            return candidate
        from memcli.core.review.secrets import without_secrets

        old, new = map(without_secrets, (candidate.old_text, candidate.new_text))
        return replace(candidate, old_text=old, new_text=new)

    @cached_property
    def change(self) -> ShownChange:
        """What it adds or changes."""
        return shown_change(self.candidate)

    @property
    def says_only_its_title(self) -> bool:
        """Whether the body that is shown whole is its title, but for markup and the last full stop."""
        lines = self.change.lines
        if self.candidate.change == CHANGED or len(lines) != 1:
            return False
        body, title = ("".join(text for _, text in lines[0].pieces), self.candidate.title)
        return body.replace("`", "").strip().rstrip(".") == title.replace("`", "").strip().rstrip(".")

    @property
    def key_text(self) -> str:
        """`type decision · evidence human → code · anchors src/pay.py`."""
        hidden = ("status", "retired") if self.candidate.change == RETIRED else ()
        return " · ".join(change.text for change in self.change.keys if change.key not in hidden)


@dataclass(frozen=True)
class PageTopic:
    """The candidates of one topic, or of one source of `mem bootstrap`."""

    name: str
    entries: tuple[PageEntry, ...]


def last_change(candidates: Iterable[WaitingCandidate], session: str) -> datetime | None:
    """When the newest candidate of a session was changed; None where that is not known."""
    return max(
        (candidate.updated for candidate in candidates if candidate.session == session and candidate.updated),
        default=None,
    )


def page_topics(candidates: Iterable[WaitingCandidate]) -> tuple[PageTopic, ...]:
    """The candidates by topic, those of a source together, in the order of a page."""
    by_topic: dict[str, list[WaitingCandidate]] = {}
    for waiting in candidates:
        by_topic.setdefault(waiting.group, []).append(waiting)
    pairs: set[tuple[str, frozenset[str]]] = set()
    return tuple(
        PageTopic(topic, tuple(_entry(waiting, pairs) for waiting in _pairs_together(by_topic[topic])))
        for topic in sorted(by_topic)
    )


def _pairs_together(candidates: Sequence[WaitingCandidate]) -> Iterator[WaitingCandidate]:
    """Each candidate once, followed by those that its findings compare it with."""
    waiting = {(candidate.session, candidate.id): candidate for candidate in candidates}
    for place, candidate in list(waiting.items()):
        if waiting.pop(place, None) is None:
            continue
        yield candidate
        others = {other for finding in candidate.findings for other in finding.with_ids} | {candidate.id}
        for other_place in [other_place for other_place in waiting if other_place[1] in others]:
            yield waiting.pop(other_place)


def _entry(waiting: WaitingCandidate, pairs: set[tuple[str, frozenset[str]]]) -> PageEntry:
    """An entry with the findings that are new on the page, whose pairs are added to `pairs`."""
    new, repeated = list[Finding](), list[tuple[str, str]]()
    for finding in waiting.findings:
        pair = (finding.check, frozenset({waiting.id, *finding.with_ids}))
        if finding.with_ids and pair in pairs:
            repeated.append((finding.check, finding.with_ids[0]))
        else:
            pairs.add(pair)
            new.append(finding)
    return PageEntry(waiting, tuple(new), tuple(repeated))
