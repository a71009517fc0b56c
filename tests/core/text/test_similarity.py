"""Twins are recognised, and what they claim differently is found."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.dream.containment import stands_in
from memcli.core.text.analysis import words
from memcli.core.text.claims import claims, sentences
from memcli.core.text.differences import differing
from memcli.core.text.similarity import containment, jaccard, twins, word_set
from tests.needs import SHARED, needs_corpora

DATA = SHARED / "data"
VOCABULARY = ("retry", "queue", "webhook", "7", "9", "not", "never", "Redis", "payments", "on", "off", "2026-11-20")
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=12)
TEXTS = st.one_of(st.text(max_size=120), WORDS.map(" ".join))


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        (
            "Failed deliveries are retried (max 7 attempts).",
            "Failed deliveries are retried (max 9 attempts).",
            "number",
        ),
        ("Retry the webhook three times", "Retry the webhook five times", "number"),
        ("The service listens on port 8080", "The service listens on port 9090", "number"),
        ("支付服务的重试上限是7次", "支付服务的重试上限是9次", "number"),
        ("The cutover was on 2026-11-20.", "The cutover was on November 21, 2026.", "date"),
        ("Use Redis for the queue.", "Use Postgres for the queue.", "name"),
        ("Sessions are kept in `session_store`", "Sessions are kept in `cookie_store`", "name"),
        ("Never call the handler directly.", "Call the handler directly.", "negation"),
        ("We don't use mocks in tests", "We use mocks in tests", "negation"),
        ("Caching is enabled in production", "Caching is disabled in production", "opposite"),
        ("The cache is on in staging", "The cache is off in staging", "opposite"),
    ],
)
def test_twins_that_differ_in_a_claim(a: str, b: str, kind: str) -> None:
    assert twins(a, b)
    assert [difference.kind for difference in differing(a, b)] == [kind]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The cutover was on 2026-11-20.", "The cutover was on 20 Nov 2026."),
        ("The limit is 1,500 rows", "The limit is 1500 rows"),
        ("Timeouts are 5 seconds", "Timeouts are 5s"),
        ("The API must not be called from workers", "The API must never be called from workers"),
        ("Use Redis for the retry queue", "Use Redis for the retry queue in Payments, since 2024"),
        ("Retry twice. The queue is durable.", "The queue is durable. Retry twice."),
    ],
)
def test_the_same_claims_in_other_words_do_not_differ(a: str, b: str) -> None:
    assert twins(a, b)
    assert differing(a, b) == ()


def test_different_matters_are_no_twins() -> None:
    assert not twins("Failed deliveries go through the retry queue", "The front page is rendered from the tree")


def test_a_text_within_a_longer_one_is_its_twin() -> None:
    long = "Payments notes.\n" + "\n".join(f"Line {word} speaks of {word} matters." for word in "abcdefghij")
    short = "Webhook deliveries that failed enter the durable retry queue"
    assert not twins(short, long)
    assert twins(short, f"{long}\n{short}.")


def test_claims_are_written_one_way() -> None:
    found = claims("`retryQueue` keeps 1,500 rows for 5 seconds from Nov 3, 2026 and never blocks Redis")
    assert found.numbers == {"1500", "5s"}
    assert found.dates == {"2026-11-03"}
    assert found.names == {"retryqueue", "redis"}
    assert found.negations == {"not block"}


@pytest.mark.parametrize(
    ("a", "b", "whole"),
    [
        ("Retry 7 times.", "Deliveries may fail.\nRetry 7 times.", True),
        ("Retry 9 times.", "Deliveries fail.\nRetry 7 times.", False),
        ("Use the blue queue.", "Use the red queue.", False),
        ("Never retry.", "Retry.", False),
        ("queue retries", "The queue retries. It is durable", True),
        ("A failed delivery goes\nto the queue.", "A failed delivery goes to the queue. It is durable.", True),
        ("Python >= 3.11 is needed.", "Python <= 3.11 is needed.", False),
        ("Use Redis.", "Use Redis. This was a mistake.", False),
        ("Use Redis.", "Never do this:\n- Use Redis.", False),
        ("Use Redis.", "## Rejected\n\nUse Redis.", False),
        ("A dog chases a cat.", "A cat chases a dog.", False),
        ("The flag is on.", "The flag is on hold.", False),
        ("Set API_KEY.", "Set api_key.", False),
    ],
)
def test_standing_in_another_text_takes_every_word_and_nothing_that_turns_it_round(a: str, b: str, whole: bool) -> None:
    assert stands_in(a, b) is whole


@given(TEXTS, TEXTS)
def test_likeness_is_symmetric_and_bounded(a: str, b: str) -> None:
    mine, theirs = word_set(a), word_set(b)
    assert jaccard(mine, theirs) == jaccard(theirs, mine)
    assert 0 <= jaccard(mine, theirs) <= 1
    assert 0 <= containment(mine, theirs) <= 1
    assert twins(a, b) == twins(b, a)


@given(TEXTS)
def test_a_text_agrees_with_itself(text: str) -> None:
    assert differing(text, text) == ()
    assert stands_in(text, text)
    assert twins(text, text) == bool(word_set(text))


@given(st.lists(TEXTS, max_size=4), TEXTS)
def test_a_part_stands_in_the_whole_only_with_its_words(parts: list[str], text: str) -> None:
    whole = "\n".join([*parts, text])
    assert not stands_in(text, whole) or set(words(text)) <= {*words(whole), "a", "an", "the"}


@settings(max_examples=3)
@given(st.sampled_from(["a b\n", "word thing\n", "1,", "`", "jan 1 ", "Not A. "]))
def test_long_texts_are_compared_within_bounds(unit: str) -> None:
    text = (unit * 65536)[:65536]
    assert differing(text, text + " end") == ()


def test_sentences_drop_list_marks() -> None:
    assert sentences("# Title\n- one; two\n\n* three! Four?") == ["Title", "one;", "two", "three!", "Four?"]


def pairs(name: str) -> list[dict[str, Any]]:
    lines = (DATA / name / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    return [pair for pair in map(json.loads, lines) if pair["label"] != "grey"]


@needs_corpora
@pytest.mark.parametrize(("name", "precision", "recall"), [("dup_memrev", 0.98, 0.9), ("dup_pepedit", 0.96, 0.96)])
def test_revisions_are_recognised(name: str, precision: float, recall: float) -> None:
    labels = [pair["label"] for pair in pairs(name)]
    said = [twins(pair["a"], pair["b"]) for pair in pairs(name)]
    true = sum(twin and label == "dup" for twin, label in zip(said, labels, strict=True))
    assert true / sum(said) >= precision
    assert true / labels.count("dup") >= recall


@needs_corpora
@pytest.mark.parametrize("name", ["asof_eol", "asof_pep", "asof_kep"])
def test_a_changed_fact_is_a_twin_that_differs(name: str) -> None:
    lines = (DATA / name / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    facts = [json.loads(line) for line in lines]
    by_id = {fact["id"]: fact for fact in facts}
    changes = [(by_id[fact["supersedes"]]["text"], fact["text"]) for fact in facts if fact["supersedes"] in by_id]
    seen = sum(twins(old, new) and bool(differing(old, new)) for old, new in changes)
    assert seen >= 0.98 * len(changes) > 50
