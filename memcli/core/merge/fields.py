"""Merging by key: which value stands where both sides changed it, by the rules in the table `memory.keys`.

What gives way is collected, except for keys that mem itself computes. `first` and `second` come in the order of
`version_order`, so nothing depends on which side is called ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from memcli.core.memory import keys
from memcli.core.memory.document import Document, Value
from memcli.core.memory.instants import parse_instant
from memcli.core.memory.key_types import STATUSES, retirement_reason
from memcli.core.memory.questions import Question, attention_value, listed_questions
from memcli.core.memory.titles import is_derived
from memcli.core.merge.conflict import OtherValues, conflict_values, encode_value, lookup, other_values
from memcli.core.merge.part_conflict import PartConflict
from memcli.core.merge.sequences import three_way

RULES = {key.name: key.merge for key in keys.KEYS}
"""The merge rule of every known key; others are `KEEP_BOTH`."""


def version_order(document: Document) -> tuple[datetime, str]:
    """The order of two sides: by when they were modified, then by text."""
    return _modified(document), document.text()


def _modified(document: Document) -> datetime:
    return _instant(document.get("modified") or document.get("created"))


@dataclass
class FieldMerge:
    """The merge of three versions by key: what a person has to decide (first is `ours`), and the values that gave
    way."""

    base: Document
    first: Document
    second: Document
    conflicts: list[PartConflict] = field(default_factory=list)
    others: OtherValues = field(default_factory=dict)

    def value(self, name: str, base: Value, first: Value, second: Value) -> Value:
        """The value of a key, None where it is removed."""
        return three_way(base, first, second, lambda: self._both_changed(name, base, first, second))

    def _both_changed(self, name: str, base: Value, first: Value, second: Value) -> Value:
        rule = RULES.get(name, keys.KEEP_BOTH)
        if name == "title" and (title := self._undisputed_title()):
            return title
        if rule in (keys.UNION, keys.ANSWERS):
            return tuple(_union(_items(base), _items(first), _items(second))) or None
        if rule == keys.QUESTIONS:
            return merged_questions(base, first, second)
        if first is None or second is None:
            if rule in (keys.KEEP_BOTH, keys.BY_PART):
                self._report(name, base, first, second)
            return second if first is None else first
        if rule == keys.BY_PART and isinstance(first, Mapping) and isinstance(second, Mapping):
            return self._by_part(name, base if isinstance(base, Mapping) else {}, first, second)
        if rule == keys.RETIREMENT and not _differ(retirement_reason(first), retirement_reason(second)):
            return min(first, second, key=lambda value: (not retirement_reason(value), *_by_time(value)))
        if rule == keys.TIMELINE and self.is_keyed:
            return second
        return _CHOICES[rule](first, second) if rule in _CHOICES else self._keep_both(name, base, first, second)

    @property
    def titles_follow(self) -> bool:
        """Whether the title of each side is what its body gives: then the merged one is that of the merged body."""
        return is_derived(self.first) and is_derived(self.second)

    def _undisputed_title(self) -> Value:
        """A title that follows the body, or the one that one side alone has chosen; None where both have chosen."""
        chosen = [side.get("title") for side in (self.first, self.second) if not is_derived(side)]
        if not chosen:
            return self.second.get("title")
        return chosen[0] if len(chosen) == 1 and is_derived(self.base) else None

    @property
    def is_keyed(self) -> bool:
        """Whether the memory is on a timeline, which says anew what supersedes it."""
        return any(side.get("key") is not None for side in (self.base, self.first, self.second))

    def _report(self, part: str, base: Value, first: Value, second: Value) -> None:
        read = retirement_reason if part == "retired" else _text
        texts = (read(value) for value in (base, first, second))
        self.conflicts.append(PartConflict(part, *texts))

    def _by_part(
        self, root: str, base: Mapping[str, Value], first: Mapping[str, Value], second: Mapping[str, Value]
    ) -> Value:
        parts = dict.fromkeys((*base, *first, *second))
        values = {
            part: self.value(f"{root}.{part}", *(side.get(part) for side in (base, first, second))) for part in parts
        }
        together = [part for part in parts if RULES.get(f"{root}.{part}") == keys.AUTHORSHIP]
        one, two, three = ([side.get(part) for part in together] for side in (base, first, second))
        values.update(zip(together, three_way(one, two, three, lambda: three), strict=True))
        return {part: value for part, value in values.items() if value is not None} or None

    def _keep_both(self, name: str, base: Value, first: Value, second: Value) -> Value:
        """One of two values; the other is collected. A side that has chosen before keeps its value."""
        kept, other = self._chosen(name, first, second)
        self._report(name, base, first, second)
        self.others = {**self.others, name: self.others.get(name, frozenset()) | {encode_value(other)}}
        return kept

    def _chosen(self, name: str, first: Value, second: Value) -> tuple[Value, Value]:
        """(the value that stays, the other): of titles the smaller by (`modified`, text), else the later side's."""
        first_knows = encode_value(second) in other_values(self.first).get(name, ())
        second_knows = encode_value(first) in other_values(self.second).get(name, ())
        if first_knows != second_knows:
            return (first, second) if first_knows else (second, first)
        if name != "title":
            return second, first
        tied = _modified(self.first) == _modified(self.second)
        return (second, first) if tied and encode_value(second) < encode_value(first) else (first, second)

    def marked(self, merged: Document) -> Document:
        """`merged` with its flag and all values that gave way, now and in earlier merges that nobody resolved."""
        others = self._all_others(merged)
        changes: dict[str, Value] = {}
        if others != other_values(merged):
            titles = (side.get("title_other") for side in (self.base, merged))
            changes = conflict_values(others, next((title for title in titles if title is not None), None))
        if self.conflicts or others:
            changes["conflict"] = "true"
        return merged.with_values(changes)

    def _all_others(self, merged: Document) -> OtherValues:
        base, first, second = (other_values(side) for side in (self.base, self.first, self.second))
        others: OtherValues = {}
        for name in {**base, **first, **second, **self.others}:
            before, one, two = (side.get(name, frozenset()) for side in (base, first, second))
            left = (before & one & two) | (one - before) | (two - before) | self.others.get(name, frozenset())
            others[name] = left - {encode_value(lookup(merged, name))}
        return {name: texts for name, texts in others.items() if texts}


def _instant(value: Value) -> datetime:
    """A time, or that of a mapping's `at`; the beginning of time for anything else."""
    text = value.get("at") if isinstance(value, Mapping) else value
    try:
        return parse_instant(text if isinstance(text, str) else "")
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _text(value: Value) -> str:
    return "" if value is None else encode_value(value)


def _differ(first: str, second: str) -> bool:
    return bool(first and second) and first != second


def _by_time(value: Value) -> tuple[datetime, str]:
    return _instant(value), encode_value(value)


def _by_status(value: Value) -> tuple[int, str]:
    return (STATUSES.index(value) if value in STATUSES else -1), encode_value(value)


_CHOICES: Mapping[str, Callable[[Value, Value], Value]] = {
    keys.LATER: lambda first, second: max(first, second, key=_by_time),
    keys.EARLIER: lambda first, second: min(first, second, key=_by_time),
    keys.FURTHER: lambda first, second: max(first, second, key=_by_status),
    keys.EITHER: lambda _first, _second: "true",
    keys.LATER_SIDE: lambda _first, second: second,
    keys.AUTHORSHIP: lambda _first, second: second,  # replaced in `_by_part`
    keys.COMPUTED: lambda _first, second: second,  # replaced by `marked`
}
"""The rules that choose one of two values, so that nobody has to."""


def _items(value: Value) -> tuple[Value, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def merged_questions(base: Value, first: Value, second: Value) -> tuple[str, ...] | None:
    """All questions but those that a side took away, one of each subject: of two the later, which one side may have
    changed."""
    sides = [{question.subject: question for question in listed_questions(value)} for value in (base, first, second)]
    before, one, two = sides
    subjects = [*before, *sorted((one.keys() | two.keys()) - before.keys())]
    merged = (_question(before.get(subject), one.get(subject), two.get(subject)) for subject in subjects)
    return attention_value(question for question in merged if question)


def _question(base: Question | None, first: Question | None, second: Question | None) -> Question | None:
    stated = [question for question in (first, second) if question]
    return three_way(
        base, first, second, lambda: max(stated, key=lambda question: (question.since, question.line), default=None)
    )


def _union(base: tuple[Value, ...], first: tuple[Value, ...], second: tuple[Value, ...]) -> list[Value]:
    """What neither side took away in the old order, then what either added, sorted."""
    before, one, two = ({encode_value(value): value for value in items} for items in (base, first, second))
    kept = [value for text, value in before.items() if text in one and text in two]
    added = {text: value for text, value in {**one, **two}.items() if text not in before}
    return [*kept, *(added[text] for text in sorted(added))]
