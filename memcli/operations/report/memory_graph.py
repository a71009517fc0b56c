"""The map of a store: its best-connected memories, laid out in the plane, and the only home of networkx."""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from memcli.operations.report.memory_links import MemoryLink

if TYPE_CHECKING:
    import networkx

MOST_NODES, FEW_NODES = 240, 48
"""Memories on one map: more cannot be told apart on a screen. Pairs are only shown where there are few of them."""
WIDTH = 1000
_MARGIN, _SEED = 30, 7
"""Room around a group, and the seed of the layout: the same links, the same map."""


class GraphNode(NamedTuple):
    """A memory on the map; `degree`: how many others it is linked with, also those that are not on the map."""

    id: str
    x: int
    y: int
    degree: int


@dataclass(frozen=True)
class MemoryGraph:
    """The map: `links` between its nodes by their ids; `linked`: how many memories of the store have any link."""

    nodes: tuple[GraphNode, ...]
    links: tuple[MemoryLink, ...]
    linked: int
    height: int

    @property
    def left_out(self) -> int:
        """Linked memories that are not on the map."""
        return self.linked - len(self.nodes)

    def places(self) -> Mapping[str, GraphNode]:
        """The nodes by id."""
        return {node.id: node for node in self.nodes}


def memory_graph(links: Sequence[MemoryLink]) -> MemoryGraph:
    """The map of what the links connect: of large groups their best-connected part, of pairs only a few."""
    import networkx

    graph = networkx.Graph()
    graph.add_edges_from(sorted({tuple(sorted(link[:2])) for link in links}))
    groups = sorted(networkx.connected_components(graph), key=lambda group: (-len(group), min(group)))
    core = graph.subgraph(_chosen(graph, groups))
    places, height = _layout(core, [group & core.nodes for group in groups if group & core.nodes])
    nodes = tuple(GraphNode(name, x, y, graph.degree(name)) for name, (x, y) in sorted(places.items()))
    return MemoryGraph(nodes, _between(links, core.nodes), len(graph), height)


def _chosen(graph: networkx.Graph, groups: Sequence[set[str]]) -> list[str]:
    """The memories that are on the map, from the largest groups."""
    chosen: list[str] = []
    for group in groups:
        if len(chosen) < (MOST_NODES if len(group) > 2 else FEW_NODES):
            chosen += islice(_grown(graph, group), MOST_NODES - len(chosen))
    return chosen


def _grown(graph: networkx.Graph, group: set[str]) -> Iterator[str]:
    """A connected group from its best-connected memory on: always the best connected of those next to it."""
    start = min(group, key=lambda name: (-graph.degree(name), name))
    seen, border = {start}, [(-graph.degree(start), start)]
    while border:
        _, name = heapq.heappop(border)
        yield name
        for other in graph[name].keys() - seen:
            seen.add(other)
            heapq.heappush(border, (-graph.degree(other), other))


def _between(links: Sequence[MemoryLink], names: Collection[str]) -> tuple[MemoryLink, ...]:
    """One link for each pair of these memories, the first by the order of the links."""
    pairs: dict[frozenset[str], MemoryLink] = {}
    for link in links:
        if link.source in names and link.target in names:
            pairs.setdefault(frozenset(link[:2]), link)
    return tuple(pairs.values())


def _layout(graph: networkx.Graph, groups: Sequence[set[str]]) -> tuple[dict[str, tuple[int, int]], int]:
    """Where each memory is, and the height of it all: groups in rows, the largest first."""
    places: dict[str, tuple[int, int]] = {}
    left, top, row, space = 0, 0, 0, _space(len(graph))
    for group in groups:
        room = _room(len(group), space)
        if left and left + room.width > WIDTH:
            left, top, row = 0, top + row, 0
        places |= _placed(_in_order(graph.subgraph(group)), room, left, top)
        left, row = left + room.width, max(row, room.height)
    return places, top + row


def _in_order(graph: networkx.Graph) -> networkx.Graph:
    """The graph with nodes and edges in a fixed order: a view of a part has that of a set."""
    import networkx

    ordered = networkx.Graph()
    ordered.add_nodes_from(sorted(graph.nodes))
    ordered.add_edges_from(sorted(tuple(sorted(edge)) for edge in graph.edges))
    return ordered


class _Room(NamedTuple):
    width: int
    height: int


def _space(count: int) -> float:
    """The room of one memory along a side: more where there are few."""
    return max(46.0, min(150.0, 520 / math.sqrt(count or 1)))


def _room(count: int, space: float) -> _Room:
    """The room of a group: wide rather than high, and at most as wide as the map."""
    side = space * math.sqrt(count) * 1.25
    width = min(WIDTH - 2.0 * _MARGIN, side * 1.6)
    return _Room(int(width + 2 * _MARGIN), int(side * side / width + 2 * _MARGIN))


def _placed(group: networkx.Graph, room: _Room, left: int, top: int) -> dict[str, tuple[int, int]]:
    """The memories of a connected group within its room."""
    import networkx

    places = networkx.spring_layout(group, k=2 / math.sqrt(len(group)), seed=_SEED, iterations=150)
    columns, rows = (_stretched([float(place[axis]) for place in places.values()]) for axis in (0, 1))
    width, height = room.width - 2 * _MARGIN, room.height - 2 * _MARGIN
    return {
        str(memory_id): (int(left + _MARGIN + x * width), int(top + _MARGIN + y * height))
        for memory_id, x, y in zip(places, columns, rows, strict=True)
    }


def _stretched(values: Sequence[float]) -> Iterator[float]:
    """The values on a scale from 0 to 1."""
    low, span = min(values), (max(values) - min(values)) or 1.0
    yield from ((value - low) / span for value in values)
