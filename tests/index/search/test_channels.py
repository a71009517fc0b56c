"""What each channel of recall finds, alone and together, in stores where the right answer is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import pytest

from memcli.core.memory.summary import Filters, MemorySummary
from memcli.index.database.index import Index
from memcli.index.database.view import View
from memcli.index.search.fusion import weights
from memcli.index.search.ranking import SearchRequest, SearchResult, search
from memcli.index.storage.manifest import FileChange
from memcli.index.vectors.embedding import Embedder, StaticEmbedder
from tests.index.embedders import Meanings
from tests.index.memories import MAIN, change, manifest, memory_id

ACTIVE = Filters()
NOUNS = (
    "invoice", "ledger", "refund", "webhook", "charge", "payout", "dispute",
    "handler", "receipt", "balance", "customer", "currency", "tax",
)  # fmt: skip
BILLING = [
    change(
        f"billing{number}",
        f"Each {NOUNS[number % 13]} follows its {NOUNS[number % 11]} within {number} hours, in the billing run.",
        title=f"Billing note {number}",
    )
    for number in range(500)
]
RACE = change(
    "race",
    "It ran twice when two deliveries came at once.",
    title="StripeWebhookHandler race condition",
    tags=("live",),
)


@contextmanager
def store(*files: FileChange, embedder: Embedder | None = None) -> Iterator[View]:
    with Index.open(None) as index:
        index.update(manifest(), files)
        with index.view(MAIN, embedder=embedder) as view:
            yield view


def found(answer: SearchResult) -> list[str]:
    return [hit.record.id for hit in answer.hits]


@pytest.fixture(scope="module")
def billing() -> Iterator[View]:
    with store(*BILLING, RACE) as view:
        yield view


@pytest.mark.parametrize("query", ["StripeWebhookHandler", "webhook handler", "stripe webhook", "race condition"])
def test_a_code_word_is_found_by_itself_and_by_its_parts(billing: View, query: str) -> None:
    assert found(search(billing, SearchRequest(query)))[0] == memory_id("race")


def test_a_paraphrase_is_found_by_meaning_alone() -> None:
    same = {"simultaneous": "once.", "payment": "twice", "callbacks": "deliveries", "collide": "race"}
    with store(*BILLING, RACE, embedder=Meanings(same)) as view:
        answer = search(view, SearchRequest("simultaneous payment callbacks collide"))
        assert memory_id("race") in found(answer)[:5]
        (hit,) = (hit for hit in answer.hits if hit.record.id == memory_id("race"))
        assert "dense" in hit.channels and "lexical" not in hit.channels


@pytest.mark.parametrize(("query", "name"), [("权限", "zh"), ("登录", "zh"), ("결제", "ko"), ("재시도", "ko")])
def test_unspaced_scripts_are_found_by_a_word(query: str, name: str) -> None:
    notes = [change("zh", "缓存的权限在登录时检查。"), change("ko", "결제가 실패하면 재시도합니다.")]
    with store(*BILLING[:50], *notes, change("zh2", "缓存写入磁盘。"), change("ko2", "배포는 금요일입니다.")) as view:
        assert found(search(view, SearchRequest(query)))[0] == memory_id(name)


def test_words_side_by_side_count_more_than_words_apart() -> None:
    apart = change("apart", "The retry waits, then it holds; the queue fills.", title="One")
    beside = change("beside", "It fills the retry queue and waits, then it holds.", title="Two")
    with store(*BILLING[:50], apart, beside) as view:
        answer = search(view, SearchRequest("retry queue"))
        assert found(answer)[0] == memory_id("beside")
        assert "adjacent" in answer.hits[0].channels


def test_a_repeated_word_is_what_a_long_question_is_about() -> None:
    ledger = change("zebra", "zebra entries are immutable")
    others = [change(f"other{number}", f"{word} entries") for number, word in enumerate(("cron", "shell", "cache"))]
    with store(*BILLING[:50], ledger, *others) as view:
        assert found(search(view, SearchRequest("cron zebra shell zebra cache entries")))[0] == memory_id("zebra")
        assert found(search(view, SearchRequest("cron cron zebra shell cache entries")))[0] == memory_id("other0")


def test_a_path_in_question_brings_the_memories_anchored_there() -> None:
    here = change("here", "Written once, never changed.", paths=("src/billing/tax.py",))
    with store(*BILLING[:50], here) as view:
        assert found(search(view, SearchRequest("why is src/billing/tax.py so odd")))[0] == memory_id("here")
        answer = search(view, SearchRequest("what holds for a refund", paths=["src/billing/tax.py"]))
        assert memory_id("here") in found(answer)
        (hit,) = (hit for hit in answer.hits if hit.record.id == memory_id("here"))
        assert hit.channels["anchor"].score == 1.0
        assert memory_id("here") not in found(search(view, SearchRequest("what holds for a refund")))


def test_the_newer_and_the_pinned_one_of_equals_come_first() -> None:
    old = change("a", "Deploys wait for the release train.", modified="2020-01-01T00:00:00Z")
    new = change("b", "Deploys wait for the release train.", modified="2026-01-01T00:00:00Z")
    pinned = change("c", "Deploys wait for the release train.", modified="2026-01-01T00:00:00Z", pin="true")
    better = change("d", "Deploys: the release train waits for no deploys.", modified="2020-01-01T00:00:00Z")
    with store(*BILLING[:50], old, new, pinned) as view:
        assert found(search(view, SearchRequest("deploys wait release train"))) == [memory_id(name) for name in "cba"]
    with store(*BILLING[:50], new, pinned, better) as view:
        assert found(search(view, SearchRequest("no deploys release train waits")))[0] == memory_id("d")


def test_a_supposed_answer_finds_what_the_question_has_no_words_for() -> None:
    note = change("note", "Nightly vacuum keeps the tables small.")
    with store(*BILLING[:50], note) as view:
        assert memory_id("note") not in found(search(view, SearchRequest("why is it slow at two o'clock")))
        assert found(search(view, SearchRequest("why is it slow at two o'clock", like="a nightly vacuum runs")))[
            0
        ] == memory_id("note")


def test_a_supposed_answer_names_nothing() -> None:
    with store(*BILLING[:50], RACE) as view:
        answer = search(view, SearchRequest("refund of a customer", like=f"see {memory_id('race')}"))
        assert answer.hits and all("exact" not in hit.channels for hit in answer.hits)


def test_factors_change_the_order_and_the_scores() -> None:
    equals = [change(name, "The release train leaves on Fridays.") for name in ("first", "second")]

    def weigh(records: Sequence[MemorySummary]) -> Mapping[str, float]:
        return {record.id: 0.7 for record in records if record.id == plain[0]}

    with store(*BILLING[:50], *equals) as view:
        before = search(view, SearchRequest("release train"))
        plain = found(before)
        after = search(view, SearchRequest("release train"), weigh)
        assert found(after) == plain[::-1]
        assert after.hits[1].score == pytest.approx(before.hits[0].score * 0.7)


def test_reciprocal_rank_fusion_can_be_chosen() -> None:
    with store(*BILLING[:50], RACE, embedder=Meanings()) as view:
        answer = search(view, SearchRequest("race condition", fusion="rrf"))
        assert found(answer)[0] == memory_id("race") and answer.hits[0].score == pytest.approx(1.0)
        assert {"neighbours", "recency", "importance"}.isdisjoint(answer.hits[0].channels)


@pytest.mark.parametrize("embedder", [Meanings(), StaticEmbedder()], ids=["meanings", "static"])
def test_every_channel_tells_rank_score_and_weight(embedder: Embedder) -> None:
    with store(*BILLING[:50], RACE, embedder=embedder) as view:
        answer = search(view, SearchRequest("webhook handler race condition live"))
        assert {"exact", "lexical", "adjacent", "dense", "recency", "importance"} <= set(answer.hits[0].channels)
        for hit in answer.hits:
            for name, one in hit.channels.items():
                assert one.rank >= 1 and 0 <= one.score <= 1 and one.weight == weights(embedder.name)[name]


def test_filters_hold_in_every_channel() -> None:
    notes = [
        change("in", "The release train leaves.", topic="trains", paths=("a/b.py",), tags=("train",)),
        change("out", f"The release train leaves, see [[{memory_id('in')}]].", paths=("a/b.py",), tags=("train",)),
    ]
    with store(*BILLING[:20], *notes, embedder=Meanings()) as view:
        filters = Filters(topics=("trains",))
        query = f"release train a/b.py {memory_id('out')}"
        assert found(search(view, SearchRequest(query, filters, paths=["a/b.py"]))) == [memory_id("in")]


def test_the_quotes_of_a_pasted_page_name_nothing() -> None:
    page = " ".join(f"word{number} of page{number}" for number in range(40))
    quoted = change("quoted", f"{page}; it says release train.")
    with store(*BILLING[:50], quoted) as view:
        for query, named in (('"release train"', True), (f'{page} "release train"', False)):
            (hit,) = (hit for hit in search(view, SearchRequest(query)).hits if hit.record.id == memory_id("quoted"))
            assert ("exact" in hit.channels) is named
