"""What the environment says, read once; values that mean nothing are named."""

from __future__ import annotations

import pytest

from memcli.config import Flags, load
from memcli.errors import Usage


@pytest.mark.parametrize("text, seconds", [("", 10.0), ("0", 0.0), ("0.5", 0.5), ("120", 120.0)])
def test_the_lock_timeout_is_in_seconds(text: str, seconds: float) -> None:
    assert load(Flags(), {"MEM_LOCK_TIMEOUT": text}).lock_timeout == seconds


@pytest.mark.parametrize("text", ["ten", "-1", "nan", "inf", "10s"])
def test_a_lock_timeout_that_is_not_a_number_of_seconds_is_named(text: str) -> None:
    with pytest.raises(Usage, match="MEM_LOCK_TIMEOUT"):
        load(Flags(), {"MEM_LOCK_TIMEOUT": text})
