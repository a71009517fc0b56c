"""Questions about the past are answered exactly, whatever the order in which the facts came in."""

from __future__ import annotations

import json

import pytest

from tests.benchmarks.as_of import ORDERS, ask, corpus, draft, in_order, load_as_they_came
from tests.conftest import Mem, Repo
from tests.needs import needs_corpora

pytestmark = needs_corpora
PARTS = [("asof_eol", 3), ("asof_kep", 6), ("asof_pep", 9)]
"""A set and which of its keys: every third, every sixth, every ninth."""


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(("name", "every"), PARTS)
def test_by_validity_in_any_order_of_loading(repo: Repo, mem: Mem, name: str, every: int, order: str) -> None:
    facts, questions = corpus(name, every)
    ordered = in_order(facts, order)
    lines = "\n".join(json.dumps(draft(fact, "valid_from", "valid_to")) for fact in ordered)
    mem("init")
    ids = [one["id"] for one in mem("add", "--batch", "-", "--json", input=lines).json()["memories"]]
    assert mem("promote", "--yes").code == 0
    found = ask(repo.path, questions, {fact["id"]: one for fact, one in zip(ordered, ids, strict=True)}, "valid_at")
    assert found.asked > 8 and found.wrong == ()


@pytest.mark.parametrize(("name", "every"), [("asof_eol", 3), ("asof_kep", 12), ("asof_pep", 20)])
def test_by_when_they_were_promoted(repo: Repo, mem: Mem, name: str, every: int) -> None:
    facts, questions = corpus(name, every)
    mem("init")
    found = ask(repo.path, questions, load_as_they_came(repo.path, facts), "as_of")
    assert found.asked > 8 and found.wrong == ()
