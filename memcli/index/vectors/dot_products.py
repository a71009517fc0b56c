"""Dot products over raw buffers: how near all vectors are to a query, and sums of a table's rows. The home of simsimd.

simsimd multiplies numbers of one type, reads memory maps, and returns buffers, so that nothing here needs numpy, whose
import takes longer than all of a recall. Its results are exact for int8, and for float16 they are off by less than
1e-7, on every processor: the kernels that would add up float16 in float16 are switched off.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache
from types import ModuleType
from typing import Any

INEXACT = ("sapphire", "sve_f16")
"""The kinds of processors for which simsimd adds up float16 in float16: three decimals are left of a cosine."""
FINE = 2048
"""What the rest of a number that is no float16 is multiplied by, so that it is one of full precision, too."""


def dot_products(query: Sequence[float], rows: memoryview) -> list[float]:
    """The dot product of each row of a flat buffer of float16 with a query of the same width."""
    width = len(query)
    count = len(rows) // (2 * width)
    if not count:
        return []
    products = _simsimd().cdist(_halves(query), rows.cast("H", (count, width)), "dot", dtype="float16")
    pairs = memoryview(products).cast("B").cast("d")
    return _numbers(_simsimd().wsum(pairs[:count], pairs[count:], dtype="float64", alpha=1.0, beta=1 / FINE))


def column_sums(rows: Sequence[memoryview]) -> list[float]:
    """The sum of each column of rows of int8, all of one width."""
    width, table = len(rows[0]), b"".join(rows)
    columns = b"".join(table[column::width] for column in range(width))
    ones = memoryview(b"\1" * len(rows)).cast("b", (1, len(rows)))
    return _numbers(_simsimd().cdist(ones, memoryview(columns).cast("b", (width, len(rows))), "dot"))


def _halves(query: Sequence[float]) -> memoryview:
    """A query as two rows of float16: its numbers, and what rounding took from them, times `FINE`."""
    layout = f"{len(query)}e"
    rounded = struct.pack(layout, *query)
    rest = (FINE * (number - half) for number, half in zip(query, struct.unpack(layout, rounded), strict=True))
    return memoryview(rounded + struct.pack(layout, *rest)).cast("H", (2, len(query)))


def _numbers(result: Any) -> list[float]:
    """The float64 of a result, in one row."""
    numbers: list[Any] = memoryview(result).cast("B").cast("d").tolist()
    return numbers


@cache
def _simsimd() -> ModuleType:
    import simsimd

    for kind in INEXACT:
        simsimd.disable_capability(kind)
    return simsimd
