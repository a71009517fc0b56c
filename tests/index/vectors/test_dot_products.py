"""Dot products over raw buffers: what numpy computes, in any number of rows, on any processor."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from memcli.index.vectors.dense import EXACT, _top
from memcli.index.vectors.dot_products import column_sums, dot_products

sizes = st.tuples(st.integers(0, 2**32), st.integers(0, 300), st.sampled_from([8, 37, 64, 256]))


@given(sizes)
def test_the_scan_is_that_of_numpy(size: tuple[int, int, int]) -> None:
    seed, count, width = size
    numbers = np.random.default_rng(seed).normal(size=(count + 1, width))
    query, *rows = numbers / np.linalg.norm(numbers, axis=1, keepdims=True)
    stored = np.array(rows, np.float16).reshape(count, width)
    expected = stored.astype(np.float64) @ query
    np.testing.assert_allclose(dot_products(query.tolist(), memoryview(stored.tobytes())), expected, atol=3e-7)


@given(sizes)
def test_the_sums_of_columns_are_exact(size: tuple[int, int, int]) -> None:
    seed, count, width = size
    table = np.random.default_rng(seed).integers(-128, 128, (count + 1, width), np.int8)
    assert column_sums([memoryview(row.tobytes()) for row in table]) == table.sum(axis=0, dtype=np.int64).tolist()


@given(sizes, st.integers(1, 60))
def test_the_highest_are_those_of_a_whole_sort(size: tuple[int, int, int], most: int) -> None:
    """Also where many cosines are equal, which one place or another of the file must not decide."""
    seed, count, _ = size
    scan = (np.random.default_rng(seed).integers(0, 20, count) / 19).tolist()
    rounded = [round(cosine, EXACT) for cosine in scan]
    least = sorted(rounded, reverse=True)[:most][-1] if scan else 0.0
    expected = [place for place, cosine in enumerate(rounded) if cosine >= least or count <= most]
    assert _top(scan, most) == expected


PROCESSORS = ("haswell", "skylake", "ice", "genoa", "turin", "sierra", "neon", "neon_f16", "neon_i8", "sve")
BOTH = f"""
import json, random, struct, simsimd
from memcli.index.vectors.dot_products import column_sums, dot_products

numbers = random.Random(7)
query, *vectors = ([numbers.gauss(0, 1 / 16) for _ in range(256)] for _ in range(200))
rows = memoryview(b"".join(struct.pack("256e", *vector) for vector in vectors))

def results():
    return [dot_products(query, rows), column_sums([rows[:512]] * 300)]

special = results()
for kind in {PROCESSORS}:
    simsimd.disable_capability(kind)
print(json.dumps([special, results()]))
"""


def test_the_kernels_of_this_processor_give_what_the_plain_ones_give() -> None:
    """In a process of its own, because a kind of processor is switched off for the whole process."""
    done = subprocess.run([sys.executable, "-c", BOTH], capture_output=True, text=True, check=True)
    (cosines, sums), (plain_cosines, plain_sums) = json.loads(done.stdout)
    np.testing.assert_allclose(cosines, plain_cosines, atol=2e-7)
    assert sums == plain_sums
