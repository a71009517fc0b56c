"""Bundles of OKF and files of other stores of ours: every file is in an extract, or skipped with a reason."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.exchange.okf_bundle import okf_files
from memcli.core.sources.source_reader import Reading
from memcli.core.sources.source_reading import read_unit
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.stores import mem_jsonl, mem_markdown, okf
from tests.core.exchange.stores import content, stores

INDEX = '---\nokf_version: "0.2"\n---\n# All\n'
FORMS = [
    "",
    "---\n---\n",
    "---\ntype: Rule\n---\nDo it.\n",
    "no front matter",
    "---\ntype: [",
    "---\ntype: X\n---\n",
    "\0",
    INDEX,
]


def readings(files: dict[str, str]) -> list[Reading]:
    """What the three readers make of named files."""
    tree = SourceTree(dict.fromkeys(files, ""), lambda path: files[path].encode(), named=tuple(files))
    taken: set[str] = set()
    found = list[Reading]()
    for reader in (mem_markdown.READER, mem_jsonl.READER, okf.READER):
        for unit in reader.units(tree, taken):
            taken.update(unit.paths)
            found.append(read_unit(tree, reader, unit).reading)
    return found


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(["a.md", "b/c.md", "b/index.md", "log.md"]), st.sampled_from(FORMS), min_size=1))
def test_every_file_of_a_bundle_is_accounted_for(files: dict[str, str]) -> None:
    made = readings({**files, "index.md": INDEX})
    told = {extract.path for reading in made for extract in reading.extracts}
    told |= {skipped.path for reading in made for skipped in reading.skipped}
    assert told >= {*files, "index.md"}
    assert all(skipped.reason for reading in made for skipped in reading.skipped)


@settings(max_examples=30)
@given(stores())
def test_exported_bundles_are_read_with_their_own_ids(store: list) -> None:  # type: ignore[type-arg]
    extracts = [extract for reading in readings(okf_files(store)) for extract in reading.extracts]
    assert {extract.memory.id: content(extract.document) for extract in extracts if extract.document} == {
        each.memory.id: content(each.document) for each in store
    }


@pytest.mark.parametrize(
    "line", ["{", "[]", "1", '{"id": 5}', "[" * 100_000, '{"a":' * 50_000, "\x00", '{"id": "\ud800"}']
)
def test_a_line_that_is_no_memory_is_skipped_with_its_number(line: str) -> None:
    front = {"id": "01M8QQ59PET3T9VF27ACMD1GJ9", "title": "T", "kind": "semantic", "type": "fact", "topic": "general"}
    first = json.dumps({**front, "created": "2026-11-20T09:30:00Z", "body": "b\n"})
    text = line.encode("utf-8", "replace").decode().replace("\0", "?")
    (reading,) = readings({"m.jsonl": f"{first}\n\n{text}\n{first}\n"})
    assert [extract.line for extract in reading.extracts] == [1]
    assert [skipped.line for skipped in reading.skipped] == [3, 4]
    assert "the same id as m.jsonl#L1" in reading.skipped[1].reason
