"""Chroma's collection by itself: what is trusted of it, what is made anew, what it waits for and listens to."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import numpy as np
import pytest

from memcli.errors import Conflict, Failure
from memcli.index.vectors.chroma_collection import ChromaCollection, CollectionEntry
from memcli.index.vectors.embedding import unit
from memcli.index.vectors.vector_file import Vectors

COUNT = 1_200
"""More than Chroma keeps in its database before it writes a segment out."""
NAME = "mem-test"


def entries_of(rows: list[list[float]]) -> tuple[list[CollectionEntry], Vectors]:
    """An entry for each row, and the vectors that hold them."""
    keys = [number.to_bytes(16, "little") for number in range(1, len(rows) + 1)]
    vectors = Vectors(None)
    vectors.add(keys, rows)
    return [
        CollectionEntry(f"E{number:04}", key, f"text {number}", {"id": "x"}) for number, key in enumerate(keys)
    ], vectors


@pytest.fixture(scope="module")
def rows() -> list[list[float]]:
    return [unit(row) for row in np.random.default_rng(3).normal(size=(COUNT, 48)).tolist()]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, rows: list[list[float]]) -> Path:
    """A finished collection of the tree `t`; tests work on copies, because Chroma keeps what it has read."""
    place = tmp_path_factory.mktemp("made") / "chroma"
    ChromaCollection(place, NAME).sync("t", *entries_of(rows))
    return place


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "chroma"))


def generation(place: Path) -> Path:
    return place / (place / "current").read_text().strip()


def agrees(collection: ChromaCollection, rows: list[list[float]]) -> bool:
    """Does it name the ten nearest of the exact scan, for some of its own vectors and some others?"""
    questions = [*rows[:5], *map(unit, np.random.default_rng(4).normal(size=(5, len(rows[0]))).tolist())]
    entries, vectors = entries_of(rows)
    exact = [[entries[place].key for place in np.argsort(vectors.cosines(one))[-10:]] for one in questions]
    return all(set(collection.nearest(one, 10)) == set(keys) for one, keys in zip(questions, exact, strict=True))


def test_a_copy_that_is_whole_is_trusted_and_left_as_it_is(place: Path, rows: list[list[float]]) -> None:
    before = generation(place)
    for file in before.glob("*/*"):
        file.touch()
    collection = ChromaCollection(place, NAME)
    assert collection.tree() == "t" and collection.unreached() is None and agrees(collection, rows)
    collection.sync("u", *entries_of(rows[:1_100]))
    assert ChromaCollection(place, NAME).tree() == "u" and generation(place) == before


def test_reading_a_small_one_changes_nothing(tmp_path: Path, rows: list[list[float]]) -> None:
    ChromaCollection(tmp_path / "first", NAME).sync("t", *entries_of(rows[:50]))
    place = Path(shutil.copytree(tmp_path / "first", tmp_path / "copy"))
    reader = ChromaCollection(place, NAME)
    assert agrees(reader, rows[:50]) and reader.tree() == "t" and ChromaCollection(place, NAME).tree() == "t"


def harmed(place: Path, harm: str) -> None:
    (segment,) = (one for one in generation(place).iterdir() if one.is_dir())
    if harm == "no segment":
        shutil.rmtree(segment)
    elif harm == "half the vectors":
        data = (segment / "data_level0.bin").read_bytes()
        (segment / "data_level0.bin").write_bytes(data[: len(data) // 2])
    elif harm == "other bytes":
        data = (segment / "data_level0.bin").read_bytes()
        (segment / "data_level0.bin").write_bytes(data[::-1])
    else:
        (segment / harm).write_bytes(b"")


HARMS = ["no segment", "half the vectors", "other bytes", "link_lists.bin", "header.bin", "index_metadata.pickle"]


@pytest.mark.parametrize("harm", HARMS)
def test_damage_that_chroma_does_not_report_leads_to_a_rebuild(place: Path, rows: list[list[float]], harm: str) -> None:
    before = generation(place)
    harmed(place, harm)
    assert ChromaCollection(place, NAME).tree() is None
    collection = ChromaCollection(place, NAME)
    collection.sync("t", *entries_of(rows))
    assert generation(place) != before and collection.tree() == "t" and agrees(collection, rows)


def test_what_others_took_out_is_missed(place: Path, rows: list[list[float]]) -> None:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(str(generation(place)), settings=Settings(anonymized_telemetry=False))
    client.get_collection(NAME, embedding_function=None).delete(ids=["E0001", "E0002"])
    collection = ChromaCollection(place, NAME)
    assert collection.tree() is None
    collection.sync("t", *entries_of(rows))
    assert collection.tree() == "t" and agrees(collection, rows)


def test_another_writer_is_noticed_by_who_reads(place: Path, rows: list[list[float]]) -> None:
    reader = ChromaCollection(place, NAME)
    assert reader.at("t")(rows[0], 10)
    ChromaCollection(place, NAME).sync("u", *entries_of(rows[:1_100]))
    with pytest.raises(Conflict, match="another process"):
        reader.at("t")(rows[0], 10)


def test_a_store_of_equal_texts_is_finished_and_says_what_it_cannot_reach(tmp_path: Path) -> None:
    rows = [unit(row) for row in np.random.default_rng(5).normal(size=(1_000, 16)).tolist()]
    rows[:900] = [rows[0]] * 900
    entries, vectors = entries_of(rows)
    collection = ChromaCollection(tmp_path, NAME)
    collection.sync("t", entries, vectors)
    assert collection.tree() == "t"  # so it is not made anew by everybody who asks
    problems = collection.problems(entries, vectors)
    assert problems == ([] if collection.unreached() is None else [collection.unreached()])


def test_a_silent_server_is_not_waited_for_twice() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        collection = ChromaCollection(url, NAME)
        for _ in range(3):
            with pytest.raises(Failure, match=url):
                collection.tree()
        deaf.setblocking(False)
        deaf.accept()[0].close()
        with pytest.raises(BlockingIOError):  # one connection was made, no second one
            deaf.accept()


def test_a_dotenv_file_has_no_say(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import chromadb  # noqa: F401  its import reads the file too, and nothing but numbers matters there

    (tmp_path / ".env").write_text("CHROMA_PRODUCT_TELEMETRY_IMPL=nowhere.Nothing\nALLOW_RESET=maybe\n")
    monkeypatch.chdir(tmp_path)
    assert ChromaCollection(place, NAME).tree() == "t"
