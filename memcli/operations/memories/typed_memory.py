"""What a person types as a new memory: a body, with front matter above it if they like."""

from __future__ import annotations

from difflib import get_close_matches

from memcli.core.finding import BLOCK, Finding
from memcli.core.memory.document import Document, DocumentError, Value, parse_document
from memcli.core.memory.keys import MEM, ORDER, set_by
from memcli.core.memory.schema import read_memory
from memcli.core.review.checks.runner import scan_text
from memcli.core.review.private import without_private
from memcli.operations.writing.record import RefusedText, refuse_blocked

TYPED_KEYS = tuple(key for key in ORDER if key not in set_by(MEM))
"""The keys that front matter may have when it is typed."""
_REQUIRED = {"id": "0" * 26, "title": "-", "created": "1970-01-01T00:00:00Z"}
"""What stands for required keys that are missing: they are filled in when the memory is recorded."""


def typed_values(text: str) -> dict[str, Value]:
    """The front matter keys and `body` in a text, as `add_memories` takes them. Raises RefusedText, by line."""
    public, _ = without_private(text)
    refuse_blocked(scan_text(public), public)
    try:
        typed, checked = parse_document(text), parse_document(public)
    except DocumentError as error:
        raise RefusedText(str(error), "correct it; nothing was recorded", public) from error
    refuse_blocked(_unknown_keys(checked), public)
    if not checked.bare:
        missing = {key: value for key, value in _REQUIRED.items() if checked.get(key) in (None, "")}
        complete = checked.with_values(missing)
        refuse_blocked(read_memory(complete)[1], complete.text())
    return {**typed.front(), "body": typed.body}


def _unknown_keys(document: Document) -> list[Finding]:
    """A finding for each key that would be dropped: one that mem does not know, or sets itself."""
    findings = list[Finding]()
    for entry in document.entries:
        if entry.key not in TYPED_KEYS:
            similar = get_close_matches(entry.key, TYPED_KEYS, 1)
            step = f"did you mean '{similar[0]}'?" if similar else f"the keys are {', '.join(TYPED_KEYS)}"
            message = f"line {entry.line}: {entry.key}: is not a key that you can set"
            findings.append(Finding("schema", BLOCK, "", message, step))
    return findings
