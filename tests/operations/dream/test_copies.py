"""Copies become one, however many; what says anything else stays, or is asked about; questions stay few."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from memcli.core.memory.summary import Filters
from memcli.operations.dream.dream import run_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.dream.start_resume import DreamResult
from memcli.operations.memories.list import list_memories
from memcli.operations.memories.show import show_memory
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.core.dream.opposing_claims import contradictions, retractions, sample
from tests.operations.dream.loading import load

Open = Callable[..., Workspace]
DEPLOYS = "Deploys go out on Tuesday after the audit has signed the release notes."
WORDINGS = [
    DEPLOYS,
    "After the audit has signed the release notes, deploys go out on Tuesday.",
    "Deploys go out on Tuesday, after the audit has signed the release notes.",
    "On Tuesday deploys go out, after the audit has signed the release notes.",
    "Deploys: out on Tuesday, after the audit has signed the release notes.",
    "Tuesday is when deploys go out, after the audit has signed the release notes.",
    "Deploys go out on a Tuesday after the audit has signed the release notes.",
]
MARKUP: list[Callable[[str], str]] = [
    lambda text: text,
    lambda text: text.rstrip("."),
    lambda text: text.lower(),
    lambda text: f"- {text}",
    lambda text: f"**{text}**",
    lambda text: text.replace("the ", ""),
    lambda text: text.replace(" after", ", after"),
]


@pytest.fixture(autouse=True)
def store(workspace: Open) -> None:
    init(workspace())


def involved(dream: DreamResult) -> set[str]:
    return {memory_id for step in dream.steps for memory_id in (step.id, *step.others)}


def merged_pairs(dream: DreamResult) -> set[tuple[str, str]]:
    return {(step.id, other) for step in dream.steps if step.change == "merged" for other in step.others}


@pytest.mark.parametrize("count", [2, 3, 5, 6, 7, 11, 20, 50])
def test_a_group_of_copies_becomes_one_with_one_promotion(workspace: Open, count: int) -> None:
    topics = ("deploys", "releases", "general")
    fields = {number: {"topic": topics[number % 3], "title": f"note {number}"} for number in range(0, count, 2)}
    ids = load(workspace(), (MARKUP[number % len(MARKUP)](DEPLOYS) for number in range(count)), fields)
    dream = run_dream(workspace(), DreamRequest())
    assert [(step.change, step.id, step.others) for step in dream.steps] == [("merged", ids[0], tuple(ids[1:]))]
    assert dream.session
    promote(workspace(), PromoteRequest(dream.session, consent=True))
    assert [summary.id for summary in list_memories(workspace(), Filters()).memories] == [ids[0]]
    kept = show_memory(workspace(), ids[0])
    assert kept.front["merged_from"] == tuple(ids[1:])
    assert kept.body.strip() == DEPLOYS
    assert run_dream(workspace(), DreamRequest()).steps == ()


def test_a_copy_that_comes_later_joins_the_group(workspace: Open) -> None:
    ids = load(workspace(), [DEPLOYS] * 30)
    dream = run_dream(workspace(), DreamRequest())
    assert dream.session
    promote(workspace(), PromoteRequest(dream.session, consent=True))
    (late,) = load(workspace(), [f"*{DEPLOYS}*"], first=100)
    assert merged_pairs(run_dream(workspace(), DreamRequest())) == {(ids[0], late)}


def test_wordings_of_one_claim_are_merged_or_asked_about(workspace: Open) -> None:
    ids = load(workspace(), WORDINGS)
    dream = run_dream(workspace(), DreamRequest())
    assert involved(dream) == set(ids)
    assert len([step for step in dream.steps if step.asks]) == 1


def test_the_words_of_two_keys_are_asked_about(workspace: Open) -> None:
    ids = load(workspace(), [DEPLOYS, DEPLOYS], {0: {"key": "shop.deploys"}, 1: {"key": "bank.deploys"}})
    (step,) = run_dream(workspace(), DreamRequest()).steps
    assert (step.id, step.others, step.reason) == (ids[1], (ids[0],), "says the same under another key")


def test_the_memory_with_the_key_stays(workspace: Open) -> None:
    ids = load(workspace(), [DEPLOYS, DEPLOYS.lower()], {1: {"key": "shop.deploys"}})
    assert merged_pairs(run_dream(workspace(), DreamRequest())) == {(ids[1], ids[0])}


def test_a_title_that_says_more_is_not_lost(workspace: Open) -> None:
    load(workspace(), [DEPLOYS, DEPLOYS.lower()], {1: {"title": "Obsolete: deploys on Tuesday"}})
    assert [step.change for step in run_dream(workspace(), DreamRequest()).steps] == ["attention"]


def test_no_contradiction_and_no_retraction_is_merged(workspace: Open) -> None:
    pairs = [*sample(contradictions(), 400, 1), *sample(retractions(), 120, 2)]
    ids = load(workspace(), (text for pair in pairs for text in pair))
    numbers = {str(memory_id): number // 2 for number, memory_id in enumerate(ids)}
    bodies = dict(zip(map(str, ids), (text for pair in pairs for text in pair), strict=True))
    dream = run_dream(workspace(), DreamRequest(force=True))
    merged = merged_pairs(dream)
    assert [pair for pair in merged if numbers[pair[0]] == numbers[pair[1]]] == []
    assert {bodies[kept] == bodies[other] for kept, other in merged} <= {True}


def test_a_form_that_was_filled_in_many_times_raises_no_question(workspace: Open) -> None:
    load(workspace(), (f"Service s{number} listens on port {8000 + number} of the gateway." for number in range(300)))
    assert run_dream(workspace(), DreamRequest()).steps == ()


def test_questions_about_many_wordings_stay_few(workspace: Open) -> None:
    words = ["often", "mostly", "usually", "there", "still", "now", "again", "quickly", "gladly", "early", "late"]
    texts = [f"{DEPLOYS[:-1]} {word} {other}." for word in words for other in words if word != other]
    ids = load(workspace(), texts)
    began = time.monotonic()
    dream = run_dream(workspace(), DreamRequest())
    assert involved(dream) == set(ids)
    assert len(dream.steps) <= len(ids) / 5
    assert time.monotonic() - began < 60
