"""Which memories of the map are named on it: the best connected ones, where their names have room."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from memcli.operations.report.memory_graph import WIDTH, GraphNode

MOST_LABELS = 24
_LONGEST, _LETTER, _HEIGHT, _GAP = 34, 6.3, 15, 3
"""Letters of a name; the room of a letter, of a line, and between a memory and its name."""


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: _Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


class MapLabel(NamedTuple):
    """A name on the map: where the middle of its base line is."""

    text: str
    x: float
    y: float


def radius(node: GraphNode) -> float:
    """The size of a memory on the map: the more links, the larger."""
    return round(min(3.5 + 1.3 * math.sqrt(node.degree), 11), 1)


def map_labels(nodes: Sequence[GraphNode], titles: Mapping[str, str]) -> Iterator[MapLabel]:
    """The names that stand above or below their memory, cut to fit, and over nothing else."""
    taken, count = [_dot(node) for node in nodes], 0
    for node in sorted(nodes, key=lambda node: (-node.degree, node.id)):
        text = _cut(titles[node.id])
        box = next((box for box in _boxes(node, text) if _is_free(box, taken)), None)
        if box and count < MOST_LABELS:
            taken.append(box)
            count += 1
            yield MapLabel(text, round((box.left + box.right) / 2, 1), round(box.bottom - _GAP, 1))


def _cut(title: str) -> str:
    return title if len(title) <= _LONGEST else title[: _LONGEST - 1].rstrip() + "…"


def _dot(node: GraphNode) -> _Box:
    size = radius(node)
    return _Box(node.x - size, node.y - size, node.x + size, node.y + size)


def _boxes(node: GraphNode, text: str) -> Iterator[_Box]:
    """The places of a name: above, then below its memory, moved to stay on the map."""
    width = len(text) * _LETTER
    left = min(max(8.0, node.x - width / 2), WIDTH - 8 - width)
    above = node.y - radius(node) - _GAP
    for bottom in (above, above + 2 * (radius(node) + _GAP) + _HEIGHT):
        yield _Box(left, bottom - _HEIGHT, left + width, bottom)


def _is_free(box: _Box, taken: Sequence[_Box]) -> bool:
    return box.top >= 0 and not any(box.overlaps(other) for other in taken)
