"""Goose and Amp have no hooks: `mem` only knows that they run it."""

from __future__ import annotations

import pytest

from memcli.agents.registry import adapters, caller, find_adapter
from tests.conftest import Mem


@pytest.mark.parametrize(
    ("environ", "known"),
    [({"GOOSE_TERMINAL": "1"}, ("goose", None)), ({"AMP_CURRENT_THREAD_ID": "T-1"}, ("amp", "T-1"))],
)
def test_variables(environ: dict[str, str], known: tuple[str, str | None]) -> None:
    assert caller(environ) == known


@pytest.mark.parametrize("name", ["goose", "amp"])
def test_there_is_nothing_to_install(name: str, mem: Mem) -> None:
    assert find_adapter(name) is None and name not in adapters()
    assert mem("hooks", "install", "--agent", name).code == 2
