"""Taking a memory out of use: it is superseded or retired. Its file stays and says so."""

from __future__ import annotations

from memcli.core.memory.document import Document


def superseded(document: Document, successor: str, at: str) -> Document:
    """The memory, superseded by the one with the id `successor`; `at`: RFC 3339."""
    return document.with_values({"status": "superseded", "superseded_by": successor, "modified": at})


def retired(document: Document, reason: str, at: str, by: str) -> Document:
    """The memory, retired; `at`: RFC 3339, `by`: who retired it."""
    record = {"at": at, "by": by, "reason": reason}
    return document.with_values({"status": "retired", "retired": record, "modified": at})
