"""Links between memories: what they say of each other, one key, one place in the code."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

from memcli.core.memory.anchors import Anchor
from memcli.operations.report.memory_graph import FEW_NODES, MOST_NODES, memory_graph
from memcli.operations.report.memory_links import MemoryLink, memory_links
from tests.benchmarks import corpus
from tests.house import ROOT

ONE, TWO, THREE = (replace(corpus.memory(number), paths=(), key=None) for number in (1, 2, 3))


def test_bodies_and_front_matter_name_other_memories() -> None:
    body = f"See [[{TWO.id}|it]], [[{THREE.id[:10]}…]], [mem:{THREE.id[-6:]}], [[{ONE.id}]] and [[ZZZZZZ]]."
    one = replace(ONE, body=body, based_on=(TWO.id,), supersedes=("01K9Z3V5C4M8Q2T7R6W1XABCDE",))
    assert memory_links([one, TWO, THREE]) == [
        (ONE.id, TWO.id, "links to"),
        (ONE.id, THREE.id, "links to"),
        (ONE.id, TWO.id, "is based on"),
    ]


def test_one_key_and_one_place_join_those_that_follow_each_other() -> None:
    keyed = [replace(each, key="a.b") for each in (THREE, ONE, TWO)]
    assert memory_links(keyed) == [(ONE.id, TWO.id, "key"), (TWO.id, THREE.id, "key")]
    anchored = [replace(each, paths=(Anchor("./src/a.py"), Anchor("src/a.py"))) for each in (THREE, ONE, TWO)]
    assert memory_links(anchored) == [(ONE.id, TWO.id, "code"), (TWO.id, THREE.id, "code")]


def _star(middle: int, size: int) -> list[MemoryLink]:
    return [MemoryLink(f"{middle:02}", f"{middle:02}-{number:03}", "links to") for number in range(size)]


def test_a_large_group_shows_its_connected_core() -> None:
    links = [*_star(0, 500), *(MemoryLink("00-000", f"far-{number}", "links to") for number in range(5))]
    graph = memory_graph(links)
    ids = {node.id for node in graph.nodes}
    assert len(ids) == MOST_NODES and {"00", "00-000"} <= ids and graph.left_out == 506 - MOST_NODES
    assert {link.source for link in graph.links} <= ids and len(graph.links) == MOST_NODES - 1


def test_pairs_are_only_shown_while_there_are_few() -> None:
    graph = memory_graph([link for number in range(99) for link in _star(number, 1)])
    assert len(graph.nodes) == FEW_NODES and graph.linked == 198


def test_the_same_links_give_the_same_map_in_any_order() -> None:
    links = [link for number in range(5) for link in _star(number, 7 - number)]
    graph = memory_graph(links)
    other = memory_graph(links[::-1])
    assert (graph.nodes, graph.height) == (other.nodes, other.height)
    assert len({(node.x, node.y) for node in graph.nodes}) == len(graph.nodes)


def test_another_process_draws_the_same_map() -> None:
    """Whatever order it has strings in sets."""
    program = (
        "from memcli.operations.report.memory_graph import memory_graph\n"
        "from tests.operations.report.test_memory_links import _star\n"
        "print(memory_graph([*_star(1, 300), *_star(2, 9), *_star(3, 1)]).nodes)"
    )
    maps = {
        subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, cwd=ROOT.parent,
                       check=True, capture_output=True, text=True).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(maps) == 1


def test_without_links_there_is_no_map() -> None:
    graph = memory_graph([])
    assert (graph.nodes, graph.links, graph.left_out, graph.height) == ((), (), 0, 0)
