"""The plan of a pack: everything that decides its bytes beside the texts it cites, as a value and as a record.

Invariant: `from_record(json.loads(json.dumps(to_record(plan)))) == plan`. A record may come from another clone, so
reading one is strict about types and sizes; its texts are cleaned where they are rendered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

VERSION = 1
PINNED, UNSETTLED, PATHS, ABOUT, RECENT = "pinned", "unsettled", "paths", "about", "recent"
CHANGED = "changed"
FULL, BRIEF, EMPTY = "full", "brief", "empty"
MAX_ITEMS, MAX_NUMBER = 2_000, 1_000_000


@dataclass(frozen=True)
class PackHeading:
    """What the pack is for: `tree` and `at` of the store, the branch's work, the task, the paths in question.

    `commits` since the branch left `base`; `words` are the query of a further recall.
    """

    tree: str
    at: str
    branch: str = ""
    base: str = ""
    commits: int = 0
    task: str = ""
    paths: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackItem:
    """One memory of a pack without its text: `cite` is the shortest unique suffix of its id, `room` the length of its
    excerpt, `question` what is open about it."""

    id: str
    blob: str
    section: str
    reason: str
    trust: str
    cite: str
    staleness: str | None = None
    room: int = 0
    question: str = ""


@dataclass(frozen=True)
class PackPlan:
    """Everything that rendering needs beside texts; `left` counts by section the memories left out."""

    heading: PackHeading
    items: tuple[PackItem, ...] = ()
    left: Mapping[str, int] = field(default_factory=dict)
    style: str = EMPTY


def to_record(plan: PackPlan) -> dict[str, object]:
    """The plan as JSON values."""
    heading = {key: value for key, value in asdict(plan.heading).items() if value}
    unset = {"staleness": None, "room": 0, "question": ""}
    items = [{key: value for key, value in asdict(item).items() if unset.get(key, ...) != value} for item in plan.items]
    return {"v": VERSION, "heading": heading, "items": items, "left": dict(plan.left), "style": plan.style}


def from_record(record: object) -> PackPlan:
    """The plan in a session's record. Raises ValueError for anything else."""
    if not isinstance(record, dict) or record.get("v") != VERSION:
        raise ValueError("not recorded by this version of mem")
    items, left = record.get("items"), record.get("left")
    if not isinstance(items, list) or len(items) > MAX_ITEMS or not isinstance(left, dict):
        raise ValueError("not the record of a pack")
    counts = {_text(name): _number(count) for name, count in left.items()}
    if record.get("style") not in (FULL, BRIEF, EMPTY):
        raise ValueError("not the record of a pack")
    try:
        heading = PackHeading(**_values(record.get("heading")))
        return PackPlan(heading, tuple(PackItem(**_values(item)) for item in items), counts, str(record["style"]))
    except TypeError as error:
        raise ValueError(f"not the record of a pack: {error}") from error


_NUMBERS, _LISTS = ("commits", "room"), ("paths", "words")


def _values(members: object) -> dict[str, Any]:
    """The fields of a heading or an item, each of its type; unknown fields are ignored."""
    if not isinstance(members, dict):
        raise ValueError("not the record of a pack")
    names = {member.name for kind in (PackHeading, PackItem) for member in fields(kind)}
    return {name: _value(name, value) for name, value in members.items() if name in names}


def _value(name: str, value: object) -> object:
    if name in _NUMBERS:
        return _number(value)
    if name not in _LISTS:
        return _text(value)
    if not isinstance(value, list):
        raise ValueError(f"{name}: not a list")
    return tuple(map(_text, value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"not a text: {value!r:.40}")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_NUMBER:
        raise ValueError(f"not a number: {value!r:.40}")
    return value
