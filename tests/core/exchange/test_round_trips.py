"""Memories leave a store and come back without loss, as texts.

`MEM_TEST_STORES=10000` runs that many generated stores; by default they are few.
"""

from __future__ import annotations

import json
import os

from hypothesis import given, settings

from memcli.core.exchange.exported_memory import ExportedMemory
from memcli.core.exchange.json_line import document_of_line, json_files
from memcli.core.exchange.okf_bundle import okf_files
from memcli.core.exchange.okf_concept import memory_document
from memcli.core.memory.document import parse_document
from tests.core.exchange.stores import content, stores

EXAMPLES = int(os.environ.get("MEM_TEST_STORES", "300"))


@settings(max_examples=EXAMPLES)
@given(stores())
def test_okf_and_json_lines_lose_nothing(store: list[ExportedMemory]) -> None:
    by_id = {exported.memory.id: content(exported.document) for exported in store}
    bundle = okf_files(store)
    concepts = [parse_document(text) for path, text in bundle.items() if path != "index.md"]
    assert all(concept.get("type") and concept.get("status") for concept in concepts)
    documents = [document for document in map(memory_document, concepts) if document]
    assert {document.get("id"): content(document) for document in documents} == by_id
    lines = "".join(json_files(store).values()).split("\n")[:-1]
    documents = [document_of_line(json.loads(line)) for line in lines]
    assert {document.get("id"): content(document) for document in documents} == by_id
