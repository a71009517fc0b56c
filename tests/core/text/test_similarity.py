"""Near-duplicates are recognised, and the claims in which they differ are found."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.text.claim_differences import claim_differences
from memcli.core.text.claims import claims_in, split_sentences
from memcli.core.text.similarity import contained_share, is_near_duplicate, jaccard, word_set
from tests.needs import SHARED, needs_corpora

DATA = SHARED / "data"
VOCABULARY = ("retry", "queue", "webhook", "7", "9", "not", "never", "Redis", "payments", "on", "off", "2026-11-20")
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=12)
TEXTS = st.one_of(st.text(max_size=120), WORDS.map(" ".join))


def near_duplicates(a: str, b: str) -> bool:
    return is_near_duplicate(word_set(a), word_set(b))


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
def test_near_duplicates_that_differ_in_a_claim(a: str, b: str, kind: str) -> None:
    assert near_duplicates(a, b)
    assert [difference.kind for difference in claim_differences(a, b)] == [kind]


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
    assert near_duplicates(a, b)
    assert claim_differences(a, b) == ()


def test_different_subjects_are_not_near_duplicates() -> None:
    assert not near_duplicates(
        "Failed deliveries go through the retry queue", "The front page is rendered from the tree"
    )


def test_a_text_is_a_near_duplicate_of_a_longer_one_that_contains_it() -> None:
    long = "Payments notes.\n" + "\n".join(f"Line {word} speaks of {word} matters." for word in "abcdefghij")
    short = "Webhook deliveries that failed enter the durable retry queue"
    assert not near_duplicates(short, long)
    assert near_duplicates(short, f"{long}\n{short}.")


def test_claims_have_a_normal_form() -> None:
    claims = claims_in("`retryQueue` keeps 1,500 rows for 5 seconds from Nov 3, 2026 and never blocks Redis")
    assert claims.numbers == {"1500", "5s"}
    assert claims.dates == {"2026-11-03"}
    assert claims.names == {"retryqueue", "redis"}
    assert claims.negations == {"not block"}


@given(TEXTS, TEXTS)
def test_similarity_is_symmetric_and_bounded(a: str, b: str) -> None:
    mine, theirs = word_set(a), word_set(b)
    assert jaccard(mine, theirs) == jaccard(theirs, mine)
    assert 0 <= jaccard(mine, theirs) <= 1
    assert 0 <= contained_share(mine, theirs) <= 1
    assert near_duplicates(a, b) == near_duplicates(b, a)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert claim_differences(text, text) == ()
    assert near_duplicates(text, text) == bool(word_set(text))


@settings(max_examples=3)
@given(st.sampled_from(["a b\n", "word thing\n", "1,", "`", "jan 1 ", "Not A. "]))
def test_long_texts_are_compared_in_bounded_time(unit: str) -> None:
    text = (unit * 65536)[:65536]
    assert claim_differences(text, text + " end") == ()


def test_sentences_drop_list_marks() -> None:
    assert split_sentences("# Title\n- one; two\n\n* three! Four?") == ["Title", "one;", "two", "three!", "Four?"]


def pairs(name: str) -> list[dict[str, Any]]:
    lines = (DATA / name / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    return [pair for pair in map(json.loads, lines) if pair["label"] != "grey"]


@needs_corpora
@pytest.mark.parametrize(("name", "precision", "recall"), [("dup_memrev", 0.98, 0.9), ("dup_pepedit", 0.96, 0.96)])
def test_revisions_are_recognised(name: str, precision: float, recall: float) -> None:
    labels = [pair["label"] for pair in pairs(name)]
    answers = [near_duplicates(pair["a"], pair["b"]) for pair in pairs(name)]
    true = sum(answer and label == "dup" for answer, label in zip(answers, labels, strict=True))
    assert true / sum(answers) >= precision
    assert true / labels.count("dup") >= recall


@needs_corpora
@pytest.mark.parametrize("name", ["asof_eol", "asof_pep", "asof_kep"])
def test_a_changed_fact_is_a_near_duplicate_that_differs(name: str) -> None:
    lines = (DATA / name / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    facts = [json.loads(line) for line in lines]
    by_id = {fact["id"]: fact for fact in facts}
    changes = [(by_id[fact["supersedes"]]["text"], fact["text"]) for fact in facts if fact["supersedes"] in by_id]
    seen = sum(near_duplicates(old, new) and bool(claim_differences(old, new)) for old, new in changes)
    assert seen >= 0.98 * len(changes) > 50
