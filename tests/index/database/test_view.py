"""A view: one reader's store, with candidates over main and unsaved files over both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from memcli.core.memory.anchors import matches
from memcli.core.memory.document import parse_document
from memcli.core.memory.schema import read_memory
from memcli.core.memory.summary import Filters
from memcli.core.review.claim import claim_hash
from memcli.index.database.index import Index
from memcli.index.database.view import View
from memcli.index.storage.manifest import FileChange
from tests.index.memories import MAIN, SESSION, change, gone, manifest, memory_id, raw, text_of

STORE = [
    change("alpha", "The webhook is retried.", key="pay.retry", valid_from="2026-02-01T00:00:00Z", status="active"),
    change("beta", "The ledger locks.", key="pay.retry", valid_from="2026-01-01T00:00:00Z", status="superseded"),
    change("gamma", f"See [[{memory_id('alpha')[:12]}…|retries]].", tags=("retry-queue", "ops"), topic="ops"),
    change("delta", "A queue.", paths=("src/pay/queue.py@3f2a9c1d", "docs/"), based_on=(memory_id("alpha"),)),
    change("epsilon", "A glob.", paths=("src/**/*.ts",), kind="procedural", type="procedure", pin="true"),
]


def ids(*names: str) -> list[str]:
    return sorted(memory_id(name) for name in names)


@pytest.fixture
def index() -> Iterator[Index]:
    with Index.open(None) as opened:
        opened.update(manifest(), STORE)
        yield opened


@pytest.fixture
def view(index: Index) -> Iterator[View]:
    with index.view(MAIN) as opened:
        yield opened


def test_a_record_says_what_the_file_says(view: View) -> None:
    record = view.get(memory_id("gamma"))
    assert record and record.title == "About gamma" and record.tags == ("retry-queue", "ops")
    assert view.text(record).encode() == STORE[2].data
    assert view.get(memory_id("nobody")) is None
    pinned = view.get(memory_id("epsilon"))
    assert pinned and pinned.pin is True and pinned.conflict is False


def test_ids_are_found_by_either_end_in_any_case(view: View) -> None:
    full = memory_id("alpha")
    assert [record.id for record in view.find(full[-6:].lower())] == [full]
    assert [record.id for record in view.find(full.lower())] == [full]
    assert [record.id for record in view.find(full[:6])] == ids("alpha", "beta", "gamma", "delta", "epsilon")
    for text in ("", "%", "' OR 1=1", "ZZZZZZZ", "webhook"):
        assert view.find(text) == []


def test_a_key_is_a_timeline(view: View) -> None:
    assert [record.id for record in view.by_key("pay.retry")] == [memory_id("beta"), memory_id("alpha")]


def test_the_same_content_is_found_by_its_hash(view: View) -> None:
    memory, _ = read_memory(
        parse_document(text_of("other", "The  ledger\nlocks.", key="pay.retry", status="superseded"))
    )
    assert memory
    assert [record.id for record in view.by_claim(claim_hash(memory))] == ids("beta")


def test_links_may_be_cut_short(view: View) -> None:
    assert [record.id for record in view.linking_to(memory_id("alpha"))] == ids("gamma", "delta")
    assert [record.id for record in view.linking_to(memory_id("alpha"), "based_on")] == ids("delta")
    assert view.linking_to(memory_id("beta")) == []


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (Filters(), ["alpha", "gamma", "delta", "epsilon"]),
        (Filters(all=True), ["alpha", "beta", "gamma", "delta", "epsilon"]),
        (Filters(statuses=("superseded",)), ["beta"]),
        (Filters(kinds=("procedural",)), ["epsilon"]),
        (Filters(types=("procedure", "event")), ["epsilon"]),
        (Filters(topics=("ops",)), ["gamma"]),
        (Filters(tags=("ops",)), ["gamma"]),
        (Filters(tags=("retry",)), []),
        (Filters(keys=("pay.retry",)), ["alpha"]),
        (Filters(paths=("src/pay/queue.py",)), ["delta"]),
        (Filters(paths=("./src/pay/",)), ["delta"]),
        (Filters(paths=("docs/guide/intro.md",)), ["delta"]),
        (Filters(paths=("src/ui/app.ts",)), ["epsilon"]),
        (Filters(paths=("src",)), ["delta", "epsilon"]),
        (Filters(paths=("src/pay/queue.pyc", "doc")), []),
        (Filters(paths=("src",), kinds=("semantic",)), ["delta"]),
    ],
)
def test_filters(view: View, filters: Filters, names: list[str]) -> None:
    assert sorted(record.id for record in view.records(filters)) == ids(*names)
    assert view.count(filters) == len(names)
    assert sorted(view.by_ids(ids("alpha", "beta", "gamma", "delta", "epsilon"), filters)) == ids(*names)


@pytest.mark.parametrize(
    ("glob", "path", "does"),
    [
        ("src/*.py", "src/a.py", True),
        ("src/*.py", "src/a/b.py", False),
        ("src/**/*.py", "src/b.py", True),
        ("src/**/*.py", "src/a/b/c.py", True),
        ("src/*", "src/a/b.py", True),
        ("**/test_?.py", "deep/down/test_a.py", True),
        ("[!a]*.md", "b.md", True),
        ("[!a]*.md", "a.md", False),
        ("a+(b).py", "aab.py", False),
    ],
)
def test_globs(glob: str, path: str, does: bool) -> None:
    assert matches(glob, path) is does


def test_records_come_last_modified_first_then_by_id(index: Index) -> None:
    index.update(manifest(), [change("zeta", "new", modified="2027-01-01T00:00:00Z")])
    with index.view(MAIN) as view:
        found = [record.id for record in view.records()]
    assert found == [memory_id("zeta"), *ids("alpha", "gamma", "delta", "epsilon")]


def test_topics_count_active_memories(view: View) -> None:
    assert view.topics() == [("general", 3), ("ops", 1)]


def test_similar_is_by_telling_words_in_any_status(view: View) -> None:
    assert [record.id for record in view.similar("ledgers that lock", 1)] == ids("beta")
    assert view.similar("", 3) == [] and view.similar("unheard", 3) == []


def test_a_candidate_shadows_its_memory_and_unsaved_files_shadow_both(index: Index) -> None:
    index.update(manifest(ref=SESSION), [change("alpha", "As a candidate."), change("new", "Only here.")])
    queued = [change("alpha", "As queued.", path="semantic/general/moved.md")]
    with index.view(MAIN, SESSION) as view:
        record = view.get(memory_id("alpha"))
        assert record and record.ref == SESSION and view.text(record).endswith("As a candidate.")
        assert view.count() == 5
    with index.view(MAIN, SESSION, queued) as view:
        record = view.get(memory_id("alpha"))
        assert record and record.path.endswith("moved.md") and view.text(record).endswith("As queued.")
        assert view.count() == 5
    with index.view(MAIN) as view:
        record = view.get(memory_id("alpha"))
        assert record and record.ref == MAIN and view.get(memory_id("new")) is None


@pytest.mark.parametrize("candidate", [gone("alpha"), raw("semantic/general/alpha.md", b"---\nbroken: [\n---\n")])
def test_a_candidate_that_is_no_memory_hides_nothing(index: Index, candidate: FileChange) -> None:
    index.update(manifest(ref=SESSION), [change("alpha", "As a candidate.")])
    with index.view(MAIN, SESSION, [candidate]) as view:
        record = view.get(memory_id("alpha"))
        assert record and record.ref == MAIN


def test_without_an_indexed_main_a_view_has_the_candidates(index: Index) -> None:
    with index.view("refs/remotes/origin/mem/main", None, [change("new", "A queued webhook.")]) as view:
        assert [record.id for record in view.records()] == ids("new")
        assert view.fulltext.frequencies(["webhook"]) == {"webhook": 1}
    with index.view("refs/remotes/origin/mem/main") as view:
        assert view.count() == 0 and view.similar("webhook", 3) == []


def test_what_changed_paths_concern(index: Index) -> None:
    more = [
        change("zeta", "By rule.", holds_if=("./src/rules.py contains x", "docs exists", "no rule")),
        change("eta", "Brackets.", paths=("app/[id]/page.tsx",)),
        change("theta", "All.", paths=("./docs/", "**/*.md"), status="retired"),
    ]
    index.update(manifest(), more)
    index.update(manifest(ref=SESSION), [change("delta", "Elsewhere now.", paths=("lib",))])
    asked = {
        ("src/pay/queue.py",): ids("delta"),
        ("./src/pay/queue.py",): ids("delta"),
        ("src/pay",): [],
        ("docs/a/b.txt",): ids("delta", "theta", "zeta"),
        ("src/web/app.ts",): ids("epsilon"),
        ("src/app.ts", "src/rules.py"): ids("epsilon", "zeta"),
        ("app/[id]/page.tsx",): ids("eta"),
        ("README.md",): ids("theta"),
        ("no",): [],
        (): [],
    }
    with index.view(MAIN) as view:
        assert {paths: sorted(one.id for one in view.anchored_among(paths)) for paths in asked} == asked
    with index.view(MAIN, SESSION) as view:
        assert view.anchored_among(["src/pay/queue.py"]) == []
        assert [one.id for one in view.anchored_among(["lib/deep/x.py"])] == ids("delta")


def test_what_is_over_by_an_instant(index: Index) -> None:
    more = [
        change("zeta", "Over.", expires="2026-12-01T00:00:00Z"),
        change("eta", "By date.", expires="2026-12-02"),
        change("theta", "Retired.", expires="2026-12-01", status="retired"),
    ]
    index.update(manifest(), more)
    with index.view(MAIN) as view:
        assert view.expired("2026-11-30T23:59:59Z") == []
        assert [one.id for one in view.expired("2026-12-01T00:00:00Z")] == ids("zeta")
        assert sorted(one.id for one in view.expired("2026-12-02T00:00:00Z")) == ids("zeta", "eta")
        assert [one.id for one in view.superseded_before("2026-11-20T09:30:01Z")] == ids("beta")
        assert view.superseded_before("2026-11-20T09:30:00Z") == []
