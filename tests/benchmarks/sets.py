"""The public retrieval sets as stores: documents as memory files, questions with the ids that answer them.

A conversation's turns are episodic memories of one topic, created a second apart; everything else is semantic. A
document whose title is empty had it taken away, for it was the question: it gets a neutral one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from memcli.core.memory.instants import format_instant
from memcli.core.memory.summary import Filters
from memcli.index.database.index import Index
from memcli.index.database.view import View
from memcli.index.storage.manifest import FileChange
from memcli.index.vectors.embedding import ChromaEmbedder, Embedder, choose_embedder
from tests.index.memories import MAIN, change, manifest, memory_id, path_of
from tests.needs import SHARED

SETS = ("memstore_en", "memstore_xx", "til", "faq", "pep_cite", "rust_rfc", "supersede", "locomo", "beam")
EMBEDDERS = ("none", "static", "minilm")
NOT_ANSWERABLE = 5
"""LoCoMo's category of questions about what was never said."""
LARGEST = 60_000


@dataclass(frozen=True)
class Question:
    """A question: the ids that answer it, those that do not count as answers, and where it is searched."""

    query: str
    relevant: frozenset[str]
    without: frozenset[str]
    filters: Filters
    answerable: bool


@dataclass(frozen=True)
class Corpus:
    name: str
    files: tuple[FileChange, ...]
    questions: tuple[Question, ...]

    @property
    def answerable(self) -> tuple[Question, ...]:
        return tuple(one for one in self.questions if one.answerable)


@cache
def corpus(name: str) -> Corpus:
    """One of `SETS`."""
    documents = _lines(name, "docs")
    known = {one["id"] for one in documents}
    files = tuple(_file(name, number, one) for number, one in enumerate(documents))
    questions = [_question(one) for one in _lines(name, "queries") if known.intersection(one["relevant"])]
    return Corpus(name, files, tuple(questions))


@contextmanager
def store(name: str, embedder: Embedder | None, place: Path | None = None) -> Iterator[Index]:
    """A set in an index, with its vectors; in `place` it is kept for the next time."""
    with Index.open(place / name if place else None) as index:
        known = index.manifest(MAIN)
        if known is None:
            index.update(manifest(), corpus(name).files)
        if embedder is not None:
            index.embed(embedder)
        yield index


@contextmanager
def opened(index: Index, embedder: Embedder | None) -> Iterator[View]:
    with index.view(MAIN, embedder=embedder) as view:
        assert embedder is None or view.dense, view.degraded
        yield view


def embedder(name: str) -> Embedder | None:
    """One of `EMBEDDERS`; MiniLM from the shared models."""
    if name != "minilm":
        return choose_embedder(name)
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2

    ONNXMiniLM_L6_V2.DOWNLOAD_PATH = minilm()
    return ChromaEmbedder("onnx_mini_lm_l6_v2")


def minilm() -> Path:
    """The folder of Chroma's own model; it need not be there."""
    return SHARED / "models" / "all-MiniLM-L6-v2"


def _lines(name: str, part: str) -> list[dict[str, Any]]:
    text = (SHARED / "data" / name / f"{part}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _file(name: str, number: int, one: dict[str, Any]) -> FileChange:
    title = (one["title"].splitlines() or [""])[0].strip()[:120] or f"note {number}"
    body = one["text"].encode()[:LARGEST].decode(errors="ignore")
    front = {"title": title}
    if name == "beam":
        front["topic"] = one["src"]
    if name == "locomo":
        said = datetime.strptime(one["when"], "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC)
        front |= {"kind": "episodic", "type": "event", "topic": one["group"]}
        front["created"] = format_instant(said + timedelta(seconds=number))
    return change(one["id"], body, path=path_of(str(number)), **front)


def _question(one: dict[str, Any]) -> Question:
    scope = one.get("scope")
    return Question(
        one["query"],
        frozenset(map(memory_id, one["relevant"])),
        frozenset(map(memory_id, one.get("exclude", ()))),
        Filters(topics=(scope,)) if scope else Filters(),
        one.get("category") != NOT_ANSWERABLE,
    )
