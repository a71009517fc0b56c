"""A dream makes packs no longer, but for a few lines of open questions, which its report tells."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from memcli.cli.views.dream_report import dream_lines
from memcli.core.text.tokens import token_count
from memcli.operations.dream.dream import run_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.dream.start_resume import DreamResult
from memcli.operations.recall.hydrate import HydrateRequest, hydrate
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.core.dream.opposing_claims import contradictions, sample
from tests.operations.dream.loading import load
from tests.operations.dream.test_copies import DEPLOYS, MARKUP

Open = Callable[..., Workspace]
FEW_QUESTIONS = 300
"""Tokens of three questions, of notes beside memories that are asked about, and of the frame of an empty pack."""


@pytest.fixture(autouse=True)
def store(workspace: Open) -> None:
    init(workspace())


def packs(workspace: Open) -> list[int]:
    tasks = ("", "deploys on Tuesday", "what the gateway does")
    return [token_count(hydrate(workspace(), HydrateRequest(task=task)).text) for task in tasks]


def dreamt(workspace: Open) -> DreamResult:
    dream = run_dream(workspace(), DreamRequest())
    assert dream.session
    promote(workspace(), PromoteRequest(dream.session, consent=True))
    return dream


def test_merging_makes_no_pack_longer(workspace: Open) -> None:
    load(workspace(), [*(MARKUP[n % len(MARKUP)](DEPLOYS) for n in range(20)), "The gateway keeps its queue."])
    before = packs(workspace)
    dreamt(workspace)
    assert all(new <= old for old, new in zip(before, packs(workspace), strict=True))


def test_open_questions_take_few_lines_and_the_report_tells(workspace: Open) -> None:
    load(workspace(), (text for pair in sample(contradictions(), 60, 3) for text in pair))
    before = packs(workspace)
    dream = dreamt(workspace)
    assert len([step for step in dream.steps if step.asks]) > 20
    assert all(new <= old + FEW_QUESTIONS for old, new in zip(before, packs(workspace), strict=True))
    assert any("of them are open questions" in line for line in dream_lines(dream))
