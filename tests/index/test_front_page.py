"""The front page from the index is the front page of the memories, however many there are."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.memory.document import Value
from memcli.core.pack.front_page import front_page_of, page_of
from memcli.index.database.index import Index
from tests.index.memories import MAIN, change, manifest

Front = dict[str, Value]
_FRONTS = st.fixed_dictionaries(
    {
        "topic": st.sampled_from(("alpha", "beta", "gamma", "äther", "z-1")),
        "status": st.sampled_from(("active", "active", "active", "retired", "superseded")),
        "modified": st.integers(1, 28).map(lambda day: f"2026-10-{day:02}T00:00:00Z"),
        "pin": st.sampled_from((None, None, "true")),
        "conflict": st.sampled_from((None, None, None, "true")),
        "attention": st.sampled_from((None, None, None, "look at this")),
    }
)


@given(st.lists(_FRONTS, max_size=60), st.lists(_FRONTS, max_size=4))
@settings(max_examples=40)
def test_the_page_of_the_index_is_that_of_its_rows(main: list[Front], more: list[Front]) -> None:
    with Index.open(None) as index:
        index.update(manifest(), [change(f"m{n}", f"Body {n}.\n", None, **front) for n, front in enumerate(main)])
        extra = [change(f"m{n}", f"Another body {n}.\n", None, **front) for n, front in enumerate(more)]
        with index.view(MAIN, extra=extra) as view:
            assert page_of(view) == front_page_of(view.records())
