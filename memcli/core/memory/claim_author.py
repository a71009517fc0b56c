"""Who stands behind what a memory claims: the last author of its body, key and times, not the one of its upkeep."""

from __future__ import annotations

from collections.abc import Mapping

from memcli.core.memory.defaults import own_evidence
from memcli.core.memory.document import Document, Value
from memcli.core.memory.recorded_answers import claims_of
from memcli.core.memory.schema import read_memory

_OWN_WORD = ("human", "inference")
"""Evidence that is an author's own word, a person's or an agent's."""


def as_recorded(document: Document, before: Document | None, agent: str | None, session: str) -> Document:
    """The document as its author's (`agent` None: a person) version of `before` is recorded.

    An agent's `evidence: human` becomes `inference`. Who changes what the memory claims is its author from then on:
    `source` names them, and evidence that was another author's own word is theirs.
    """
    if before is not None and _claims(before) != _claims(document):
        document = document.with_values({"source": _source(document, agent, session)})
        if document.get("evidence") in _OWN_WORD and document.get("evidence") == before.get("evidence"):
            return document.with_values({"evidence": own_evidence(agent is not None)})
    is_inherited = before is not None and before.get("evidence") == "human"
    if agent is not None and document.get("evidence") == "human" and not is_inherited:
        return document.with_values({"evidence": own_evidence(is_agent=True)})
    return document


def _claims(document: Document) -> list[str | None] | None:
    """What the memory claims; None where the document is none."""
    memory, _ = read_memory(document)
    return claims_of(memory) if memory else None


def _source(document: Document, agent: str | None, session: str) -> dict[str, Value]:
    """The document's `source`, as of this author and session."""
    source = document.get("source")
    others = source if isinstance(source, Mapping) else {}
    own = {"session": session, "agent": agent}
    values: dict[str, Value] = {**own, **others, **own}
    return {key: value for key, value in values.items() if value}
