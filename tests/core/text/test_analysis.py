"""Terms: what compares equal, what stays whole, and that a plain tokenizer takes them as they are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.text import analysis

TEXTS = st.text(st.characters(codec="utf-8"), max_size=80) | st.text("aA1_./-用한ไ語é ़\u0301", max_size=40)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Retry the Queue, twice!", ["retry", "the", "queue", "twice"]),
        ("snake_case and src/a.py", ["snake", "case", "and", "src", "a", "py"]),
        ("naïve ﬁle ＡＢＣ", ["naïve", "file", "abc"]),
        ("使用Redis缓存", ["使用", "redis", "缓存"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert analysis.words(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("How does the queue retry failures?", ["queue", "retri", "failur"]),
        ("retries retrying retried", ["retri", "retri", "retri"]),
        ("why is it", ["whi", "is", "it"]),
        ("缓存权限 at 东", ["缓存", "存权", "权限", "东"]),
    ],
)
def test_stems(text: str, found: list[str]) -> None:
    assert analysis.stems(text) == found


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("StripeWebhookHandler", "Stripe webhook handler"),
        ("HTTPServer", "http servers"),
        ("retry_queue.max_attempts", "maximum attempts of the retry queue max"),
        ("src/payments/webhook.py", "payments webhook"),
        ("useRetryQueue", "the retry queue"),
    ],
)
def test_a_code_word_is_found_by_its_parts(code: str, told: str) -> None:
    assert len(set(analysis.identifiers(code)) & set(analysis.stems(told))) >= 2


def test_spellings_of_one_identifier_have_one_form() -> None:
    forms = {analysis.whole(word) for word in ("retryQueue", "RetryQueue", "retry_queue", "retry-queue", "retry.queue")}
    assert forms == {"retryqueue"}
    assert "webhookpy" in analysis.identifiers("src/payments/webhook.py")


def test_plain_words_are_no_code_words() -> None:
    assert analysis.identifiers("The queue owns failures. Never call it") == []


@pytest.mark.parametrize("word", ["01K9Z3V5C4M8Q2T7R6W1XABCDE", "9d24d0c4", "x86_64", "v2"])
def test_ids_and_hashes_have_no_parts(word: str) -> None:
    assert analysis.identifiers(word) == [analysis.whole(word)]


@given(TEXTS)
def test_a_plain_tokenizer_takes_every_term_whole(text: str) -> None:
    """ASCII punctuation and blanks are what SQLite's `ascii` tokenizer splits at; upper-case ASCII is what it folds."""
    for term in [*analysis.stems(text), *analysis.identifiers(text)]:
        assert term
        assert re.search(r"[\x00-/:-`{-\x7f\s]", term) is None, term


@given(TEXTS)
def test_terms_do_not_depend_on_how_characters_are_composed(text: str) -> None:
    import unicodedata

    nfc, nfd = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert analysis.stems(nfc) == analysis.stems(nfd)


@given(TEXTS)
def test_the_quick_way_for_ascii_gives_the_same_words(text: str) -> None:
    ascii_text = text.encode("ascii", "replace").decode()
    assert [*analysis.words(ascii_text), "é"] == analysis.words(ascii_text + " é")
