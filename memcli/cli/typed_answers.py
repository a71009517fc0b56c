"""An answer that is typed in the editor: the memory as it is to be, beside the texts of the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from memcli.cli.editor import EditorPage, text_from_editor
from memcli.cli.options import Call
from memcli.core.memory.anchors import blob_id
from memcli.core.memory.identity import short
from memcli.errors import Conflict
from memcli.operations.memories.question_case import QuestionCase, QuestionGroup
from memcli.operations.memories.resolve import Resolved, ResolveRequest, resolve, text_to_edit
from memcli.operations.writing.kept_drafts import find_draft

HINT = "use 'mem edit ID --body TEXT', then 'mem resolve ID --keep …'"


def answer_in_editor(
    call: Call, case: QuestionCase, group: QuestionGroup, request: ResolveRequest, draft: str | None = None
) -> Resolved:
    """Record the memory as the user's editor leaves it, or as a draft of that name has it, as the answer.

    Raises Conflict where the memory has changed since the draft was typed.
    """
    kept = find_draft(call.workspace, "resolve", draft, case.id) if draft else None
    text = text_to_edit(case, group)
    start = blob_id(text.encode())
    if kept and not start.startswith(kept.subject.start):
        raise Conflict(
            f"{short(case.id)} has changed since the draft was typed", f"copy from {kept.file} what you need"
        )
    page = EditorPage("resolve", text, tuple(_explanation(case, group)), HINT, case.id, start)
    with text_from_editor(call, page, kept) as edited:
        return resolve(call.workspace, case, replace(request, edited=edited))


def _explanation(case: QuestionCase, group: QuestionGroup) -> Iterator[str]:
    """The lines below the text: the questions, and the other memories of them."""
    yield "# ---- mem resolve: these lines are removed; save an empty text to abort ----"
    for question in group.questions:
        yield f"# {question.kind}: {question.reason}"
    for memory_id in group.ids[1:]:
        document = case.document_of(memory_id)
        yield f"# {short(memory_id)} {document.get('title')}"
        yield from (f"#   | {line}" for line in document.body.rstrip("\n").split("\n"))
