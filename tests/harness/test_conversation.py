"""The facts hold of the conversation that each real harness had, and docs/hooks.md says what was found."""

from __future__ import annotations

import pytest

from tests.harness.conversation import Conversation
from tests.harness.facts import FACTS, Fact
from tests.harness.limits import LIMITS
from tests.harness.pending import PENDING
from tests.harness.programs import HarnessProgram
from tests.harness.results import WRITES, cells, read_results, write_results


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.title)
def test_a_fact_holds(request: pytest.FixtureRequest, conversation: Conversation, fact: Fact) -> None:
    name = conversation.room.program.name
    limit = LIMITS.get((name, fact.title), "not mended yet" if name in PENDING.get(fact.title, ()) else "")
    if limit:
        request.applymarker(pytest.mark.xfail(reason=limit, strict=True))
    told = fact.tells(conversation)
    assert not told.startswith("no"), told


def test_the_results_are_those_of_the_docs(program: HarnessProgram, conversation: Conversation) -> None:
    if WRITES:
        write_results(program, cells(conversation))
    assert read_results(program) == cells(conversation), "run 'make harness'"
