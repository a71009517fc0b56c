"""All ways in which work lands, in the clone where it was made and in a fresh one, with trailers and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.provenance import counted, generated
from tests.code_histories import LANDINGS


@pytest.mark.parametrize("has_trailer", [False, True], ids=["bare", "trailer"])
def test_every_line_is_its_session_s_or_nobody_s_however_it_landed(tmp_path: Path, has_trailer: bool) -> None:
    counts = counted(generated(tmp_path, 3, has_trailer), tmp_path)
    assert not {key: count for key, count in counts.items() if key[2] in ("open", "wrong", "wrong, common")}
    assert all(counts[landing, clone, "right"] for landing in LANDINGS for clone in ("own", "fresh"))
