"""Bundles of the Open Knowledge Format (OKF v0.1 and v0.2): a memory for each concept.

A concept that `mem export` made of a memory is that memory again, id and all. Of any other concept the type, title,
description, tags, status, dates and links count; what OKF leaves to producers stays out.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from memcli.core.exchange.okf_bundle import INDEX, LOG
from memcli.core.exchange.okf_concept import MARK, memory_document
from memcli.core.memory.defaults import kind_of_type
from memcli.core.memory.document import Document, DocumentError, parse_document
from memcli.core.memory.instants import parse_instant
from memcli.core.memory.key_types import TYPES
from memcli.core.memory.memory import Memory
from memcli.core.memory.standing import PROPOSED
from memcli.core.sources.lenient_front_matter import LenientDocument, parse_leniently
from memcli.core.sources.passage_text import contains, humanise, short_title
from memcli.core.sources.passages import Filing, Passage, known_anchors, memory_of, utc_instant
from memcli.core.sources.sections import passage_ref, piece_title, split_to_fit
from memcli.core.sources.source_reader import Extract, Reading, SourceReader, SourceUnit, directory_units
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.stores.own_documents import OwnDocuments, has_own_id, is_store_path
from memcli.core.sources.written_dates import written_date

_VERSION = re.compile(r"(?m)^okf_version:")
_LINK = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|(?<!!)\[([^\[\]\n]+)\]\(([^()\s#]+\.md)(?:#[^()\s]*)?\)", re.DOTALL)
_TYPES: Mapping[str, str] = {
    "playbook": "procedure", "runbook": "procedure", "howto": "procedure", "guide": "procedure", "process": "procedure",
    "workflow": "procedure", "skill": "procedure", "adr": "decision", "rule": "constraint", "policy": "constraint",
    "convention": "preference", "guideline": "preference", "owner": "stability", "ownership": "stability",
    "incident": "event", "meeting": "event", "experiment": "attempt",
}  # fmt: skip
"""What OKF leaves open, in our words; anything else is a fact."""
_TAKEN_BY_OTHERS = ".agent_memory"


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    free = [
        path for path in tree.ordered if path not in taken and path.endswith(".md") and _TAKEN_BY_OTHERS not in path
    ]
    roots = {posixpath.dirname(path) for path in free if posixpath.basename(path) == INDEX and _is_root(tree, path)}
    bundles: dict[str, list[str]] = {}
    for path in free:
        root = _root_of(path, roots)
        if root is not None:
            bundles.setdefault(root or ".", []).append(path)
        elif is_store_path(tree, path) and _is_concept(tree.peek(path)):
            bundles.setdefault(path, []).append(path)
    return directory_units(bundles)


def _is_root(tree: SourceTree, path: str) -> bool:
    text = tree.peek(path)
    return text.startswith("---\n") and _VERSION.search(text.partition("\n---")[0]) is not None


def _root_of(path: str, roots: Collection[str]) -> str | None:
    """The outermost bundle that a path is in."""
    parts = path.split("/")[:-1]
    above = ("/".join(parts[:length]) for length in range(len(parts) + 1))
    return next((root for root in above if root in roots), None)


def _is_concept(text: str) -> bool:
    """Whether a file outside of any bundle is a concept by its own words."""
    head = text.partition("\n---")[0] if text.startswith("---\n") else ""
    return (f"\n{MARK}:" in head and has_own_id(text)) or _VERSION.search(head) is not None


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    own, concepts = OwnDocuments(), dict[str, LenientDocument]()
    for path in unit.paths:
        name = posixpath.basename(path)
        if name in (INDEX, LOG) and len(unit.paths) > 1:
            own.skip(path, "the index of a bundle" if name == INDEX else "the log of a bundle: git has the history")
        elif document := _own_document(tree.text(path)):
            own.add(document, path)
        else:
            concepts[path] = parse_leniently(tree.text(path))
    for path in [path for path, concept in concepts.items() if not re.search(r"\w", _text_of(concept))]:
        own.skip(path, "a concept without text")
        del concepts[path]
    return own.reading(_extracts(tree, unit, concepts, own))


def _own_document(text: str) -> Document | None:
    """The memory that a concept was made from, or that the file is."""
    try:
        document = parse_document(text)
        return memory_document(document) or (document if has_own_id(text) and document.get("kind") else None)
    except DocumentError:
        return None


def _extracts(
    tree: SourceTree, unit: SourceUnit, concepts: Mapping[str, LenientDocument], own: OwnDocuments
) -> list[Extract]:
    """The memories of concepts that were not ours, with links between them."""
    extracts = [extract for path, concept in concepts.items() for extract in _of_concept(tree, path, concept)]
    ids = {extract.path: str(extract.memory.id) for extract in reversed(extracts)}
    ids |= {extract.path: str(extract.memory.id) for extract in own.extracts}
    root = unit.root if len(unit.paths) > 1 and unit.root != "." else ""
    return [replace(extract, memory=_linked(extract.memory, extract.path, root, ids)) for extract in extracts]


def _of_concept(tree: SourceTree, path: str, concept: LenientDocument) -> Iterator[Extract]:
    """The memory of a concept, or several where it is longer than a memory may be."""
    stated = concept.get("type").strip().lower()
    type_ = stated if stated in TYPES else _TYPES.get(stated.replace("-", "").replace(" ", ""), "fact")
    date, title = _date(concept), concept.get("title") or humanise(posixpath.basename(path).removesuffix(".md"))
    text = tree.text(path)
    for number, piece in enumerate(split_to_fit(_text_of(concept))):
        filing = Filing(
            short_title(piece_title(title, number) if number else title) or "Concept",
            type_,
            posixpath.basename(posixpath.dirname(path)) or "general",
            kind=kind_of_type(type_),
            tags=tuple(_tags(concept, stated)),
            paths=known_anchors(piece, tree.paths),
        )
        memory = memory_of(Passage(passage_ref(path, text, piece, number), piece, utc_instant(date)), filing)
        yield Extract(_in_its_state(memory, concept), path, concept.line, dated=date is not None)


def _text_of(concept: LenientDocument) -> str:
    """The body, after the description and before the resource that only the front matter names."""
    body, described, resource = concept.body.strip("\n"), concept.get("description"), concept.get("resource")
    lead = [described] if described and not contains(f"{concept.get('title')}\n{body}", described) else []
    end = [f"Resource: {resource}"] if resource and resource not in body else []
    return "\n\n".join(filter(None, (*lead, body, *end)))


def _tags(concept: LenientDocument, stated: str) -> Iterator[str]:
    yield from concept.get("tags").split(",")
    if stated and stated not in TYPES:
        yield stated
    if concept.get("status").lower() == "draft":
        yield PROPOSED


def _date(concept: LenientDocument) -> datetime | None:
    """When its content was changed last; what v0.1 called `timestamp`."""
    return written_date(concept.get("at", "timestamp", "updated", "created"))


def _in_its_state(memory: Memory, concept: LenientDocument) -> Memory:
    """The memory as retired where its concept is deprecated, and with the date from which it is stale."""
    status = "retired" if concept.get("status").lower() == "deprecated" else memory.status
    try:
        expires = parse_instant(concept.get("stale_after"))
    except ValueError:
        expires = None
    return replace(memory, status=status, expires=expires)


def _linked(memory: Memory, path: str, root: str, ids: Mapping[str, str]) -> Memory:
    """A memory with links to memories where its text links to their concepts."""

    def link(match: re.Match[str]) -> str:
        target = match[2] or ""
        base = root if target.startswith("/") else posixpath.dirname(path)
        linked = ids.get(posixpath.normpath(posixpath.join(base, target.lstrip("/"))))
        return f"[[{linked}|{match[1]}]]" if linked else match[0]

    return replace(memory, body=_LINK.sub(link, memory.body) if ".md" in memory.body else memory.body)


READER = SourceReader("okf", "concepts of OKF bundles", _units, _read)
