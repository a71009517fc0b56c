"""Recall: what each channel finds, that user text is data, that ties are settled, and that it can say nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.memory.summary import Filters
from memcli.index.database.index import Index
from memcli.index.database.view import View
from memcli.index.search.ranking import SearchRequest, search
from memcli.index.search.snippet import LENGTH, snippet
from tests.index.memories import MAIN, change, manifest, memory_id

HOSTILE = [
    '"',
    "'; DROP TABLE memories; --",
    "title:webhook",
    "webhook*",
    "NEAR(a b)",
    "a AND",
    "(",
    "-x",
    "^a",
    "\udcff",
]
STORE = [
    change("webhook", "Failed deliveries go through the retry queue.\n\nStripeWebhookHandler raced with the ledger."),
    change(
        "ledger", "The ledger locks a row per account; `lock_timeout` is 5 s.", key="pay.ledger", tags=("row-lock",)
    ),
    change("build", "Build with make; the cache lives in build/out.", paths=("tools/build.py",), kind="procedural"),
    change("chinese", "缓存的权限在登录时检查。"),
    change("old", "The retry queue gave up after three attempts.", status="superseded"),
    *(change(f"filler{number}", f"Something else entirely, number {number}.") for number in range(30)),
]


@pytest.fixture(scope="module")
def view() -> Iterator[View]:
    with Index.open(None) as index:
        index.update(manifest(), STORE)
        with index.view(MAIN) as opened:
            yield opened


def found(view: View, query: str, filters: Filters = Filters(), limit: int = 10) -> list[str]:  # noqa: B008
    return [hit.record.id for hit in search(view, SearchRequest(query, filters, limit)).hits]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("why do failed deliveries retry", "webhook"),
        ("stripe webhook handler", "webhook"),
        ("StripeWebhookHandler", "webhook"),
        ("权限", "chinese"),
        ("what is the lock timeout", "ledger"),
        ("pay.ledger", "ledger"),
        ("changing tools/build.py, careful?", "build"),
        ("anything on build.py", "build"),
        ('it says "locks a row" somewhere', "ledger"),
        ("row lock", "ledger"),
        (memory_id("chinese"), "chinese"),
        (f"[mem:{memory_id('build')[-6:].lower()}]", "build"),
    ],
)
def test_the_memory_meant_comes_first(view: View, query: str, name: str) -> None:
    assert found(view, query)[0] == memory_id(name)


def test_an_exact_name_is_reported_by_the_exact_channel(view: View) -> None:
    (first, *_) = search(view, SearchRequest(f"what of {memory_id('build')[-6:]} and the ledger")).hits
    assert first.record.id == memory_id("build")
    assert first.channels["exact"].rank == 1 and first.channels["exact"].score == 1.0
    assert 0 < first.score <= 1


def test_superseded_memories_come_with_all_only(view: View) -> None:
    assert memory_id("old") not in found(view, "retry queue attempts")
    assert found(view, "retry queue attempts", Filters(all=True))[0] == memory_id("old")
    assert memory_id("old") not in found(view, memory_id("old"))


def test_filters_narrow_every_channel(view: View) -> None:
    query = f"build cache ledger {memory_id('ledger')}"
    assert found(view, query, Filters(kinds=("procedural",))) == [memory_id("build")]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_query_is_never_syntax(view: View, query: str) -> None:
    search(view, SearchRequest(query))
    assert found(view, f"{query} failed deliveries retry")[0] == memory_id("webhook")


@settings(max_examples=100)
@given(st.text(max_size=60) | st.text('"*():^-+ ANDORNEAR\x00', max_size=20))
def test_any_text_can_be_asked(query: str) -> None:
    with Index.open(None) as index:
        index.update(manifest(), STORE[:4])
        with index.view(MAIN) as view:
            answer = search(view, SearchRequest(query))
    assert all(0 <= hit.score <= 1 and len(hit.snippet) <= LENGTH for hit in answer.hits)


def test_a_question_about_something_else_gets_no_answer(view: View) -> None:
    answer = search(view, SearchRequest("quarterly marketing budget of the Lisbon office and its number"))
    assert answer.abstained and answer.hits == () and answer.coverage < 0.2


def test_a_small_store_answers_a_question_with_one_word_in_common() -> None:
    with Index.open(None) as index:
        index.update(manifest(), STORE[:1])
        with index.view(MAIN) as view:
            assert found(view, "how are failed payments handled") == [memory_id("webhook")]


def test_an_empty_query_is_no_abstention(view: View) -> None:
    assert search(view, SearchRequest("  ?!")).hits == () and not search(view, SearchRequest("  ?!")).abstained


def test_ties_go_by_id_in_any_order_of_indexing() -> None:
    equals = [change(f"equal{number}", "The same words.", title="Same") for number in range(8)]
    orders = []
    for files in (equals, equals[::-1]):
        with Index.open(None) as index:
            index.update(manifest(), files)
            with index.view(MAIN) as view:
                orders.append(found(view, "same words", limit=3))
    assert orders[0] == orders[1] == sorted(memory_id(f"equal{number}") for number in range(8))[:3]


def test_a_snippet_is_the_telling_line_in_plain_characters() -> None:
    body = "# Heading\n\nNothing here.\nThe \x1b[31mretry\x07\u202e queue \t is here.\n"
    assert snippet(body, {"retri": 2.0, "queue": 1.0}) == "The [31mretry queue is here."
    assert snippet(body, {"absent": 1.0}) == "# Heading"
    assert snippet("", {"absent": 1.0}) == ""


def test_a_long_line_is_cut_around_the_word() -> None:
    piece = snippet(f"{'before ' * 80}retry {'after ' * 80}", {"retri": 2.0})
    assert len(piece) <= LENGTH and "retry" in piece and piece.startswith("…") and piece.endswith("…")
