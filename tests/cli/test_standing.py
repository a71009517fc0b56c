"""A decision that is only proposed says so wherever it is shown, and ranks below one that is decided."""

from __future__ import annotations

import pytest

from tests.conftest import Mem, Repo


@pytest.fixture
def decisions(repo: Repo, mem: Mem) -> Repo:
    assert mem("init").code == 0
    for tag, text in (("proposed", "Billing moves to Stripe."), ("decided", "Billing moves to Adyen next spring.")):
        words = ("add", "--type", "decision", "--topic", "billing", "--tag", tag, text)
        assert mem(*words).code == 0
    assert mem("promote", "--yes").code == 0
    return repo


@pytest.mark.usefixtures("decisions")
def test_a_proposed_decision_ranks_below_a_decided_one_and_says_so(mem: Mem) -> None:
    hits = mem("recall", "billing moves to stripe or adyen", "--json").json()["hits"]
    assert [hit["standing"] for hit in hits] == [None, "proposed"]
    assert "(proposed decision, " in mem("recall", "billing stripe").out


@pytest.mark.usefixtures("decisions")
def test_lists_and_packs_say_that_a_decision_is_only_proposed(mem: Mem) -> None:
    listed = {one["title"]: one["standing"] for one in mem("list", "--json").json()["memories"]}
    assert sorted(filter(None, listed.values())) == ["proposed"]
    assert "(proposed)" in mem("list").out
    assert "(proposed decision, promoted" in mem("hydrate", "--task", "billing with stripe").out


def test_a_proposed_fact_is_a_fact(repo: Repo, mem: Mem) -> None:
    assert repo and mem("init").code == 0
    assert mem("add", "--tag", "proposed", "The queue drains at noon.").code == 0
    assert [one["standing"] for one in mem("list", "--json").json()["memories"]] == [None]
