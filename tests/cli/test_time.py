"""`--as-of` and `--valid-at` on the command line."""

from __future__ import annotations

import pytest

from tests.conftest import Mem, Repo


@pytest.fixture
def known(fast: Mem) -> str:
    """A key with two values, promoted a month apart; the id of the first."""
    fast("init")
    ids = []
    for month, limit in (("03", "three"), ("04", "five")):
        at = {"GIT_COMMITTER_DATE": f"2026-{month}-01T10:00:00Z"}
        added = fast("add", f"The retry limit is {limit}", "--key", "retries", "--json", env=at)
        ids.append(added.json()["id"])
        assert fast("promote", "--yes", env=at).code == 0
    return str(ids[0])


def test_recall_says_when_it_looked(fast: Mem, known: str, repo: Repo) -> None:
    data = fast("recall", "retry", "limit", "--as-of", "2026-03-15", "--json").json()
    commit, tree = repo.git("log", "-1", "--format=%H %T", "mem/main~1").split()
    assert (data["tree"], data["valid_at"]) == (tree, None)
    assert data["as_of"] == {"commit": commit, "at": "2026-03-15T23:59:59Z"}
    assert [(hit["id"], hit["status"]) for hit in data["hits"]] == [(known, "active")]
    held = fast("recall", "retry", "limit", "--valid-at", "2026-03-15", "--json").json()
    assert (held["as_of"], held["valid_at"]) == (None, "2026-03-15T23:59:59Z")
    assert [(hit["id"], hit["status"]) for hit in held["hits"]] == [(known, "superseded")]
    now = fast("recall", "retry", "limit", "--json").json()
    assert (now["as_of"], now["valid_at"], now["tree"]) == (None, None, repo.git("rev-parse", "mem/main^{tree}"))


def test_before_the_store_began_there_is_nothing(fast: Mem, known: str) -> None:
    assert known
    for words in (["recall", "retry limit"], ["list"], ["list", "--all"]):
        found = fast(*words, "--as-of", "1960-01-01", "--json")
        assert found.code == 0 and not [*found.json().get("hits", []), *found.json().get("memories", [])]
    data = fast("recall", "retry limit", "--as-of", "1960-01-01", "--json").json()
    assert data["as_of"] == {"commit": None, "at": "1960-01-01T23:59:59Z"}


def test_show_and_list_look_back_too(fast: Mem, known: str) -> None:
    listed = fast("list", "--as-of", "2026-03-15", "--json").json()["memories"]
    assert [one["id"] for one in listed] == [known]
    assert [one["id"] for one in fast("list", "--valid-at", "2026-03-15", "--json").json()["memories"]] == [known]
    assert fast("show", known, "--as-of", "2026-03-15", "--json").json()["status"] == "active"
    assert fast("show", known, "--json").json()["status"] == "superseded"
    newer = fast("show", known, "--valid-at", "2026-04-01", "--json").json()
    assert newer["title"] == "The retry limit is five"
    missing = fast("show", known, "--valid-at", "2020-01-01", "--json")
    assert missing.code == 4 and "timeline" in missing.error()["hint"]


@pytest.mark.parametrize("option", ["--as-of", "--valid-at"])
@pytest.mark.parametrize("text", ["yesterday", "", "2026-02-30", "HEAD@{1}", ":/three", "mem/main^{tree}"])
def test_what_means_nothing_is_a_usage_error(fast: Mem, known: str, option: str, text: str) -> None:
    for words in (["recall", "retry"], ["list"], ["show", known]):
        refused = fast(*words, option, text, "--json")
        assert refused.code == 2 and refused.out == ""
        assert refused.error()["hint"].startswith("give a date (2026-11-20)")
