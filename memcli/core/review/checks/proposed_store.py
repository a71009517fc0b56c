"""The store as a promotion would leave it: its memories with the candidates of one or several sessions among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from memcli.core.memory.memory import Memory, memory_text
from memcli.core.review.candidates import Candidate, normalised_body
from memcli.core.review.checks.context import StoreView
from memcli.core.review.claim import claim_hash
from memcli.core.review.decision_log import are_separate_records
from memcli.core.review.key_timeline import KeyTimeline, Occupied, held_interval, meet

if TYPE_CHECKING:
    from memcli.core.review.checks.look_alikes import LookAlikes


_Text = tuple[str, str | None, str]
"""A kind, a key, and a body in the form in which duplicates are compared."""


class ProposedStore:
    """The store with all candidates in it that are reviewed together, in the order in which they land."""

    def __init__(self, candidates: Sequence[Candidate], store: StoreView) -> None:
        self._store = store
        self._before = {candidate.id: candidate.before for candidate in reversed(candidates)}  # what the first one met
        self._after = {candidate.id: candidate.after for candidate in candidates}
        self._news = {candidate.id for candidate in candidates if candidate.says_news}
        self._timelines: dict[str, KeyTimeline] = {}
        self._repeated: dict[_Text, Mapping[str, Memory]] = {}

    def proposes(self, memory_id: str) -> bool:
        """Whether the session adds or changes this memory."""
        return memory_id in self._after

    def has_news(self, memory_id: str) -> bool:
        """Whether the session says something new in this memory."""
        return memory_id in self._news

    def memory(self, memory_id: str) -> Memory | None:
        """The memory as the session leaves it."""
        return self._after[memory_id] if memory_id in self._after else self._store.memory(memory_id)

    def stored(self, memory_id: str) -> Memory | None:
        """The memory as the store has it, whatever the session proposes."""
        return self._before.get(memory_id) or self._store.memory(memory_id)

    def session_of(self, memory: Memory) -> str:
        """The other session that proposes a memory; empty for one of the store or of this session."""
        is_known = memory.id in self._after or self._store.memory(memory.id)
        return "" if is_known else memory.source.session or ""

    def by_key(self, key: str) -> list[Memory]:
        """Every memory of a key."""
        untouched = [memory for memory in self._store.by_key(key) if memory.id not in self._after]
        return untouched + self._by_key.get(key, [])

    def timeline(self, key: str) -> KeyTimeline:
        """The timeline of a key."""
        if key not in self._timelines:
            self._timelines[key] = KeyTimeline(self.by_key(key))
        return self._timelines[key]

    def repeated_by(self, memory: Memory) -> Memory | None:
        """The memory that says what a candidate says, word for word, for a common time; of two candidates the later one
        repeats the other."""
        text = _text(memory)
        if text not in self._repeated:
            self._repeated[text] = self._repetitions(memory)
        return self._repeated[text].get(memory.id)

    def holds(self, claim: str) -> bool:
        """Whether an active memory of the store makes a claim."""
        return any(memory.status == "active" for memory in self._store.same_claim(claim))

    def _repetitions(self, memory: Memory) -> Mapping[str, Memory]:
        """{id of a candidate: the memory that it repeats} among those with the text, kind and key of one memory."""
        text, stored = _text(memory), self._store.same_claim(claim_hash(memory))
        untouched = [other for other in stored if other.id not in self._after and _text(other) == text]
        members = sorted(
            (*untouched, *self._by_text.get(text, ())), key=lambda record: (record.id in self._news, record.id)
        )
        timeline, occupied, repeated = self.timeline(memory.key) if memory.key else None, Occupied(), {}
        for member in members:
            span = held_interval(member, timeline)
            first = occupied.at(span) if span else None
            if first and member.id in self._news:
                repeated[member.id] = first
            elif span and not first:
                occupied.take(span, member)
        return repeated

    @cached_property
    def look_alikes(self) -> LookAlikes:
        """The session's active candidates that say nearly what another memory says."""
        from memcli.core.review.checks.look_alikes import ComparedMemories, LookAlikes

        active = [memory for memory in self._after.values() if memory and memory.status == "active"]
        subjects = [memory for memory in active if memory.id in self._news and not self.repeated_by(memory)]
        others = [memory for memory in active if memory.id not in self._news]
        elsewhere = [memory for memory in self._store.elsewhere.candidates() if memory.id not in self._after]
        return LookAlikes(ComparedMemories(subjects, [*elsewhere, *others], self._similar, self._are_comparable))

    def _are_comparable(self, memory: Memory, other: Memory) -> bool:
        """Whether two may be near-duplicates: neither of one timeline or lineage, where their order says which holds,
        nor of different times, nor separate decisions, nor word for word the same, unless in two sessions."""
        if are_separate_records(memory, other):
            return False
        if _text(memory) == _text(other):
            return bool(self.session_of(other)) and _meet(memory, other)
        if memory.key is not None and memory.key == other.key:
            return False
        mine = {*memory.supersedes, *memory.merged_from, memory.superseded_by}
        theirs = {*other.supersedes, *other.merged_from, other.superseded_by}
        return not (other.id in mine or memory.id in theirs) and _meet(memory, other)

    def _similar(self, memory: Memory) -> list[Memory]:
        """The active memories of the store that may say much the same."""
        stored = self._store.similar(memory_text(memory))
        return [other for other in stored if other.id not in self._after and other.status == "active"]

    @cached_property
    def _by_text(self) -> dict[_Text, list[Memory]]:
        members: dict[_Text, list[Memory]] = {}
        for memory in filter(None, self._after.values()):
            members.setdefault(_text(memory), []).append(memory)
        return members

    @cached_property
    def _by_key(self) -> dict[str, list[Memory]]:
        members: dict[str, list[Memory]] = {}
        for memory in filter(None, self._after.values()):
            members.setdefault(memory.key or "", []).append(memory)
        return members


def _text(memory: Memory) -> _Text:
    return memory.kind, memory.key, normalised_body(memory.body)


def _meet(memory: Memory, other: Memory) -> bool:
    """Whether two hold at a common time."""
    return meet((memory.starts, memory.valid_to), (other.starts, other.valid_to))
