"""Terms: which texts have equal ones, which words are kept whole, and that a plain tokenizer does not split them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.text import analysis

TEXTS = st.text(st.characters(codec="utf-8"), max_size=80) | st.text("aA1_./-用한ไ語é ़\u0301", max_size=40)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Retry the Queue, twice!", ["retry", "the", "queue", "twice"]),
        ("snake_case and src/a.py", ["snake", "case", "and", "src", "a", "py"]),
        ("naïve ﬁle ＡＢＣ", ["naïve", "file", "abc"]),
        ("使用Redis缓存", ["使用", "redis", "缓存"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert analysis.words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How does the queue retry failures?", ["queue", "retri", "failur"]),
        ("retries retrying retried", ["retri", "retri", "retri"]),
        ("why is it", ["whi", "is", "it"]),
        ("缓存权限 at 东", ["缓存", "存权", "权限", "东"]),
    ],
)
def test_stems(text: str, expected: list[str]) -> None:
    assert analysis.stems(text) == expected


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("StripeWebhookHandler", "Stripe webhook handler"),
        ("HTTPServer", "http servers"),
        ("retry_queue.max_attempts", "maximum attempts of the retry queue max"),
        ("src/payments/webhook.py", "payments webhook"),
        ("useRetryQueue", "the retry queue"),
    ],
)
def test_a_code_word_is_found_by_its_parts(code: str, text: str) -> None:
    assert len(set(analysis.identifiers(code)) & set(analysis.stems(text))) >= 2


def test_spellings_of_an_identifier_give_one_term() -> None:
    terms = {
        analysis.compound_term(word)
        for word in ("retryQueue", "RetryQueue", "retry_queue", "retry-queue", "retry.queue")
    }
    assert terms == {"retryqueue"}
    assert "webhookpy" in analysis.identifiers("src/payments/webhook.py")


def test_ordinary_words_are_not_code_words() -> None:
    assert analysis.identifiers("The queue owns failures. Never call it") == []


@pytest.mark.parametrize("word", ["01K9Z3V5C4M8Q2T7R6W1XABCDE", "9d24d0c4", "x86_64", "v2"])
def test_ids_and_hashes_are_not_split(word: str) -> None:
    assert analysis.identifiers(word) == [analysis.compound_term(word)]


@given(TEXTS)
def test_a_plain_tokenizer_does_not_split_terms(text: str) -> None:
    """SQLite's `ascii` tokenizer splits at ASCII punctuation and spaces, and folds upper-case ASCII."""
    for term in [*analysis.stems(text), *analysis.identifiers(text)]:
        assert term
        assert re.search(r"[\x00-/:-`{-\x7f\s]", term) is None, term


@given(TEXTS)
def test_terms_do_not_depend_on_unicode_composition(text: str) -> None:
    import unicodedata

    nfc, nfd = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert analysis.stems(nfc) == analysis.stems(nfd)


@given(TEXTS)
def test_the_fast_path_for_ascii_gives_the_same_words(text: str) -> None:
    ascii_text = text.encode("ascii", "replace").decode()
    assert [*analysis.words(ascii_text), "é"] == analysis.words(ascii_text + " é")
