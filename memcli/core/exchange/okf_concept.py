"""One memory as a concept of the Open Knowledge Format (OKF v0.2), and back without loss.

A concept has the keys of OKF, which any consumer understands, and those of the memory. Where both have a key of one
name with different meanings, the memory's is called `mem_<name>`; so is each that begins with `mem_` already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from memcli.core.exchange.body_links import BodyLink, relinked
from memcli.core.exchange.exported_memory import UNDECIDED, ExportedMemory
from memcli.core.exchange.memory_digest import digest
from memcli.core.memory.document import Document, DocumentError, Value, new_document
from memcli.core.memory.instants import format_instant
from memcli.core.memory.key_types import STATUSES
from memcli.core.memory.memory import Memory

VERSION = "0.2"
DERIVED = ("description", "resource", "timestamp", "status", "stale_after", "generated", "verified", "sources")
"""The keys of OKF that a concept has instead of, or beside, the memory's own."""
PREFIX = "mem_"
MARK, _BODY, _VERBATIM = "mem_status", "mem_body", "verbatim"
_LINK = re.compile(r'\[((?:\\[\[\]\\]|[^\[\]\\\n])*)\]\(/[^()\s]*\.md "mem:([0-9A-Za-z]{6,26})(\|?)(…?)"\)')
MOST_DESCRIBED = 200
PathOf = Callable[[str], str | None]
"""The id of a memory, or a part of it → the path of its concept in the bundle; None where it has none."""


def concept_text(exported: ExportedMemory, path_of: PathOf) -> str:
    """The file of a concept."""
    document = exported.document
    own = {key: value for key, value in document.front().items() if value is not None}
    kept = {_own_name(key): value for key, value in own.items()}
    body = okf_body(document.body, path_of)
    is_exact = memory_body(body) == document.body
    derived = _derived(exported)
    marks = {MARK: exported.memory.status, **({} if is_exact else {_BODY: _VERBATIM})}
    try:
        return new_document({**kept, **derived, **marks}, body if is_exact else document.body).text()
    except DocumentError:  # beyond the limits of front matter: what OKF asks for is in the memory's file already
        return document.text()


def _own_name(key: str) -> str:
    return PREFIX + key if key in DERIVED or key.startswith(PREFIX) else key


def _derived(exported: ExportedMemory) -> dict[str, Value]:
    """The keys of OKF that a memory has no key of the same meaning for."""
    memory = exported.memory
    values: dict[str, Value] = {
        "type": memory.type,
        "description": digest(memory, MOST_DESCRIBED),
        "status": okf_status(memory.status, bool(exported.undecided)),
        "generated": {"by": _actor(memory), "at": format_instant(memory.modified)},
    }
    if memory.expires:
        values["stale_after"] = format_instant(memory.expires)
    if memory.verified:
        values["verified"] = ({"by": "process:mem-verify", "at": format_instant(memory.verified.at)},)
    if memory.source.ref:
        values["sources"] = ({"resource": memory.source.ref},)
    return values


def _actor(memory: Memory) -> str:
    """Who wrote a memory, in the form that OKF has for agents, people and processes."""
    if memory.source.agent:
        return f"{memory.source.agent}/unknown"
    return "human:unknown" if memory.evidence == "human" else "process:mem"


def okf_status(status: str, is_undecided: bool) -> str:
    """A memory's status in the words of OKF."""
    if status != "active":
        return "deprecated"
    return "draft" if is_undecided else "stable"


def is_exported_concept(front: Mapping[str, Value]) -> bool:
    """Whether front matter is that of a concept that was made from a memory: a memory's own `status` is none of OKF."""
    return isinstance(front.get("id"), str) and front.get(MARK) in STATUSES and front.get("status") not in STATUSES


def memory_document(concept: Document) -> Document | None:
    """The memory's file that a concept was made from, with what was changed in the concept since; None for a concept
    that is not of a memory."""
    front = concept.front()
    if not is_exported_concept(front):
        return None
    own = {key: value for key, value in front.items() if key not in DERIVED and not key.startswith(PREFIX)}
    own |= {key.removeprefix(PREFIX): value for key, value in front.items() if key.startswith(PREFIX) and key != _BODY}
    body = concept.body if front.get(_BODY) == _VERBATIM else memory_body(concept.body)
    return new_document(_with_stated_status(own, front.get("status")), body)


def _with_stated_status(own: Mapping[str, Value], stated: Value) -> dict[str, Value]:
    """The keys of a memory with the status that somebody gave its concept."""
    tags = own.get("tags")
    listed = (tags,) if isinstance(tags, str) else tags if isinstance(tags, tuple) else ()
    status, is_undecided = str(own.get("status")), any(tag in listed for tag in UNDECIDED)
    if stated not in ("stable", "deprecated") or stated == okf_status(status, is_undecided):
        return dict(own)
    if stated == "deprecated":
        return {**own, "status": "retired"}
    return {**own, "status": "active", "tags": tuple(tag for tag in listed if tag not in UNDECIDED) or None}


def okf_body(body: str, path_of: PathOf) -> str:
    """A body with links in standard markdown, each with the id that it names as its title."""

    def written(link: BodyLink) -> str:
        path, label = path_of(link.target), link.label if link.label is not None else link.target
        if path is None:
            return link.text
        words = re.sub(r"([\[\]\\])", r"\\\1", label)
        cut = "…" if "…" in link.text.partition("|")[0] else ""
        return f'[{words}](/{path} "mem:{link.target}{"" if link.label is None else "|"}{cut}")'

    return relinked(body, written)


def memory_body(body: str) -> str:
    """A concept's body with the links of memories."""

    def written(match: re.Match[str]) -> str:
        label = re.sub(r"\\([\[\]\\])", r"\1", match[1])
        return f"[[{match[2]}{match[4]}{f'|{label}' if match[3] else ''}]]"

    return _LINK.sub(written, body) if '"mem:' in body else body
