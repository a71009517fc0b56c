"""How a memory leaves use: another one has taken its place, or it is retired. Its file stays, and says so."""

from __future__ import annotations

from memcli.core.memory.document import Document


def superseded(document: Document, successor: str, at: str) -> Document:
    """The memory whose place another one has taken; `at`: RFC 3339."""
    return document.with_values({"status": "superseded", "superseded_by": successor, "modified": at})


def retired(document: Document, reason: str, at: str, by: str) -> Document:
    """The memory that is no longer used; `at`: RFC 3339, `by`: whose word it is."""
    said = {"at": at, "by": by, "reason": reason}
    return document.with_values({"status": "retired", "retired": said, "modified": at})
