"""A dream recognises revisions of one text in real stores, and leaves other texts alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.duplicates import SETS, labelled_pairs, recognition
from tests.needs import needs_corpora


@needs_corpora
@pytest.mark.parametrize("name", SETS)
def test_revisions_are_recognised_and_distinct_texts_are_not(name: str, tmp_path: Path) -> None:
    found = recognition(labelled_pairs(name), tmp_path / name)
    assert found.share("dup") >= 0.95
    assert found.share("distinct") <= 0.01
    assert found.about_labelled >= 0.8 * found.questions


@needs_corpora
@pytest.mark.parametrize("name", SETS)
def test_a_pair_is_recognised_in_a_store_of_its_own(name: str, tmp_path: Path) -> None:
    pairs = [pair for pair in labelled_pairs(name) if pair.label == "dup"][:8]
    assert all(recognition([pair], tmp_path / str(number)).recognised["dup"] == 1 for number, pair in enumerate(pairs))
