"""What no client should send; `tests/trials/hostile_requests.py` sends 10,000 of them."""

from __future__ import annotations

from tests.conftest import Repo
from tests.trials.hostile_requests import hostile_trial


def test_hostile_requests_change_nothing(own_shop: Repo) -> None:
    assert not hostile_trial(own_shop, 300, seed=7)
