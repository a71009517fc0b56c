"""Questions about groups and pairs name what the memories claim differently, in every language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from memcli.core.dream.near_duplicates import PairAction
from memcli.core.dream.pair_questions import MOST_NAMED, pair_questions
from memcli.core.memory.questions import CONTRADICTION, NEAR_DUPLICATE
from memcli.operations.dream.dream import run_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.operations.dream.loading import load

Open = Callable[..., Workspace]
SIGNED = "The release of the shop is cut after Alice signs and before Bob tests."
SWAPPED = "The release of the shop is cut after Bob signs and before Alice tests."
GROUPS = [
    (
        "Wir nutzen Redis als Cache, nicht Memcached.",
        "Wir nutzen Memcached als Cache, nicht Redis.",
        "Redis nutzen wir als Cache, nicht Memcached.",
    ),
    (
        "バックアップは毎晩vaultで実行します。",
        "バックアップは`毎晩`vaultで実行します。",
        "毎晩バックアップはvaultで実行します。",
        "バックアップは毎晩vaultで実行しません。",
    ),
    (SIGNED, SWAPPED, SIGNED.replace(" is cut", ", is cut"), SWAPPED.replace(" is cut", ", is cut")),
]
PAIRS = [
    ("- [x] rotate the signing keys", "- [ ] rotate the signing keys", "differs: task done against open"),
    ("Keep low < high here.", "Keep low > high here.", "differs: comparison high > low against high < low"),
    ("The node left <= right holds.", "The node left >= right holds.", "differs: comparison left <= right against"),
    ("Go on if `size != limit`.", "Go on if `size == limit`.", "differs: comparison limit != size against"),
    ("Der Cache ist hier sicher.", "Der Cache ist hier nicht sicher.", "differs: negation none against not sich"),
    ("Le cache du site est sûr.", "Le cache du site n'est pas sûr.", "differs: negation"),
    ("Кэш этого сайта безопасен.", "Кэш этого сайта не безопасен.", "differs: negation"),
    ("网站的缓存是安全的。", "网站的缓存不是安全的。", "differs: negation"),
    ("Now Alice calls Bob at night.", "Now Bob calls Alice at night.", "differs: order Alice, Bob against Bob, Alice"),
    ("付款由Stripe每天处理。", "付款由Adyen每天处理。", "differs: name"),
]


@pytest.fixture(autouse=True)
def store(workspace: Open) -> None:
    init(workspace())


@pytest.mark.parametrize("bodies", GROUPS)
def test_members_that_contradict_each_other_get_a_contradiction(workspace: Open, bodies: tuple[str, ...]) -> None:
    ids = load(workspace(), bodies)
    steps = [step for step in run_dream(workspace(), DreamRequest()).steps if step.asks]
    differing = [step for step in steps if step.question == CONTRADICTION]
    assert differing
    assert all(step.reason.startswith("differs: ") for step in differing)
    assert ids[1 if len(bodies) == 3 else -1] in {named for step in differing for named in (step.id, *step.others)}
    opposed = {ids[1 if len(bodies) == 3 else -1], ids[0]}
    assert not any(opposed <= {step.id, *step.others} for step in steps if step.question == NEAR_DUPLICATE)


@pytest.mark.parametrize(("mine", "theirs", "reason"), PAIRS)
def test_the_difference_of_a_pair_is_named(workspace: Open, mine: str, theirs: str, reason: str) -> None:
    elder, younger = load(workspace(), [mine, theirs])
    (step,) = run_dream(workspace(), DreamRequest()).steps
    assert (step.id, step.others, step.question) == (younger, (elder,), CONTRADICTION)
    assert step.reason.startswith(reason)


def test_wordings_without_a_difference_are_near_duplicates(workspace: Open) -> None:
    load(workspace(), ["Der Cache ist heute nicht sicher.", "Heute ist der Cache nicht sicher."])
    (step,) = run_dream(workspace(), DreamRequest()).steps
    assert step.question == NEAR_DUPLICATE


def test_two_partners_that_differ_make_the_question_of_a_group_a_contradiction() -> None:
    pairs = {("hub", f"m{number:02}"): PairAction(NEAR_DUPLICATE, "alike") for number in range(15)}

    def difference(first: str, second: str) -> str:
        return "differs: number 5 against 7" if (first, second) == ("m01", "m03") else ""

    first, second = pair_questions(pairs, difference)
    assert (first.question, first.reason) == (CONTRADICTION, "differs: number 5 against 7")
    assert (second.question, second.reason) == (NEAR_DUPLICATE, "alike")
    assert len(first.others) == MOST_NAMED
