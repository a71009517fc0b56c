"""A memory as one line of a list, the JSON of a shown memory, and its anchors."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from memcli.cli.options import Call
from memcli.cli.views.display_width import cut_to_width, screen_width
from memcli.cli.views.output import emit, note, printable
from memcli.cli.views.quantities import time_ago
from memcli.cli.views.question_lines import question_lines, questions_data
from memcli.core.memory.staleness import FRESH, AnchorStaleness
from memcli.core.memory.summary import MemorySummary

if TYPE_CHECKING:
    from memcli.operations.memories.list import ListedMemories
    from memcli.operations.memories.show import ShownMemory


def show_list(call: Call, listed: ListedMemories) -> None:
    """Print the memories of `mem list`."""
    data = {"memories": [_record_data(record) for record in listed.memories]}
    lines = _record_lines(call, listed.memories)
    emit(call, "list", data, lambda: "\n".join(lines) or "no memories", listed.warnings)


def _record_data(record: MemorySummary) -> dict[str, object]:
    return {"id": record.id, "title": record.title, "kind": record.kind, "type": record.type, "topic": record.topic,
            "status": record.status, "standing": record.standing, "modified": record.modified,
            "session": record.candidate_of, "key": record.key, "path": record.path,
            "questions": questions_data(record.questions)}  # fmt: skip


def _record_lines(call: Call, records: Sequence[MemorySummary]) -> Iterator[str]:
    now = call.workspace.now
    for record in records:
        standing = [record.standing] if record.standing else []
        labels = [*standing, *labels_of(record), *dict.fromkeys(question.brief for question in record.questions)]
        suffix = f"  ({', '.join(labels)})" if labels else ""
        head = printable(f"{record.id[-6:]}  {time_ago(record.modified, now):<10}  {record.type:<10}  {record.topic}: ")
        yield head + _fitted(printable(record.title), len(head) + len(suffix)) + printable(suffix)


def _fitted(title: str, taken: int) -> str:
    """A title cut to what its line has room for at a terminal, at least 20 cells; whole elsewhere."""
    return cut_to_width(title, max(20, screen_width() - taken)) if sys.stdout.isatty() else title


def labels_of(record: MemorySummary) -> Iterator[str]:
    """The labels of a memory that is not simply active in the store: its status, `candidate`."""
    if record.status != "active":
        yield record.status
    if record.candidate_of:
        yield "candidate"


def show_one(call: Call, shown: ShownMemory) -> None:
    """Print the memory of `mem show`, and how its anchors compare with the code."""
    lines = [shown.text.rstrip("\n"), *question_lines(shown.record.questions)]
    emit(call, "show", shown_data(shown), lambda: printable("\n".join(lines)))
    for anchor in shown.staleness.anchors:
        if anchor.state != FRESH or anchor.moved_to:
            note(call, f"{anchor.state}: {anchor.path} {anchor.reason}")


def shown_data(shown: ShownMemory) -> dict[str, object]:
    """A shown memory as the JSON contract has it."""
    staleness = shown.staleness
    return {**shown.front, "body": shown.body, "path": shown.path, "rev": shown.rev, "blob": shown.blob,
            "staleness": staleness.state, "anchors": list(map(anchor_data, staleness.anchors)),
            "questions": questions_data(shown.record.questions), "standing": shown.record.standing}  # fmt: skip


def anchor_data(anchor: AnchorStaleness) -> dict[str, object]:
    """An anchor as the JSON contract has it."""
    return {"path": anchor.path, "state": anchor.state, "now": anchor.moved_to}
