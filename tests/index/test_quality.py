"""Recall on real stores with known answers; `python -m tests.index.test_quality` prints the figures of more corpora."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from memcli.index.database.index import Index
from memcli.index.search.ranking import SearchRequest, search
from memcli.index.storage.manifest import FileChange
from tests.index.memories import MAIN, change, manifest, memory_id, path_of
from tests.needs import SHARED, needs_corpora

DATA = SHARED / "data"
pytestmark = needs_corpora
Query = tuple[str, set[str]]


def lines(corpus: str, name: str) -> list[dict[str, Any]]:
    with (DATA / corpus / f"{name}.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def corpus(name: str) -> tuple[list[FileChange], list[Query]]:
    """A corpus as memory files and queries with the ids that answer them."""
    documents = lines(name, "docs")
    files = [
        memory(one["id"], (one["title"].splitlines() or [f"note {number}"])[0], one["text"], number)
        for number, one in enumerate(documents)
    ]
    known = {one["id"] for one in documents}
    asked = [
        (one["query"], {memory_id(name) for name in one["relevant"] if name in known}) for one in lines(name, "queries")
    ]
    return files, [(query, relevant) for query, relevant in asked if relevant]


def memory(name: str, title: str, text: str, number: int) -> FileChange:
    body = text.encode()[:60000].decode(errors="ignore")
    return change(name, body, path=path_of(str(number)), title=title.strip()[:120] or f"note {number}")


def opensa() -> tuple[list[FileChange], list[Query]]:
    """A project's memory directory: its MEMORY.md lines are the queries, its files the memories."""
    folder = DATA / "stores/opensa/.claude/memory"
    files = sorted(path for path in folder.glob("*.md") if path.name != "MEMORY.md")
    index = (folder / "MEMORY.md").read_text(encoding="utf-8")
    found = re.findall(r"^- \[.*?\]\(([^)]+)\)\s*[—-]\s*(.+)$", index, re.M)
    changes = [memory(path.name, path.stem, path.read_text(encoding="utf-8"), n) for n, path in enumerate(files)]
    return changes, [(told, {memory_id(name)}) for name, told in found if (folder / name).is_file()]


def measure(files: list[FileChange], queries: list[Query]) -> tuple[float, float, float]:
    """Recall at five (any answer among the first five), mean reciprocal rank at ten, share of abstentions."""
    places: list[int] = []
    abstained = 0
    with Index.open(None) as index:
        index.update(manifest(), files)
        with index.view(MAIN) as view:
            for query, relevant in queries:
                answer = search(view, SearchRequest(query))
                abstained += answer.abstained
                ranks = [rank for rank, hit in enumerate(answer.hits, 1) if hit.record.id in relevant]
                places.append(min(ranks, default=0))
    recall = sum(0 < place <= 5 for place in places) / len(places)
    return recall, sum(1 / place for place in places if place) / len(places), abstained / len(places)


@pytest.mark.parametrize(("name", "recall"), [("memstore_en", 0.95), ("memstore_xx", 0.95), ("faq", 0.83)])
def test_recall_on_corpora(name: str, recall: float) -> None:
    found, _, abstained = measure(*corpus(name))
    assert found >= recall and abstained <= 0.02


def test_recall_on_a_real_store() -> None:
    files, queries = opensa()
    assert len(queries) > 20
    found, _, abstained = measure(files, queries)
    assert found >= 0.95 and abstained <= 0.02


def test_a_store_about_something_else_often_says_so() -> None:
    files, _ = corpus("memstore_en")
    _, queries = corpus("pep_cite")
    assert measure(files, queries)[2] >= 0.2


if __name__ == "__main__":
    for name in ("memstore_en", "memstore_xx", "til", "faq", "pep_cite", "rust_rfc"):
        print("{:12} R@5 {:.3f}  MRR@10 {:.3f}  abstained {:.3f}".format(name, *measure(*corpus(name))))
    print("{:12} R@5 {:.3f}  MRR@10 {:.3f}  abstained {:.3f}".format("opensa", *measure(*opensa())))
