"""The home of the rules by key: which value stands where both sides of a merge changed it.

`modified` and `verified` the later, `created` and `retired` the earlier, `status` the further along, lists as sets,
titles the smaller by (`modified`, text), anything else that of the side modified later. What gives way is collected,
except for records that mem writes itself. `first` and `second` come in the order of `age`, so nothing depends on who
calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from memcli.core.memory.document import Document, Value
from memcli.core.memory.instants import parse_instant
from memcli.core.memory.memory import STATUSES
from memcli.core.merge.conflict import Others, lookup, recorded, spelled, written
from memcli.core.merge.sequences import three_way

LISTS = ("tags", "paths", "supersedes", "merged_from", "based_on", "holds_if")
RECORDS = ("importance", "superseded_by", "source.session", "source.agent", "source.commit")
"""Written by mem itself: where both sides did, nobody has to choose."""


def age(document: Document) -> tuple[datetime, str]:
    """The order of two sides: by when they were modified, then by text."""
    return _modified(document), document.text()


def _modified(document: Document) -> datetime:
    return _instant(document.get("modified") or document.get("created"))


@dataclass
class Choice:
    """The three versions, and what had to give way so far."""

    base: Document
    first: Document
    second: Document
    flagged: bool = False
    others: Others = field(default_factory=dict)

    def value(self, name: str, base: Value, first: Value, second: Value) -> Value:
        """The value of a key, None where it is removed."""
        return three_way(base, first, second, lambda: self._of_both(name, base, first, second))

    def _of_both(self, name: str, base: Value, first: Value, second: Value) -> Value:
        if name in LISTS:
            return tuple(_as_sets(_items(base), _items(first), _items(second))) or None
        if name == "attention":
            remarks = _as_sets(_remarks(base), _remarks(first), _remarks(second))
            return "; ".join(str(remark) for remark in remarks) or None
        if first is None or second is None:
            self.flagged |= name not in (*RULES, *RECORDS)
            return second if first is None else first
        if name in RULES:
            return RULES[name](first, second)
        if name == "source" and isinstance(first, Mapping) and isinstance(second, Mapping):
            return self._below(name, base if isinstance(base, Mapping) else {}, first, second)
        return second if name in RECORDS else self._winner(name, first, second)

    def _below(
        self, root: str, base: Mapping[str, Value], first: Mapping[str, Value], second: Mapping[str, Value]
    ) -> Value:
        keys = dict.fromkeys((*base, *first, *second))
        values = {key: self.value(f"{root}.{key}", base.get(key), first.get(key), second.get(key)) for key in keys}
        return {key: value for key, value in values.items() if value is not None} or None

    def _winner(self, name: str, first: Value, second: Value) -> Value:
        """One of two values; the other is collected. A side that has settled on this before keeps its value."""
        stays, gives = self._standing(name, first, second)
        self.flagged = True
        self.others = {**self.others, name: self.others.get(name, frozenset()) | {spelled(gives)}}
        return stays

    def _standing(self, name: str, first: Value, second: Value) -> tuple[Value, Value]:
        first_knows = spelled(second) in recorded(self.first).get(name, ())
        second_knows = spelled(first) in recorded(self.second).get(name, ())
        if first_knows != second_knows:
            return (first, second) if first_knows else (second, first)
        if name != "title":
            return second, first
        tied = _modified(self.first) == _modified(self.second)
        return (second, first) if tied and spelled(second) < spelled(first) else (first, second)

    def marked(self, merged: Document) -> Document:
        """`merged` with its flag and all that gave way, now and in earlier merges that nobody settled."""
        others = self._all_others(merged)
        changes: dict[str, Value] = {}
        if others != recorded(merged):
            titles = (side.get("title_other") for side in (self.base, merged))
            changes = written(others, next((title for title in titles if title is not None), None))
        if self.flagged or others:
            changes["conflict"] = "true"
        return merged.with_values(changes)

    def _all_others(self, merged: Document) -> Others:
        base, first, second = (recorded(side) for side in (self.base, self.first, self.second))
        others: Others = {}
        for name in {**base, **first, **second, **self.others}:
            was, one, two = (side.get(name, frozenset()) for side in (base, first, second))
            left = (was & one & two) | (one - was) | (two - was) | self.others.get(name, frozenset())
            others[name] = left - {spelled(lookup(merged, name))}
        return {name: texts for name, texts in others.items() if texts}


# Rules


def _instant(value: Value) -> datetime:
    """A time, or that of a mapping's `at`; the beginning of time where it is none."""
    text = value.get("at") if isinstance(value, Mapping) else value
    try:
        return parse_instant(text if isinstance(text, str) else "")
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _later(first: Value, second: Value) -> Value:
    return max(first, second, key=lambda value: (_instant(value), spelled(value)))


def _earlier(first: Value, second: Value) -> Value:
    return min(first, second, key=lambda value: (_instant(value), spelled(value)))


def _further(first: Value, second: Value) -> Value:
    def rank(value: Value) -> tuple[int, str]:
        return (STATUSES.index(value) if value in STATUSES else -1), spelled(value)

    return max(first, second, key=rank)


def _any(_first: Value, _second: Value) -> Value:
    return "true"


def _second(_first: Value, second: Value) -> Value:
    return second


RULES: Mapping[str, Callable[[Value, Value], Value]] = {
    "modified": _later,
    "verified": _later,
    "created": _earlier,
    "retired": _earlier,
    "status": _further,
    "conflict": _any,
    "title_other": _second,  # both are computed by `marked`
    "conflict_other": _second,
}


def _items(value: Value) -> tuple[Value, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _remarks(value: Value) -> tuple[Value, ...]:
    return tuple(spelled(value).split("; ")) if value is not None else ()


def _as_sets(base: tuple[Value, ...], first: tuple[Value, ...], second: tuple[Value, ...]) -> list[Value]:
    """What neither took away in the old order, then what either added, sorted."""
    was, one, two = ({spelled(value): value for value in items} for items in (base, first, second))
    survivors = [value for name, value in was.items() if name in one and name in two]
    added = {name: value for name, value in {**one, **two}.items() if name not in was}
    return [*survivors, *(added[name] for name in sorted(added))]
