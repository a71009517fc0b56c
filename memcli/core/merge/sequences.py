"""Three-way merges of sequences: the blocks of a body, the comment lines above a key.

The result holds what either side added and all that neither removed. Edits that do not overlap are both applied; of
edits that overlap both texts stand, the smaller first, and the overlap is reported. Separators are kept apart
from blocks: a block with a new one behind it is not a changed block.
"""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

T = TypeVar("T")


def three_way(base: T, first: T, second: T, both: Callable[[], T]) -> T:
    """The side that changed; `both()` where both changed, differently."""
    if first == second or second == base:
        return first
    return second if first == base else both()


class _Edit(NamedTuple):
    """Base items [start, end) replaced by `texts`, in version `side`; insertions have start == end."""

    start: int
    end: int
    side: int
    texts: list[str]


class Overlap(NamedTuple):
    """Items that both sides changed, differently: as they were, and as each side has them."""

    base: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]


def merge_sequences(
    base: Sequence[str], first: Sequence[str], second: Sequence[str]
) -> tuple[list[str], list[Overlap]]:
    """Three sequences as one, and the edits that clashed."""
    merged, overlaps = _applied(base, first, second)
    if set(base) & set(first) & set(second) <= set(merged):
        return merged, overlaps
    whole = Overlap(tuple(base), tuple(first), tuple(second))  # of equal items each side kept another one
    return _union(list(first), list(second))[0], [whole]


def _applied(base: Sequence[str], first: Sequence[str], second: Sequence[str]) -> tuple[list[str], list[Overlap]]:
    result: list[str] = []
    overlaps: list[Overlap] = []
    done = 0
    for zone in _zones([*_edits(base, first, 0), *_edits(base, second, 1)]):
        result += base[done : zone[0].start]
        texts, clashed = _resolved(zone)
        result += texts
        done = max(edit.end for edit in zone)
        if clashed:
            start = zone[0].start
            overlaps.append(Overlap(tuple(base[start:done]), *(_version(base, zone, side, done) for side in (0, 1))))
    return [*result, *base[done:]], overlaps


def _version(base: Sequence[str], zone: Sequence[_Edit], side: int, end: int) -> tuple[str, ...]:
    """The items of a zone, up to `end` of the base, as one side has them."""
    items: list[str] = []
    done = zone[0].start
    for edit in zone:
        if edit.side == side:
            items += [*base[done : edit.start], *edit.texts]
            done = edit.end
    return (*items, *base[done:end])


def _edits(base: Sequence[str], version: Sequence[str], side: int) -> Iterator[_Edit]:
    for tag, start, end, low, high in difflib.SequenceMatcher(None, base, version).get_opcodes():
        if tag != "equal":
            yield _Edit(start, end, side, list(version[low:high]))


def _zones(edits: list[_Edit]) -> Iterator[list[_Edit]]:
    """Edits in base order, in groups that overlap (two insertions at one place do)."""
    zone: list[_Edit] = []
    for edit in sorted(edits):
        end = max((other.end for other in zone), default=-1)
        same_place = bool(zone) and edit[:2] == zone[0][:2]
        if zone and edit.start >= end and not same_place:
            yield zone
            zone = []
        zone.append(edit)
    if zone:
        yield zone


def _resolved(zone: list[_Edit]) -> tuple[list[str], bool]:
    if len({edit.side for edit in zone}) == 1:
        return [text for edit in zone for text in edit.texts], False
    first, second = ([text for edit in zone if edit.side == side for text in edit.texts] for side in (0, 1))
    return _union(first, second)


def _union(first: list[str], second: list[str]) -> tuple[list[str], bool]:
    """All of both, shared texts once; clashing where each has its own at one place, or one side removed all."""
    result: list[str] = []
    clashed = bool(first) != bool(second)
    for tag, start, end, low, high in difflib.SequenceMatcher(None, first, second).get_opcodes():
        smaller, larger = sorted((first[start:end], second[low:high]))
        result += smaller if tag == "equal" else smaller + larger
        clashed |= tag == "replace"
    return result, clashed


@dataclass(frozen=True)
class _Body:
    """Blocks without the blank lines around them, and the blank lines: before, after, and between two blocks."""

    texts: tuple[str, ...]
    lead: str
    end: str
    joints: dict[tuple[str, str], str]


def merge_bodies(base: str, first: str, second: str) -> tuple[str, list[Overlap]]:
    """Three bodies as one, and the blocks whose edits clashed; a side verbatim where only it changed."""
    if first == second or base in (first, second):
        return (first if base == second else second), []
    bodies = _cut(base), _cut(first), _cut(second)
    texts, overlaps = merge_sequences(*(body.texts for body in bodies))
    edges = [body if body.texts else bodies[0] for body in bodies]  # an empty body says nothing of its edges
    lead, end = _agreed([body.lead for body in edges]), _agreed([body.end for body in edges])
    pieces = [lead]
    for text, following in itertools.pairwise(texts):
        pieces += [text, _joint(bodies, (text, following))]
    return "".join([*pieces, *texts[-1:], end]), overlaps


def changed_blocks(old: str, new: str) -> int:
    """How many blocks of a body another version of it has changed, removed or added."""
    opcodes = difflib.SequenceMatcher(None, _cut(old).texts, _cut(new).texts, autojunk=False).get_opcodes()
    return sum(max(end - start, high - low) for tag, start, end, low, high in opcodes if tag != "equal")


def _cut(body: str) -> _Body:
    from memcli.core.text.markdown import blocks

    texts: list[str] = []
    gaps = [""]
    for piece in blocks(body):
        opened = piece.lstrip("\n")
        text = opened.rstrip(" \t\n")
        gaps[-1] += piece[: len(piece) - len(opened)]
        if text:
            texts.append(text)
            gaps.append("")
        gaps[-1] += opened[len(text) :]
    joints = dict(zip(itertools.pairwise(texts), gaps[1:-1], strict=True)) if texts else {}
    return _Body(tuple(texts), gaps[0], gaps[-1] if texts else "", joints)


def _joint(bodies: tuple[_Body, _Body, _Body], pair: tuple[str, str]) -> str:
    """The separator of two blocks: as it was where they stood together, else what their form needs."""
    base, first, second = (body.joints.get(pair) for body in bodies)
    if first is not None and second is not None:
        return _agreed([base, first, second]) or ""
    return first or second or base or ("\n" if all(map(_is_list_item, pair)) else "\n\n")


def _is_list_item(text: str) -> bool:
    mark, _, content = text.lstrip().partition(" ")
    return bool(content) and (mark in ("-", "*", "+") or (mark[:-1].isdecimal() and mark[-1] in ".)"))


def _agreed(gaps: Sequence[str | None]) -> str:
    """The separator that both sides agree on, else the longer one."""
    base, first, second = gaps
    return three_way(base, first, second, lambda: max(first or "", second or "", key=lambda gap: (len(gap), gap))) or ""
