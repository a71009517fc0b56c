"""Which memories of the map are named on it: the best connected ones, where their names have room."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from memcli.operations.report.memory_graph import WIDTH, GraphNode

MOST_LABELS = 18
_LONGEST, _LETTER, _HEIGHT = 30, 6.4, 16
"""Letters of a name, and the room of a letter and of a line."""
_Box = tuple[float, float, float, float]


def radius(node: GraphNode) -> float:
    """The size of a memory on the map: the more links, the larger."""
    return round(min(3.5 + 2 * math.sqrt(node.degree), 13), 1)


def map_labels(nodes: Sequence[GraphNode], titles: Mapping[str, str]) -> Iterator[tuple[GraphNode, str]]:
    """The nodes that are named and their names, cut to fit."""
    taken: list[_Box] = []
    for node in sorted(nodes, key=lambda node: (-node.degree, node.id)):
        text = _cut(titles[node.id])
        box = _box(node, text)
        if box[0] >= 0 and box[2] <= WIDTH and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            yield node, text
        if len(taken) == MOST_LABELS:
            return


def _cut(title: str) -> str:
    return title if len(title) <= _LONGEST else title[: _LONGEST - 1].rstrip() + "…"


def _box(node: GraphNode, text: str) -> _Box:
    half, bottom = len(text) * _LETTER / 2, node.y - radius(node) - 3
    return node.x - half, bottom - _HEIGHT, node.x + half, bottom


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
