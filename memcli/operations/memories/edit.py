"""`mem edit`: other front matter, another body, or the whole file as an editor left it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from memcli.core.memory.anchors import Anchor
from memcli.core.memory.document import Document, DocumentError, Value, decode, parse_document
from memcli.core.memory.schema import read_memory
from memcli.core.memory.titles import with_followed_title
from memcli.core.merge.conflict import without_conflict
from memcli.core.review.checks.check_registry import BY_NAME
from memcli.core.review.checks.stale_titles import title_problems
from memcli.core.review.private import value_without_private, without_private
from memcli.errors import Refused, Usage
from memcli.operations.memories.changes import OpenedMemory, record_change, with_private_finding
from memcli.operations.memories.given_ids import with_full_ids
from memcli.operations.memories.new_memory import kind_given
from memcli.operations.views.reader import Reader
from memcli.operations.writing.anchor_blobs import with_blobs
from memcli.operations.writing.record import Recorded, RefusedText
from memcli.workspace import Workspace


def edit_memory(
    workspace: Workspace, opened: OpenedMemory, values: Mapping[str, Value], body: str | None = None
) -> Recorded:
    """Change front matter keys (None removes one) and, where given, the body. Raises Usage, NotFound, Refused."""
    (values, body), removed = value_without_private((with_full_ids(values, partial(Reader, workspace)), body))
    paths = values.get("paths")
    if isinstance(paths, tuple):  # new code paths get the blob that is there now
        anchors = [Anchor.parse(str(path)) for path in paths]
        anchors = list(with_blobs(anchors, workspace.layout.worktree, lambda: workspace.code))
        values = {**values, "paths": tuple(map(str, anchors))}
    if values.get("type"):
        values = {**values, "kind": kind_given(values)}
    document = opened.document.with_values(values)
    if body is not None:
        if not body.strip():
            raise Usage("a memory needs a body", f"use 'mem retire {opened.record.id[-6:]}' if it no longer holds")
        document = without_conflict(document).with_body(body.strip("\n") + "\n")  # the new body is the answer
        document = document if "title" in values else with_followed_title(opened.document, document)
    recorded = record_change(workspace, "edit", opened, document)
    return with_private_finding(_with_title_finding(recorded, opened, document), removed)


def replace_file_text(workspace: Workspace, opened: OpenedMemory, text: str) -> Recorded:
    """Replace the whole file. Raises Refused, with the line of what is wrong."""
    text, removed = without_private(text)
    try:
        document = parse_document(decode(text.encode()))
    except DocumentError as error:
        raise RefusedText(str(error), "correct it; nothing was changed", text) from error
    if document.get("id") != opened.record.id:
        raise Refused("the id cannot be changed", "'mem supersede' replaces a memory with a new one")
    document = with_followed_title(opened.document, document)
    recorded = record_change(workspace, "edit", opened, document)
    return with_private_finding(_with_title_finding(recorded, opened, document), removed)


def _with_title_finding(recorded: Recorded, opened: OpenedMemory, document: Document) -> Recorded:
    """What was recorded, with a finding where the title of its author's own no longer fits the body."""
    if document.body == opened.document.body:
        return recorded
    before, after = (read_memory(version)[0] for version in (opened.document, document))
    problems = title_problems(before, after) if before and after else ()
    findings = BY_NAME["title-differs"].findings(recorded.id, problems)
    return replace(recorded, findings=(*recorded.findings, *findings))
