"""A candidate as people read it: its body as text or as a diff of words, its keys, and the sides of its conflicts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from memcli.core.memory.document import Document, DocumentError, parse_document
from memcli.core.memory.fast_yaml import Value
from memcli.core.merge.conflict import CONFLICT_KEYS, OURS, THEIRS, other_values, sides_of, with_other_values
from memcli.core.merge.part_conflict import BODY
from memcli.core.review.candidates import ADDED, POLICY, RETIRED, Candidate

KEPT, ADDITION, REMOVAL, REWORDED, SKIPPED = " ", "+", "-", "~", "…"
"""What became of a line; `REWORDED`: some of its words were replaced, `SKIPPED`: lines that did not change."""
_UPKEEP = ("modified", "source", *CONFLICT_KEYS)
_OF_COURSE = (*_UPKEEP, "id", "title", "kind", "topic", "status", "created")
"""Keys that mem fills in or that pages show elsewhere: of any memory, and of a new one."""
_CONTEXT = 2
"""Unchanged lines that are kept beside changed ones."""
_ALIKE = 0.4
"""The likeness from which on two lines are the same line, reworded."""
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_ID = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{20}([0-9A-HJKMNP-TV-Z]{6})\b")
_BLOB = re.compile(r"(?<=\S)@[0-9a-f]{8,40}\b")
KEY_NAMES = {"paths": "anchors"}
"""Keys that people know by another name."""
Pieces = tuple[tuple[str, str], ...]
"""(what became of it, text) of the parts of a line."""


@dataclass(frozen=True)
class ShownLine:
    """A line of a body: what became of it, and its text in parts."""

    sign: str
    pieces: Pieces


@dataclass(frozen=True)
class KeyChange:
    """A key of the front matter with its value before and after, each in one line and empty for none."""

    key: str
    before: str
    after: str

    @property
    def text(self) -> str:
        """`evidence human → code`, ids and versions of files cut short."""
        before, after = (_ID.sub(r"\1", value) for value in (self.before, self.after))
        if self.key == "paths":
            before, after = _BLOB.sub("", before), _BLOB.sub("", after)
        name = KEY_NAMES.get(self.key, self.key)
        return f"{name} {before} → {after or 'none'}" if before else f"{name} {after}"


@dataclass(frozen=True)
class ConflictSides:
    """A part of a memory that store and session have both changed: `base` is None where it is not known any more."""

    part: str
    base: str | None
    ours: str
    theirs: str


@dataclass(frozen=True)
class ShownChange:
    """A candidate as it is shown; `is_raw`: it cannot be read as a memory, so its lines are those of its file."""

    lines: tuple[ShownLine, ...]
    keys: tuple[KeyChange, ...]
    sides: tuple[ConflictSides, ...] = ()
    is_raw: bool = False


def shown_change(candidate: Candidate) -> ShownChange:
    """What a candidate adds or changes, the body first; total, whatever its file holds."""
    try:
        old, new = parse_document(candidate.old_text), parse_document(candidate.new_text)
    except DocumentError:
        return _raw(candidate)
    if candidate.change == POLICY or candidate.after is None:
        return _raw(candidate)
    sides = tuple(_sides(candidate, new))
    in_conflict = any(side.part == BODY for side in sides)
    is_whole = candidate.change in (ADDED, RETIRED)
    lines = () if in_conflict else tuple(_body_lines(old.body, new.body, is_whole))
    return ShownChange(lines, tuple(_shown_keys(old, new, candidate.change == ADDED)), sides)


def _raw(candidate: Candidate) -> ShownChange:
    return ShownChange(tuple(_body_lines(candidate.old_text, candidate.new_text, not candidate.old_text)), (), (), True)


def _body_lines(old: str, new: str, is_new: bool) -> Iterator[ShownLine]:
    before, after = old.strip("\n").splitlines(), new.strip("\n").splitlines()
    if is_new:
        yield from (ShownLine(KEPT, ((KEPT, line),)) for line in after)
    elif before != after:
        yield from _changed_lines(before, after)


def _changed_lines(before: Sequence[str], after: Sequence[str]) -> Iterator[ShownLine]:
    """The lines that differ with a few around them."""
    groups = SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(_CONTEXT)
    for number, group in enumerate(groups):
        if number or group[0][1]:
            yield ShownLine(SKIPPED, ())
        for tag, start, end, new_start, new_end in group:
            if tag == "equal":
                yield from (ShownLine(KEPT, ((KEPT, line),)) for line in before[start:end])
            else:
                yield from _replaced_lines(before[start:end], after[new_start:new_end])
        last = group[-1]
    if last[2] < len(before):
        yield ShownLine(SKIPPED, ())


def _replaced_lines(before: Sequence[str], after: Sequence[str]) -> Iterator[ShownLine]:
    """Lines in the place of others: word by word where they are alike, else the old ones before the new ones."""
    if len(before) == len(after):
        pairs = [_word_pieces(old, new) for old, new in zip(before, after, strict=True)]
        if all(map(_is_alike, pairs)):
            yield from (ShownLine(REWORDED, pieces) for pieces in pairs)
            return
    yield from (ShownLine(REMOVAL, ((REMOVAL, line),)) for line in before)
    yield from (ShownLine(ADDITION, ((ADDITION, line),)) for line in after)


def _word_pieces(old: str, new: str) -> Pieces:
    words, others = _WORDS.findall(old), _WORDS.findall(new)
    pieces: list[tuple[str, str]] = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append((KEPT, "".join(words[start:end])))
            continue
        pieces += [(REMOVAL, "".join(words[start:end])), (ADDITION, "".join(others[new_start:new_end]))]
    return tuple((sign, text) for sign, text in pieces if text)


def _is_alike(pieces: Pieces) -> bool:
    kept = sum(len(text.strip()) for sign, text in pieces if sign == KEPT)
    changed = [sum(len(text.strip()) for sign, text in pieces if sign == wanted) for wanted in (REMOVAL, ADDITION)]
    return kept >= _ALIKE * (kept + max(changed))


def _shown_keys(old: Document, new: Document, is_new: bool) -> Iterator[KeyChange]:
    """The keys that change, but for a title that only follows the body."""
    follows = old.body != new.body and " ".join(new.body.split()).startswith(_one_line(new.get("title")))
    return (change for change in _key_changes(old, new, is_new) if change.key != "title" or not follows)


def _key_changes(old: Document, new: Document, is_new: bool) -> Iterator[KeyChange]:
    before, after = old.front(), new.front()
    for key in dict.fromkeys([*after, *before]):
        if before.get(key) != after.get(key) and key not in (_OF_COURSE if is_new else _UPKEEP):
            yield KeyChange(key, _one_line(before.get(key)), _one_line(after.get(key)))
    old_ref, new_ref = _reference(old), _reference(new)
    if not is_new and old_ref != new_ref:
        yield KeyChange("source", old_ref, new_ref)


def _reference(document: Document) -> str:
    """What a memory was taken from."""
    source = document.get("source")
    return _one_line(source.get("ref")) if isinstance(source, Mapping) else ""


def _one_line(value: Value) -> str:
    """A value of the front matter in one line; empty for none."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_one_line(part)}" for key, part in value.items())
    if isinstance(value, tuple):
        return ", ".join(map(_one_line, value))
    return " ".join(value.split()) if value is not None else ""


def _sides(candidate: Candidate, document: Document) -> Iterator[ConflictSides]:
    """The conflicts with the store now, else those that an earlier merge has recorded in the memory."""
    if candidate.conflicts:
        yield from (ConflictSides(part.part, part.base, part.ours, part.theirs) for part in candidate.conflicts)
        return
    sides: Mapping[str, Document] = sides_of(document)
    if not sides and other_values(document):
        sides = {OURS: document, THEIRS: with_other_values(document)}
    if not sides:
        return
    ours, theirs = sides[OURS], sides[THEIRS]
    if ours.body != theirs.body:
        yield ConflictSides(BODY, None, *_differing_paragraphs(ours.body, theirs.body))
    for change in _key_changes(ours, theirs, False):
        yield ConflictSides(change.key, None, change.before, change.after)


def _differing_paragraphs(ours: str, theirs: str) -> tuple[str, str]:
    """What each body says that the other one does not."""
    first, second = (body.strip("\n").split("\n\n") for body in (ours, theirs))
    alone = ([text for text in mine if text not in other] for mine, other in ((first, second), (second, first)))
    texts = tuple("\n\n".join(paragraphs) for paragraphs in alone)
    return texts[0], texts[1]
