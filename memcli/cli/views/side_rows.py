"""One side of a question, or the memory that a finding names: what it says, and why it may be believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from memcli.cli.options import Call
from memcli.cli.views.quantities import local_time, time_ago
from memcli.cli.views.sheet import FACT, LOOK, TEXT, TITLE, SheetRow, SmallFact, SmallFacts
from memcli.core.memory.document import Value
from memcli.core.memory.identity import short
from memcli.core.memory.key_types import retirement_reason
from memcli.core.memory.staleness import FRESH, Staleness
from memcli.core.review.secrets import without_secrets

if TYPE_CHECKING:
    from memcli.operations.memories.question_case import Side

INDENT = 8
"""Cells before the text of a side, below its name."""


def side_rows(call: Call, side: Side, place: str = "") -> Iterator[SheetRow | SmallFacts]:
    """The rows of a side; `place`: where it is, such as `in the store`."""
    yield SheetRow(TITLE, "other memory", short(side.name) if len(side.name) == 26 else side.name)
    yield SmallFacts((SmallFact("place", "", place), *_author_facts(call, side)), INDENT)
    yield from code_rows(side.staleness, INDENT)
    title, body = str(side.document.get("title") or ""), side.document.body.strip("\n")
    if not begins_with_title(title, body):
        yield SheetRow(TITLE, "its title", without_secrets(title), INDENT)
    yield SheetRow(TEXT, "its text", without_secrets(body), INDENT)


def begins_with_title(title: str, body: str) -> bool:
    """Whether a body begins with its title, which need not be shown then."""
    return " ".join(body.split()).startswith(title.rstrip("…"))


def _author_facts(call: Call, side: Side) -> Iterator[SmallFact]:
    """Author, evidence, dates and status."""
    front = side.document.front()
    yield SmallFact("author", "by", side.agent or "a person")
    yield SmallFact("session", "in", side.session or "")
    yield SmallFact("evidence", "evidence", str(front.get("evidence") or "not stated"))
    yield _dated(call, "written", front.get("created"))
    if front.get("modified") != front.get("created"):
        yield _dated(call, "changed", front.get("modified"))
    if front.get("status") not in (None, "active"):
        yield SmallFact("status", "", str(front["status"]) + _reason(front))


def _dated(call: Call, label: str, instant: Value) -> SmallFact:
    text = str(instant or "")
    return SmallFact(label, label, time_ago(text, call.workspace.now), local_time(text))


def _reason(front: Mapping[str, Value]) -> str:
    reason = retirement_reason(front.get("retired"))
    return f" ({reason})" if reason else ""


def code_rows(staleness: Staleness | None, indent: int = 0) -> Iterator[SheetRow]:
    """The code that a memory is about, and whether it is as it was when the memory was written."""
    anchors = staleness.anchors if staleness else ()
    for anchor in anchors:
        moved = f", now {anchor.moved_to}" if anchor.moved_to else ""
        kind, label = (FACT, "code") if anchor.state == FRESH else (LOOK, anchor.state)
        yield SheetRow(kind, label, f"{anchor.path} {anchor.reason}{moved}", indent, is_labelled=True)
