"""The store as a Chroma collection: the same answers as the exact scan, readable by others, never trusted."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from memcli.index.vectors.chroma_collection import ChromaCollection
from memcli.operations.memories.add import add_memories
from memcli.operations.recall.index import index_status, sync_index, verify_index
from memcli.operations.recall.recall import Recalled, RecallRequest, recall
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.init import init
from memcli.operations.views.chroma_sync import ChromaSync
from memcli.operations.views.reader import Reader
from memcli.workspace import Workspace
from tests.benchmarks import corpus
from tests.conftest import Repo
from tests.waiting import eventually

WORDS = ("ledger", "webhook", "retry", "invoice", "cache", "nightly", "deploy", "review", "token", "schema", "lock")
OPEN = Callable[..., Workspace]


def bodies(count: int) -> list[dict[str, str]]:
    """Different notes of a few words each."""
    found = []
    for number in range(count):
        words = [WORDS[number * step % len(WORDS)] for step in (1, 3, 5, 7)]
        found.append({"body": f"Note {number}: the {' '.join(words)} of case {number * 7919 % 1009}.\n"})
    return found


def synced(here: Workspace) -> ChromaCollection:
    return ChromaSync(Reader(here)).synced()


def problems(here: Workspace) -> list[str]:
    return ChromaSync(Reader(here)).problems()


def promoted(workspace: OPEN, notes: list[dict[str, str]]) -> None:
    add_memories(workspace(), notes)
    name = workspace().selection.name
    assert name
    promote(workspace(), PromoteRequest(name, consent=True))


@pytest.fixture
def store(workspace: OPEN) -> OPEN:
    """A store of forty notes."""
    init(workspace())
    promoted(workspace, bodies(40))
    return workspace


def found(answer: Recalled) -> list[tuple[str, float]]:
    return [(hit.record.id, hit.score) for hit in answer.hits]


def asked(workspace: OPEN, via: str, query: str = "nightly ledger review") -> Recalled:
    return recall(workspace(), RecallRequest(query, limit=10, via=via))


def chroma_of(repo: Repo) -> Path:
    return repo.path / ".git" / "mem" / "index" / "chroma"


def test_the_collection_gives_the_answers_of_the_exact_scan(store: OPEN) -> None:
    for query in ("nightly ledger review", "case of the token", "schema lock", "who reviews a deploy"):
        exact, other = asked(store, "exact", query), asked(store, "chroma", query)
        assert other.degraded is None and found(other) == found(exact) and len(found(exact)) > 3


def test_it_follows_promotions_and_shows_what_the_session_lays_over(store: OPEN) -> None:
    synced(store())
    promoted(store, [{"body": "Zebras graze by the gateway.\n"}])
    assert asked(store, "chroma", "zebras graze").hits[0].record.title.startswith("Zebras")
    add_memories(store(), [{"body": "A walrus guards the mailer.\n"}])
    answer = asked(store, "chroma", "a walrus")
    assert answer.degraded is None and answer.hits[0].record.title.startswith("A walrus")
    assert found(answer) == found(asked(store, "exact", "a walrus"))


def harmed(place: Path, harm: str) -> None:
    generation = place / (place / "current").read_text().strip()
    if harm == "gone":
        shutil.rmtree(place)
    elif harm == "generation gone":
        shutil.rmtree(generation)
    elif harm == "no database":
        (generation / "chroma.sqlite3").write_bytes(b"nonsense" * 1000)
    elif harm == "short":
        database = generation / "chroma.sqlite3"
        database.write_bytes(database.read_bytes()[: database.stat().st_size // 2])
    else:
        for file in generation.glob("*/*.bin"):
            file.write_bytes(b"\0" * 7)


@pytest.mark.parametrize("harm", ["gone", "generation gone", "no database", "short", "no graph"])
def test_a_damaged_collection_changes_no_answer(store: OPEN, repo: Repo, harm: str) -> None:
    expected = found(asked(store, "exact"))
    synced(store())
    harmed(chroma_of(repo), harm)
    script = "import sys; from memcli.cli.main import main; main()"  # Chroma keeps what it read open: a fresh process
    command = [sys.executable, "-c", script, "recall", "nightly ledger review", "--via", "chroma", "--json"]
    done = subprocess.run(command, cwd=repo.path, capture_output=True, text=True, check=True)
    data = json.loads(done.stdout)["data"]
    assert [(hit["id"], hit["score"]) for hit in data["hits"]] == [(id, round(score, 4)) for id, score in expected]


def test_a_foreign_or_stale_collection_is_made_right(store: OPEN) -> None:
    import chromadb
    from chromadb.config import Settings

    collection = synced(store())
    place = next(Path(str(collection.place)).glob("g-*"))
    quiet = Settings(anonymized_telemetry=False)
    raw = chromadb.PersistentClient(path=str(place), settings=quiet).get_collection(collection.name)
    ids = raw.get()["ids"]
    raw.update(ids=ids[:1], embeddings=np.ones((1, 256), np.float32), documents=["strange"])
    assert problems(store()) == ["1 of 40 entries of the Chroma collection are wrong"] and not verify_index(store()).ok
    sync_index(store(), rebuild=True)
    assert problems(store()) == [] and verify_index(store()).ok
    raw.delete(ids=ids[:5])  # of the generation left behind
    assert problems(store()) == []
    assert index_status(store()).chroma is not None


def test_another_tool_reads_it_with_plain_chroma(store: OPEN) -> None:
    collection = synced(store())
    place = next(Path(str(collection.place)).glob("g-*"))
    script = (
        "import chromadb, json, sys\n"
        "client = chromadb.PersistentClient(path=sys.argv[1])\n"
        "(found,) = client.list_collections()\n"
        "one = client.get_collection(found.name).get(limit=1, include=['documents', 'metadatas', 'embeddings'])\n"
        "near = client.get_collection(found.name).query(query_embeddings=one['embeddings'], n_results=1)\n"
        "print(json.dumps([found.name, one['ids'], one['documents'], one['metadatas'], near['ids']]))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(place)], capture_output=True, text=True, check=True)
    name, ids, documents, metadatas, near = json.loads(done.stdout)
    assert name == "mem-store-static-minilm-256" and near == [ids]
    assert documents[0].startswith("Note ") and metadatas[0]["id"] == ids[0]
    assert {"title", "kind", "type", "topic", "status", "path", "modified"} <= metadatas[0].keys()


def _sync_in_process(place: Path) -> None:
    from memcli import config

    sync_index(Workspace(config.load(config.Flags(directory=str(place)))), chroma=True)


def test_two_thousand_vectors_are_reached_although_four_write_at_once(store: OPEN, repo: Repo) -> None:
    corpus.commit(store(), range(1_960))
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_sync_in_process, args=(repo.path,)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0] * 4
    collection = synced(store())
    with collection._chroma.failures():
        raw = collection._open()
        (first,) = raw.get(limit=1, include=["embeddings"])["embeddings"]
        reached = raw.query(query_embeddings=[first], n_results=raw.count(), include=[])["ids"][0]
    assert len(set(reached)) == raw.count() >= 2_000
    assert found(asked(store, "chroma")) == found(asked(store, "exact"))


def test_a_writer_that_is_killed_leaves_nothing_wrong(store: OPEN, repo: Repo) -> None:
    corpus.commit(store(), range(600))
    expected = found(asked(store, "exact"))
    command = [sys.executable, "-m", "memcli", "index", "sync", "--chroma"]
    for delay in (0.05, 0.3):
        writer = subprocess.Popen(command, cwd=repo.path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert eventually(lambda: any(chroma_of(repo).glob("g-*/*/data_level0.bin")))
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert found(asked(store, "chroma")) == expected
    assert problems(store()) == []


def test_below_a_directory_that_cannot_be_written_the_exact_scan_answers(store: OPEN, repo: Repo) -> None:
    expected = found(asked(store, "exact"))
    place = chroma_of(repo)
    shutil.rmtree(place, ignore_errors=True)
    place.write_text("in the way")
    answer = asked(store, "chroma")
    assert found(answer) == expected and "used the exact scan" in (answer.degraded or "")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A real Chroma server on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(sys.executable).with_name("chroma")
    command = [str(program), "run", "--path", str(tmp_path / "server"), "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ})
    assert eventually(lambda: _listens(port))
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


def test_a_server_holds_it_for_a_team(store: OPEN, repo: Repo, server: str) -> None:
    expected = found(asked(store, "exact"))
    repo.git("config", "mem.chromaUrl", server)
    repo.git("config", "mem.dense", "chroma")
    answer: Any = recall(store(), RecallRequest("nightly ledger review", limit=10))
    assert answer.degraded is None and found(answer) == expected
    assert not chroma_of(repo).exists()
    promoted(store, [{"body": "Zebras graze by the gateway.\n"}])
    assert asked(store, "chroma", "zebras graze").hits[0].record.title.startswith("Zebras")
    assert problems(store()) == []


def test_without_the_server_the_exact_scan_answers_and_names_it(store: OPEN, repo: Repo) -> None:
    expected = found(asked(store, "exact"))
    repo.git("config", "mem.chromaUrl", "http://127.0.0.1:9")
    answer = asked(store, "chroma")
    assert found(answer) == expected and "http://127.0.0.1:9" in (answer.degraded or "")
