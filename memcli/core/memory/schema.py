"""The schema: how a document's front matter becomes a memory, key by key as the table `keys` says.

`read_memory` is total: whatever the file says, it returns a `Memory` or findings with the line, never an exception.
Unknown keys are not part of the value; they live on in the document, byte for byte.
"""

from __future__ import annotations

from typing import Any

from memcli.core.finding import BLOCK, Finding, blocking
from memcli.core.memory.document import Document, DocumentError
from memcli.core.memory.keys import FIELDS, Key
from memcli.core.memory.memory import Memory


def read_memory(document: Document) -> tuple[Memory | None, list[Finding]]:
    """The memory of a complete document and what is wrong with it; None where a `block` finding spoils it."""
    reader = _Reader(document)
    values = {key.name: reader.value(key) for key in FIELDS}
    if values["valid_to"] and values["valid_to"] < (values["valid_from"] or values["valid_to"]):
        reader.report("valid_to", "lies before valid_from")
    values["modified"] = values["modified"] or values["created"]
    if blocking(reader.findings):
        return None, reader.findings
    return Memory(**values, body=document.body), reader.findings


_DEFAULTS = {key.name: key.type.read(None, lambda *_, **__: None) for key in FIELDS if key.type}
"""The values of absent keys, read once: most files have a third of the keys, and an index reads every file."""


class _Reader:
    """Types one document's values and collects what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self._document, self._front = document, document.front()
        self.findings: list[Finding] = []

    def value(self, key: Key) -> Any:
        """The typed value of a key; its default, and perhaps a finding, where the file has none."""
        assert key.type is not None
        raw = self._front.get(key.name)
        if raw in (None, "") and key.required and not self._may_lack(key):
            self.report(key.name, "is missing")
        if raw is None:
            return _DEFAULTS[key.name]
        return key.type.read(raw, lambda message, severity=BLOCK: self.report(key.name, message, severity))

    def _may_lack(self, key: Key) -> bool:
        return key.name == "title" and self._front.get("status") == "withdrawn"

    def report(self, key: str, message: str, severity: str = BLOCK) -> None:
        line, memory_id = self._document.line_of(key), self._front.get("id")
        text = f"line {line}: {key}: {message}" if line else f"{key}: {message}"
        step = f"correct '{key}' (docs/format.md lists the keys)"
        self.findings.append(Finding("schema", severity, memory_id if isinstance(memory_id, str) else "", text, step))


def schema_finding(error: DocumentError, path: str = "") -> Finding:
    """The finding about a file that is not a document, with its path where one is given."""
    place, step = (f"{path}: ", f"correct {path}, ") if path else ("", "correct ")
    return Finding("schema", BLOCK, "", f"{place}{error}", f"{step}line {error.line}")
