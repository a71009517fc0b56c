"""Merging one memory: two versions and what both came from, by key and by block, never by line.

The result is the same whichever side is called ours, is a side verbatim where only that one changed, can be read, and
holds what either side said: where both changed one thing differently `conflict` is set, both texts stand in the body,
and a value that gives way (`fields`) is kept beside the one that stands (`conflict`). A memory that one side edited and
the other took out of use stays in use, flagged (`status`). Withdrawn beats all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from memcli.core.memory.document import (
    MAX_BYTES,
    Document,
    DocumentError,
    KeyLines,
    Value,
    new_document,
    parse_document,
)
from memcli.core.memory.titles import with_derived_title
from memcli.core.merge.fields import FieldMerge, version_order
from memcli.core.merge.part_conflict import BODY, FILE, PartConflict
from memcli.core.merge.sequences import changed_blocks, merge_bodies, merge_sequences, three_way
from memcli.core.merge.status import merge_status, without_upkeep

STUB = ("id", "kind", "key", "status", "reason", "withdrawn", "created", "modified")
"""All that a withdrawn memory keeps."""
EMPTY = Document((), "", "", bare=True)


@dataclass(frozen=True)
class MergedVersions:
    """One memory from two versions, and the parts that both changed differently."""

    document: Document
    conflicts: tuple[PartConflict, ...] = ()


def merge_versions(base: Document | None, ours: Document | None, theirs: Document | None) -> MergedVersions:
    """One memory from two versions; None is a side without it, which never means deletion (base None: both added it).

    Where both together exceed the limits of a file, the later side, flagged: the other is in the history. Raises
    ValueError where all three are None.
    """
    sides = sorted((side for side in (ours, theirs) if side is not None), key=version_order)
    if len(sides) < 2:
        return MergedVersions(_first_of([*sides, base]))
    first, second = sides
    before = base.text() if base else None
    if first.text() == second.text() or before == second.text():
        return MergedVersions(first)
    if before == first.text():
        return MergedVersions(second)
    withdrawn = [side for side in sides if side.get("status") == "withdrawn"]
    if withdrawn:
        return MergedVersions(stub(withdrawn[0]))
    status = merge_status(base or EMPTY, first, second)
    fields = FieldMerge(base or EMPTY, status.first, status.second, status.conflicts, status.others)
    document = _readable(fields, base or first)
    conflicts = fields.conflicts if first is ours else [conflict.swapped() for conflict in fields.conflicts]
    return MergedVersions(document, tuple(conflicts))


def changed_parts(old: Document, new: Document) -> tuple[str, ...]:
    """What another version says differently: the names of keys, and how many blocks of the body."""
    before, after = (without_upkeep(version)[0] for version in (old, new))
    keys = [key for key in dict.fromkeys([*before, *after]) if before.get(key) != after.get(key)]
    if old.get("status") != new.get("status"):
        keys.append("status")
    count = changed_blocks(old.body, new.body)
    return (*keys, *([f"{count} block{'s' if count > 1 else ''}"] if count else []))


def stub(document: Document) -> Document:
    """What is left of a withdrawn memory: `STUB` and no body; the document itself if it is that already."""
    front = document.front()
    if not document.body.strip() and front.keys() <= set(STUB):
        return document
    return new_document({key: front[key] for key in STUB if key in front}, "")


def _first_of(documents: Iterable[Document | None]) -> Document:
    first = next((document for document in documents if document is not None), None)
    if first is None:
        raise ValueError("nothing to merge")
    return first


def _readable(fields: FieldMerge, order: Document) -> Document:
    """The merge; the later side, flagged, where the merge cannot be read or is too large."""
    attempts: list[Callable[[], Document]] = [
        lambda: _merged(fields, order),
        lambda: _whole(fields).with_values({"conflict": "true"}),
    ]
    for attempt in attempts:
        try:
            document = attempt()
            document = parse_document(document.text())
        except DocumentError:
            continue
        if len(document.text().encode()) <= MAX_BYTES:
            return document
    return _whole(fields)


def _whole(fields: FieldMerge) -> Document:
    """The later side alone, with the whole files in conflict."""
    fields.conflicts[:] = [PartConflict(FILE, *(side.text() for side in (fields.base, fields.first, fields.second)))]
    return fields.second


def _merged(fields: FieldMerge, order: Document) -> Document:
    """The merge of two sides that both changed."""
    skeleton, values = _skeleton(fields, order)
    body, overlaps = merge_bodies(fields.base.body, fields.first.body, fields.second.body)
    fields.conflicts += [PartConflict(BODY, *("\n\n".join(items) for items in overlap)) for overlap in overlaps]
    merged = skeleton.with_values({key: value for key, value in values.items() if value != skeleton.get(key)})
    marked = fields.marked(merged).with_body(body)
    return with_derived_title(marked) if fields.titles_follow and marked.get("title") else marked


def _skeleton(fields: FieldMerge, order: Document) -> tuple[Document, dict[str, Value]]:
    """The front matter in the order of `order`, every key in the lines of a side; and the values where both changed."""
    sides = (fields.base, fields.first, fields.second)
    kept: dict[str, KeyLines] = {}
    values: dict[str, Value] = {}
    for key in dict.fromkeys(entry.key for side in (order, *sides) for entry in side.entries):
        base, first, second = (_entry(side, key) for side in sides)
        if _raw(first) == _raw(second) or _raw(second) == _raw(base):
            entry = first
        elif _raw(first) == _raw(base):
            entry = second
        else:
            values[key] = fields.value(key, *(each.value if each else None for each in (base, first, second)))
            entry = _lines(base, first, second, values[key])
        if entry:
            kept[key] = entry
    return _in_order(order, kept, sides), values


def _in_order(order: Document, kept: dict[str, KeyLines], sides: tuple[Document, Document, Document]) -> Document:
    """The kept entries as front matter, those that `order` lacks where a new key goes."""
    base, first, second = sides
    tail, _ = merge_sequences(_rows(base.tail), _rows(first.tail), _rows(second.tail))
    placed = order.with_values({key: "-" for key in kept if not _entry(order, key)})
    entries = tuple(kept[entry.key] for entry in placed.entries if entry.key in kept)
    bare = not entries and not tail and three_way(base.bare, first.bare, second.bare, lambda: False)
    text = replace(placed, entries=entries, tail="".join(tail), body="", bare=bare).text()
    values = {entry.key: entry.value for entry in entries}
    try:
        document = parse_document(text)
    except DocumentError:
        return new_document(values, "")
    # a block scalar swallows an indented comment that stood at the top of the other file
    return document if document.front() == values else new_document(values, "")


def _lines(base: KeyLines | None, first: KeyLines | None, second: KeyLines | None, value: Value) -> KeyLines | None:
    """The lines to start from where both sides changed a key: those that hold `value`, with the comments of all."""
    present = [entry for entry in (first, second, base) if entry]
    model = next((entry for entry in present if entry.value == value), present[0])
    if first is None or second is None:
        return model
    (base_comments, base_lines), (comments, lines), (other_comments, other_lines) = map(_cut, (base, first, second))
    merged, _ = merge_sequences(base_comments, comments, other_comments)
    chosen = three_way(base_lines, lines, other_lines, lambda: _cut(model)[1])
    return replace(model, raw="".join(merged) + chosen)


def _cut(entry: KeyLines | None) -> tuple[list[str], str]:
    """The comment lines above a key, and its own lines."""
    lines = _rows(entry.raw) if entry else []
    start = next((n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), len(lines))
    return lines[:start], "".join(lines[start:])


def _rows(text: str) -> list[str]:
    """The lines with their LF; the other line ends of Unicode are ordinary characters."""
    return [f"{row}\n" for row in text.split("\n")[:-1]]


def _entry(document: Document, key: str) -> KeyLines | None:
    return next((entry for entry in document.entries if entry.key == key), None)


def _raw(entry: KeyLines | None) -> str | None:
    return entry.raw if entry else None
