"""A new memory from the values that its author wrote: completed, and checked before it is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from memcli.core.memory.defaults import checked_kind, default_values, own_evidence
from memcli.core.memory.document import MAX_BYTES, DocumentError, Value, decode, new_document
from memcli.core.memory.identity import slug
from memcli.core.memory.keys import MEM, set_by
from memcli.core.memory.memory import Memory, Source
from memcli.core.memory.schema import read_memory
from memcli.errors import Refused, Usage
from memcli.operations.writing.admission import without_packs
from memcli.operations.writing.author import Author

_SOURCE_ROOTS = ("src", "lib", ".", "")
"""Directories that say nothing about the topic of a file below them."""


def complete_memory(values: Mapping[str, Value], memory_id: str, author: Author) -> Memory:
    """A memory from values (front matter keys and `body`); what they omit is filled in.

    Raises Usage for an empty body or text that is not UTF-8, Refused for values that a memory cannot have.
    """
    body = values.get("body")
    if not isinstance(body, str) or not body.strip():
        raise Usage("a memory needs a body", "pass it as an argument, or pipe it into 'mem add -'")
    body = without_packs(_normalised(body))
    ignored = {"body", *set_by(MEM)}
    given = {key: value for key, value in values.items() if key not in ignored and value not in (None, "", ())}
    memory = _read({**_defaults(given, body, author.now), **given, "id": memory_id}, body)
    source = Source(author.session, author.agent, author.code_commit, memory.source.ref)
    return replace(memory, evidence=_evidence(memory.evidence, author), source=source)


def _normalised(body: str) -> str:
    """The body as files have it: UTF-8, LF, NFC. Raises Usage."""
    try:
        data = body.encode("utf-8", "surrogateescape")
        return decode(data, limit=max(MAX_BYTES, len(data)))
    except (DocumentError, UnicodeEncodeError) as error:
        raise Usage(f"the body is not text: {error}", "a memory is UTF-8 text") from error


def _read(front: Mapping[str, Value], body: str) -> Memory:
    try:
        memory, findings = read_memory(new_document(front, body.strip("\n") + "\n"))
    except DocumentError as error:
        raise Usage(f"the front matter is not text: {error.message}", "a memory is UTF-8 text") from error
    if memory is None:
        messages = [finding.message.partition(": ")[2] or finding.message for finding in findings]
        raise Refused("; ".join(messages), _hint(messages[0].partition(":")[0]))
    return memory


def _hint(key: str) -> str:
    """How to give the value of a key that has an invalid one."""
    option = "--" + {"tags": "tag", "paths": "path"}.get(key, key.replace("_", "-"))
    if key in ("valid_from", "valid_to", "expires"):
        return f"pass {option} as YYYY-MM-DD or RFC 3339, for example 2026-11-20"
    return f"correct {option}"


def _defaults(given: Mapping[str, Value], body: str, now: str) -> dict[str, Value]:
    kind = kind_given(given)
    topic = slug(str(given.get("topic") or _topic_of_paths(given.get("paths"))), "general")
    return default_values(body, "untitled", kind, topic, now, given.get("created"))


def kind_given(values: Mapping[str, Value]) -> str:
    """The kind of a memory with these values: that of its type. Raises Usage where its author contradicts that."""
    try:
        return checked_kind(values.get("type"), values.get("kind"))
    except ValueError as error:
        raise Usage(str(error), "leave the kind out: it follows from the type") from error


def _topic_of_paths(paths: Value) -> str:
    """The first directory of the first code path, apart from the `src` that every path may begin with."""
    first = paths[0] if isinstance(paths, tuple) and paths else ""
    parts = [part for part in str(first).split("/")[:-1] if part not in _SOURCE_ROOTS]
    return parts[0] if parts else "general"


def _evidence(evidence: str | None, author: Author) -> str:
    """The evidence as recorded: an agent's own word is an inference, even where it claims a person's."""
    return own_evidence(author.agent is not None) if evidence in (None, "human") else evidence
