"""Trees that the index does not hold: rank-bm25 says of them what the index would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.memory.summary import Filters
from memcli.core.text import analysis
from memcli.errors import Conflict
from memcli.index.database.index import Index
from memcli.index.database.tree_full_text import TreeFullText
from memcli.index.database.view import ANY, View
from memcli.index.search.channels import DEPTH
from memcli.index.search.query import MOST_TERMS
from memcli.index.search.ranking import SearchRequest, search
from memcli.index.storage.full_text import Expression, any_of, phrase
from memcli.index.storage.manifest import FileChange
from tests.index.memories import MAIN, SESSION, change, gone, manifest, memory_id
from tests.index.test_quality import corpus
from tests.index.test_quality import pytestmark as needs_corpora
from tests.index.vectors.test_dense import Words

needs = needs_corpora
ANYTHING = ("1", list[object]())


@contextmanager
def both(then: Sequence[FileChange], now: Sequence[FileChange]) -> Iterator[tuple[View, View]]:
    """One tree indexed, and the same laid over the index of another: the files that differ, and those only there."""
    there = {file.path: file for file in then}
    changes = [file for file in then if file not in now]
    changes += [FileChange(file.path, None, b"") for file in now if file.path not in there]
    with Index.open(None) as plain, Index.open(None) as other:
        plain.update(manifest("then"), then)
        other.update(manifest("now"), now)
        with plain.view(MAIN) as expected, other.past(manifest("then"), changes, base="now") as found:
            yield expected, found


def same(expected: View, found: View, expression: Expression) -> None:
    """The same memories with the same scores in the same order."""
    for passes in (ANYTHING, ("kind = ? AND row > ?", ["semantic", 0])):
        wanted = expected.fulltext.ranked(expression, passes, DEPTH)
        got = found.fulltext.ranked(expression, passes, DEPTH)
        assert [memory for memory, _ in got] == [memory for memory, _ in wanted]
        assert [score for _, score in got] == pytest.approx([score for _, score in wanted], rel=1e-12)


@needs
@pytest.mark.parametrize("name", ["memstore_en", "memstore_xx", "faq"])
@pytest.mark.parametrize("laid", ["all", "one", "half"])
def test_at_the_tip_order_and_scores_are_those_of_the_index(name: str, laid: str) -> None:
    files, queries = corpus(name)
    now = {"all": [], "one": files[1:], "half": [*map(reworded, files[::2]), *files[1::2]]}[laid]
    with both(files, now) as (expected, found):
        assert isinstance(found.fulltext, TreeFullText)
        assert found.fulltext.size() == expected.fulltext.size()
        for query, _ in queries[:15]:
            terms = [*analysis.stems(query), *analysis.identifiers(query)]
            assert found.fulltext.frequencies(terms) == expected.fulltext.frequencies(terms)
            assert found.fulltext.counts(terms, 3) == expected.fulltext.counts(terms, 3)
            same(expected, found, any_of(terms[:MOST_TERMS]))
            same(expected, found, phrase(analysis.stems(query)[:2], "body"))
            hits = [
                [(hit.record.id, hit.snippet) for hit in search(view, SearchRequest(query)).hits]
                for view in (expected, found)
            ]
            assert hits[0] == hits[1]


def reworded(file: FileChange) -> FileChange:
    """The file as it may have been at another time."""
    return replace(file, blob="other", data=file.data + b"\nAnother version, with a queue and a ledger.\n")


words = st.sampled_from(["queue", "ledger", "retry", "lock", "webhook", "数据库", "retry_queue"])
bodies = st.lists(words, min_size=1, max_size=8).map(" ".join)
trees = st.dictionaries(st.sampled_from("abcdef"), st.tuples(bodies, bodies), max_size=6)


@settings(max_examples=80)
@given(trees, trees, st.lists(words, min_size=1, max_size=4))
def test_any_tree_laid_over_any_other_is_that_tree(
    then: dict[str, tuple[str, str]], now: dict[str, tuple[str, str]], asked: list[str]
) -> None:
    files, others = ([change(name, body, title=title) for name, (title, body) in tree.items()] for tree in (then, now))
    with both(files, others) as (expected, found):
        assert list(found.records(ANY)) == list(expected.records(ANY))
        assert [found.text(one) for one in found.records(ANY)] == [expected.text(one) for one in expected.records(ANY)]
        terms = [term for word in asked for term in (*analysis.stems(word), *analysis.identifiers(word))]
        assert found.fulltext.frequencies(terms) == expected.fulltext.frequencies(terms)
        same(expected, found, any_of(dict.fromkeys(terms)))
        for column in ("title", "body", "idents"):
            same(expected, found, phrase(terms[:2], column))
        for one in expected.records(ANY):
            assert found.fulltext.terms_of(one.ref, one.path) == expected.fulltext.terms_of(one.ref, one.path)


STORE = [change("alpha", "The queue is retried."), change("beta", "The ledger locks."), change("gamma", "A queue.")]
PAST = [change("alpha", "The queue was dropped.", tags=("ops",)), gone("gamma")]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index") as opened:
        opened.update(manifest("now"), STORE)
        yield opened


def asked(view: View, query: str) -> list[str]:
    return [hit.record.title for hit in search(view, SearchRequest(query)).hits]


def test_a_past_tree_holds_neither_what_came_later_nor_a_sessions_candidates(index: Index) -> None:
    index.update(manifest(ref=SESSION), [change("delta", "A queue of the session.")])
    with index.past(manifest("then"), PAST, base="now") as view:
        assert asked(view, "queue") == ["About alpha"]
        assert view.tree == "then"
        assert [record.id for record in view.records(Filters(tags=("ops",)))] == [memory_id("alpha")]
        assert view.tagged(["ops"]) == [memory_id("alpha")]
        assert "dropped" in view.text(next(iter(view.by_ids([memory_id("alpha")]).values())))
        assert view.get(memory_id("gamma")) is None and view.get(memory_id("delta")) is None
        assert [one.title for one in view.similar("the queue was dropped", 3)] == ["About alpha"]


@pytest.mark.parametrize("persistent", [True, False])
def test_the_past_can_be_asked_by_meaning(index: Index, persistent: bool) -> None:
    index.database.persistent = persistent
    words = Words()
    for _ in range(2):
        with index.past(manifest("then"), PAST, base="now", embedder=words) as view:
            assert view.dense and view.degraded is None
            found = view.dense.nearest("queue", 5, ANY)
        assert found[0][0] == memory_id("alpha") and memory_id("gamma") not in dict(found)
        with index.view(MAIN, embedder=words) as view:
            assert view.dense and memory_id("gamma") in dict(view.dense.nearest("queue", 5, ANY))


def test_looking_at_the_past_changes_nothing(index: Index) -> None:
    before = index.digest(MAIN), index.manifest(MAIN)
    with index.past(manifest("then"), PAST, base="now") as view:
        assert asked(view, "dropped") == ["About alpha"]
    assert (index.digest(MAIN), index.manifest(MAIN)) == before
    with index.view(MAIN) as view:
        assert asked(view, "dropped") == []


def test_a_tree_with_the_same_memories_is_read_from_the_index(index: Index) -> None:
    with index.past(manifest("then"), [], base="now") as view:
        assert not isinstance(view.fulltext, TreeFullText)
        assert asked(view, "ledger") == ["About beta"]


def test_an_index_that_cannot_be_written_answers_too(index: Index) -> None:
    index.database.persistent = False
    with index.past(manifest("then"), PAST, base="now") as view:
        assert asked(view, "dropped") == ["About alpha"]
    with index.view(MAIN) as view:
        assert asked(view, "dropped") == []


@pytest.mark.parametrize("changes", [PAST, []])
def test_an_index_that_was_moved_on_meanwhile_is_a_conflict(index: Index, changes: list[FileChange]) -> None:
    with pytest.raises(Conflict), index.past(manifest("then"), changes, base="before"):
        pass


def test_an_empty_tree_has_no_answers(index: Index) -> None:
    with index.past(manifest("empty"), [gone(name) for name in ("alpha", "beta", "gamma")], base="now") as view:
        assert asked(view, "queue") == []
        assert view.fulltext.size() == 0 and view.fulltext.frequencies(["queue"]) == {"queue": 0}
