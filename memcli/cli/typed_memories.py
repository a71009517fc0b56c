"""Memories that people type in their editor: what the editor opens with, and what it explains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from textwrap import wrap

from memcli.cli.editor import EditorPage, text_from_editor
from memcli.cli.options import Call
from memcli.core.memory.document import Value, new_document
from memcli.core.memory.identity import short
from memcli.core.memory.keys import ORDER
from memcli.operations.memories.changes import OpenedMemory, memory_at
from memcli.operations.memories.edit import replace_file_text
from memcli.operations.memories.typed_memory import TYPED_KEYS, typed_values
from memcli.operations.writing.kept_drafts import find_draft
from memcli.operations.writing.record import Recorded


@contextmanager
def memory_from_editor(call: Call, front: Mapping[str, Value], draft: str | None) -> Iterator[dict[str, Value]]:
    """The values of a new memory as they were typed, or as a draft of that name has them, for a block that records
    them; the editor opens with `front`."""
    kept = find_draft(call.workspace, "add", draft) if draft else None
    hint = "use 'mem add TEXT', or 'mem add -' to read stdin"
    page = EditorPage("add", _front_text(front), _explanation("add", "a new memory", TYPED_KEYS), hint)
    with text_from_editor(call, page, kept) as text:
        yield {**typed_values(text), **(front if kept else {})}


@contextmanager
def successor_from_editor(
    call: Call, old: OpenedMemory, front: Mapping[str, Value], draft: str | None
) -> Iterator[dict[str, Value]]:
    """The values of the memory that replaces another one, for a block that records them."""
    record = old.record
    kept = find_draft(call.workspace, "supersede", draft, record.id) if draft else None
    explanation = _explanation("supersede", f"the memory that replaces {short(record.id)}", TYPED_KEYS)
    hint = "use 'mem supersede ID TEXT', or '-' to read stdin"
    page = EditorPage("supersede", _front_text(front) + old.document.body, explanation, hint, record.id, record.blob)
    with text_from_editor(call, page, kept) as text:
        yield {**typed_values(text), **(front if kept else {})}


def edit_in_editor(call: Call, opened: OpenedMemory, draft: str | None = None) -> Recorded:
    """Record the memory's file as the user's editor leaves it, or as a draft of that name has it."""
    record = opened.record
    kept = find_draft(call.workspace, "edit", draft, record.id) if draft else None
    if kept:
        opened = memory_at(call.workspace, record.id, kept.subject.start)
    explanation = _explanation("edit", f"the memory {short(record.id)}; its id stays", ORDER)
    hint = "use --body TEXT, or '--body -' to read stdin"
    page = EditorPage("edit", opened.document.text(), explanation, hint, record.id, opened.record.blob)
    with text_from_editor(call, page, kept) as text:
        return replace_file_text(call.workspace, opened, text)


def _front_text(front: Mapping[str, Value]) -> str:
    return new_document(front, "\n").text() if front else ""


def _explanation(command: str, subject: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The lines below the text: what is written, how to abort, which keys there are."""
    text = (
        f"Above: {subject}, in Markdown. Save an empty text to abort. Optional front matter stands first, between two"
        f" lines '---'. Its keys: {', '.join(keys)}."
    )
    first = f"# ---- mem {command}: these lines are removed; all others stay, headings with '#' too ----"
    return (first, *(f"# {line}" for line in wrap(text, 78)))
