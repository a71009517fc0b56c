"""The vectors file: what was added is there, whatever is done to the files a wrong row never is."""

from __future__ import annotations

import json
import multiprocessing
import os
from pathlib import Path

import numpy as np
import pytest

from memcli.index.vectors.vector_file import Vectors


def key(number: int) -> bytes:
    return number.to_bytes(16, "big")


def rows(*numbers: int) -> list[list[float]]:
    """A unit vector of eight dimensions for each number, the same for the same number."""
    vectors = (np.random.default_rng(number).normal(size=8) for number in numbers)
    return [(vector / np.linalg.norm(vector)).tolist() for vector in vectors]


def added(directory: Path | None, *numbers: int) -> Vectors:
    vectors = Vectors(directory)
    vectors.add([key(number) for number in numbers], rows(*numbers))
    return vectors


def held(vectors: Vectors) -> set[int]:
    """Which numbers are there, each proven to have its own row."""
    found = [int.from_bytes(vectors.key(place), "big") for place in range(len(vectors))]
    if found:
        np.testing.assert_allclose(vectors.get([key(number) for number in found]), rows(*found), atol=1e-3)
    return set(found)


def file(directory: Path, suffix: str) -> Path:
    (found,) = directory.glob(f"vectors-*.{suffix}")
    return found


def test_what_is_added_is_read_back_by_another_process_s_eyes(tmp_path: Path) -> None:
    added(tmp_path, 1, 2)
    added(tmp_path, 2, 3, 3)
    again = Vectors(tmp_path)
    assert held(again) == {1, 2, 3} and len(again) == again.persistent == 3
    assert int(np.argmax(again.cosines(rows(3)[0]))) == again.places([key(3)])[key(3)]
    assert again.places([key(2), key(9)]).keys() == {key(2)}
    with pytest.raises(KeyError):
        again.get([key(9)])


@pytest.mark.parametrize("suffix", ["f16", "keys"])
@pytest.mark.parametrize("harm", ["gone", "short", "flipped", "other"])
def test_damaged_files_are_left_behind_for_fresh_ones(tmp_path: Path, suffix: str, harm: str) -> None:
    added(tmp_path, 1, 2, 3)
    victim = file(tmp_path, suffix)
    data = bytearray(victim.read_bytes())
    if harm == "gone":
        victim.unlink()
    elif harm == "short":
        victim.write_bytes(data[:-3])
    elif harm == "flipped":
        data[5] ^= 255
        victim.write_bytes(data)
    else:
        victim.write_bytes(os.urandom(len(data)))
    assert len(Vectors(tmp_path)) == 0
    added(tmp_path, 4)
    assert held(Vectors(tmp_path)) == {4}


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"version": 1}', "\0"])
def test_a_head_that_is_none_means_nothing_is_there(tmp_path: Path, text: str) -> None:
    added(tmp_path, 1)
    (tmp_path / "head.json").write_text(text)
    assert len(Vectors(tmp_path)) == 0
    assert held(added(tmp_path, 2)) == {2}


def test_what_an_interrupted_writer_left_is_written_over(tmp_path: Path) -> None:
    added(tmp_path, 1)
    for suffix in ("f16", "keys"):
        with file(tmp_path, suffix).open("ab") as stream:
            stream.write(b"half a row")
    assert held(Vectors(tmp_path)) == {1}
    assert held(added(tmp_path, 2)) == {1, 2}
    assert Vectors(tmp_path).sound()


def test_a_copy_of_the_files_is_as_good_as_they_are(tmp_path: Path) -> None:
    added(tmp_path, 1, 2)
    for found in tmp_path.iterdir():
        os.utime(found, (1, 1))
    assert held(Vectors(tmp_path)) == {1, 2}


def test_a_head_that_names_another_place_is_not_followed(tmp_path: Path) -> None:
    added(tmp_path, 1)
    head = json.loads((tmp_path / "head.json").read_text())
    (tmp_path / "head.json").write_text(json.dumps({**head, "name": "../../secret"}))
    assert len(Vectors(tmp_path)) == 0


def test_where_the_disk_cannot_take_them_they_live_in_this_process(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("in the way")
    vectors = added(place / "vectors", 1, 2)
    assert held(vectors) == {1, 2} and vectors.persistent == 0
    assert held(added(None, 5)) == {5}


def test_other_dimensions_mean_fresh_files(tmp_path: Path) -> None:
    added(tmp_path, 1)
    vectors = Vectors(tmp_path)
    vectors.add([key(2)], [[0.5] * 4])
    assert len(Vectors(tmp_path)) == 1 and Vectors(tmp_path).get([key(2)]) == [[0.5] * 4]


def _add_many(directory: Path, first: int) -> None:
    for number in range(first, first + 25):
        added(directory, number, 1_000)


def test_four_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_add_many, args=(tmp_path, 100 * place)) for place in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0] * 4
    vectors = Vectors(tmp_path)
    assert held(vectors) == {1_000, *(100 * place + step for place in range(4) for step in range(25))}
    assert vectors.sound()
