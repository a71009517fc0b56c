"""The index is a function of the tree: any way to a tree gives the rows, the digest and the answers of that tree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.memory.summary import Filters
from memcli.errors import Conflict
from memcli.index.database.index import Index
from memcli.index.search.ranking import SearchRequest, search
from memcli.index.storage.manifest import FileChange
from tests.index.memories import MAIN, SESSION, change, gone, manifest, memory_id, path_of, raw

NAMES = ["alpha", "beta", "gamma", "delta"]
WORDS = ["webhook", "retry", "queue", "ledger", "StripeWebhookHandler", "src/payments/webhook.py", "缓存权限"]
QUERIES = [
    "webhook retry",
    "ledger of the queue",
    "StripeWebhookHandler",
    "缓存",
    "queue webhook.py billing",
    "billing",
]

bodies = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
fronts: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["active", "retired", "superseded"]),
        "tags": st.just(["billing", "queue"]),
        "paths": st.just(["src/payments/*.py", "src/payments/webhook.py@3f2a9c1d"]),
        "key": st.just("payments.retries"),
        "modified": st.just("2026-11-21T00:00:00Z"),
    },
)


@st.composite
def file_changes(draw: st.DrawFn) -> FileChange:
    name = draw(st.sampled_from(NAMES))
    what = draw(st.sampled_from(["write", "write", "write", "remove", "break"]))
    if what == "remove":
        return gone(name)
    if what == "break":
        return raw(path_of(name), draw(st.sampled_from([b"no front matter", b"---\nid: x\n---\n", b"\xff\xfe"])))
    return change(name, draw(bodies), **draw(fronts))


updates = st.lists(st.lists(file_changes(), max_size=4), max_size=5)


def answers(index: Index, session: str | None = None, extra: list[FileChange] | None = None) -> list[object]:
    """Everything that a reader gets from a view, but the refs."""
    with index.view(MAIN, session, extra or []) as view:
        everything = Filters(all=True)
        found: list[object] = [
            search(view, SearchRequest(query, filters)) for query in QUERIES for filters in (Filters(), everything)
        ]
        hits = [
            [(hit.record.id, hit.score, hit.channels, hit.snippet) for hit in answer.hits]
            for answer in found
            if hasattr(answer, "hits")
        ]
        records = [(record._replace(ref=""), view.text(record)) for record in view.records(everything)]
        similar = [record.id for record in view.similar("webhook retry ledger", 3)]
        return [hits, records, similar, view.topics(), view.count(), view.count(everything)]


def built(tree: dict[str, FileChange]) -> Index:
    index = Index.open(None)
    index.update(manifest(), tree.values(), replace=True)
    return index


def applied(batches: list[list[FileChange]]) -> dict[str, FileChange]:
    """The tree that a sequence of updates ends in."""
    tree = {item.path: item for batch in batches for item in batch}
    return {path: item for path, item in sorted(tree.items()) if item.blob is not None}


@settings(max_examples=40)
@given(updates)
def test_any_updates_that_end_in_a_tree_equal_its_rebuild(batches: list[list[FileChange]]) -> None:
    with Index.open(None) as index, built(applied(batches)) as rebuilt:
        for batch in batches:
            index.update(manifest(), batch)
        index.update(manifest(), [])
        assert index.digest(MAIN) == rebuilt.digest(MAIN)
        assert index.unreadable(MAIN) == rebuilt.unreadable(MAIN)
        assert answers(index) == answers(rebuilt)
        assert index.problems() == []


@settings(max_examples=40)
@given(updates, st.lists(file_changes(), max_size=3), st.lists(file_changes(), max_size=3))
def test_a_view_with_candidates_equals_an_index_of_the_tree_it_shows(
    batches: list[list[FileChange]], candidates: list[FileChange], queued: list[FileChange]
) -> None:
    readable = [item for item in [*candidates, *queued] if item.blob and item.data.startswith(b"---\nid: 0")]
    shown = {**applied(batches), **{item.path: item for item in readable}}
    with Index.open(None) as index, built(shown) as whole:
        index.update(manifest(), applied(batches).values())
        index.update(manifest(ref=SESSION), [item for item in candidates if item in readable])
        before = index.digest(MAIN), index.digest(SESSION)
        assert answers(index, SESSION, [item for item in queued if item in readable]) == answers(whole)
        assert (index.digest(MAIN), index.digest(SESSION)) == before
        assert index.problems() == []


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index") as opened:
        yield opened


def test_what_was_indexed_is_there_after_reopening(index: Index, tmp_path: Path) -> None:
    assert index.persistent and index.manifest(MAIN) is None
    index.update(manifest("one"), [change("alpha", "webhook")])
    digest = index.digest(MAIN)
    index.close()
    with Index.open(tmp_path / "index") as again:
        assert again.manifest(MAIN) == manifest("one")
        assert again.digest(MAIN) == digest
        assert again.refs() == [MAIN]


def test_replace_drops_what_the_changes_do_not_name(index: Index) -> None:
    index.update(manifest("one"), [change("alpha", "webhook"), change("beta", "ledger"), raw("x.md", b"bad")])
    index.update(manifest("two"), [change("beta", "ledger")], replace=True)
    with index.view(MAIN) as view:
        assert [record.id for record in view.records()] == [memory_id("beta")]
    assert index.unreadable(MAIN) == []


def test_forget_leaves_nothing_of_one_ref_and_all_of_the_others(index: Index) -> None:
    index.update(manifest(), [change("alpha", "webhook")])
    index.update(manifest(ref=SESSION), [change("beta", "ledger")])
    digest = index.digest(MAIN)
    index.forget(SESSION)
    assert index.refs() == [MAIN] and index.digest(MAIN) == digest
    index.forget(MAIN)
    with index.view(MAIN, SESSION) as view:
        assert view.count(Filters(all=True)) == 0


def test_an_unreadable_file_is_reported_and_blocks_nothing(index: Index) -> None:
    index.update(manifest(), [change("alpha", "webhook"), raw("semantic/a/bad.md", b"---\ntitle: [\n---\n")])
    ((path, message),) = index.unreadable(MAIN)
    assert path == "semantic/a/bad.md" and message
    with index.view(MAIN) as view:
        assert view.count() == 1


def test_a_failing_update_changes_nothing(index: Index) -> None:
    index.update(manifest("one"), [change("alpha", "webhook")])
    digest = index.digest(MAIN)

    def breaking() -> Iterator[FileChange]:
        yield change("beta", "ledger")
        raise RuntimeError("the tree could not be read")

    with pytest.raises(RuntimeError):
        index.update(manifest("two"), breaking(), replace=True)
    assert index.digest(MAIN) == digest and index.manifest(MAIN) == manifest("one")


def test_changes_since_another_tree_are_refused(index: Index) -> None:
    index.update(manifest("one"), [change("alpha", "webhook")])
    with pytest.raises(Conflict):
        index.update(manifest("three"), [change("beta", "ledger")], base="two")
    index.update(manifest("two"), [change("beta", "ledger")], base="one")
    assert index.manifest(MAIN) == manifest("two")
