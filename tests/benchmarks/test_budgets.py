"""Which figures count as within their budgets."""

from __future__ import annotations

import pytest

from tests.benchmarks.budgets import is_kept
from tests.benchmarks.timing import Figure


@pytest.mark.parametrize(
    ("size", "median", "p95", "budget", "kept"),
    [
        (10_000, 16.0, 30.0, "16 B (10,000); 30 B (100,000)", True),
        (100_000, 31.0, 31.0, "16 B (10,000); 30 B (100,000)", False),
        (1_000, 99.0, 99.0, "16 B (10,000); 30 B (100,000)", True),
        (10_000, 3.0, 4.1, "p95 4 B", False),
        (0, 12.1, 12.1, "12 B", False),
        (0, 12.1, 12.1, "–", True),
    ],
)
def test_a_figure_is_judged_by_the_budget_of_its_size(
    size: int, median: float, p95: float, budget: str, kept: bool
) -> None:
    assert is_kept(Figure("work", size, median, p95, "B", budget, 1)) is kept
