"""`mem review`: all that waits on one page by topic, one session by the same view, and the same as HTML."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.conftest import Mem, Repo

SECRET = "sk_live_5x5BHkMNggAe6FaG546FuFgH"


def propose(mem: Mem, session: str, agent: str, *texts: str, topic: str = "queue") -> list[str]:
    """The ids of candidates in a new session of an agent."""
    mem("session", "start", session, "--agent", agent, "--task", f"the work of {agent}")
    lines = "\n".join(json.dumps({"body": text, "topic": topic, "type": "fact"}) for text in texts)
    added = mem("add", "--batch", "-", "--json", "--agent", agent, "--session", session, input=lines)
    return [memory["id"] for memory in added.json()["memories"]]


@pytest.fixture
def store(fast: Mem) -> Mem:
    fast("init")
    return fast


def test_all_sessions_are_on_one_page_by_topic(store: Mem) -> None:
    propose(store, "one", "codex", "The queue is durable.", "The API speaks JSON.")
    propose(store, "two", "gemini", "Invoices have a number.", topic="billing")
    page = store("review")
    assert page.code == 0
    topics = re.findall(r"^── (\S+) · ", page.out, re.MULTILINE)
    assert topics == ["billing", "queue"]
    assert "codex · one · just now" in page.out and "the work of gemini" in page.out
    assert "3 candidates of 2 sessions: 3 clean" in page.out and "next: mem promote --clean" in page.out
    data = store("review", "--json").json()
    assert [session["session"] for session in data["sessions"]] == ["two", "one"] or len(data["sessions"]) == 2
    assert len(data["candidates"]) == 3 and data["session"] is None and len(data["result"]) == 40


def test_the_result_of_all_is_what_lands_with_all(store: Mem) -> None:
    propose(store, "one", "codex", "The queue is durable.")
    propose(store, "two", "gemini", "Invoices have a number.", topic="billing")
    result = store("review", "--json").json()["result"]
    sessions = [session["session"] for session in store("review", "--json").json()["sessions"]]
    for name in sessions:
        store("promote", name, "--yes")
    assert store("init", "--json").json()["tip"] and result == _tree(store)


def _tree(mem: Mem) -> str:
    return str(mem("hydrate", "--json").json()["tree"])


def test_one_session_is_as_before_in_json(store: Mem) -> None:
    propose(store, "one", "codex", "The queue is durable.")
    propose(store, "two", "gemini", "Invoices have a number.", topic="billing")
    data = store("review", "one", "--json").json()
    assert (data["session"], data["verdict"], len(data["candidates"])) == ("one", "person", 1)
    alone = store("review", "--by", "codex", "--json").json()
    assert alone["session"] == "one" and len(alone["sessions"]) == 1


def test_nothing_that_waits_is_no_error(store: Mem) -> None:
    assert store("review").out == "nothing awaits review\n"
    data = store("review", "--json").json()
    assert (data["session"], data["verdict"], data["sessions"], data["candidates"]) == (None, "empty", [], [])


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (("--topic", "billing"), {"Invoices have a number"}),
        (("--by", "codex"), {"The queue is durable", "The API speaks JSON"}),
        (("queue/*api*",), {"The API speaks JSON"}),
        (("two",), {"Invoices have a number"}),
        (("--clean", "--type", "fact"), {"Invoices have a number", "The queue is durable", "The API speaks JSON"}),
    ],
)
def test_filters_narrow_the_page(store: Mem, words: tuple[str, ...], titles: set[str]) -> None:
    propose(store, "one", "codex", "The queue is durable.", "The API speaks JSON.")
    propose(store, "two", "gemini", "Invoices have a number.", topic="billing")
    page = store("review", *words).out
    known = {"Invoices have a number", "The queue is durable", "The API speaks JSON"}
    assert {title for title in known if f"+ {title}  " in page} == titles


def test_a_finding_about_a_pair_stands_once(store: Mem) -> None:
    propose(store, "one", "codex", "Deliveries are retried at most 5 times.")
    propose(store, "two", "gemini", "Deliveries are retried at most 9 times.")
    page = store("review").out
    assert page.count("warn: contradiction: ") == 1 and page.count("see above") == 1
    assert "0 clean, 2 with warnings" in page


def test_what_blocks_is_named_and_the_code_says_so(store: Mem) -> None:
    store("session", "start", "work", "--worktree", "--agent", "codex")
    worktree = Path(store("session", "path", "--session", "work", "--json").json()["path"])
    (worktree / "semantic" / "pay").mkdir(parents=True)
    (worktree / "semantic" / "pay" / "key.md").write_text(f"The key is {SECRET}.\n", "utf-8")
    page = store("review")
    assert page.code in (0, 6) and SECRET not in page.out


@pytest.mark.parametrize("width", [80, 140])
def test_every_line_fits_the_terminal(store: Mem, width: int) -> None:
    propose(
        store, "one", "codex", "A fact about queues that is told at length. " * 8, f"https://{'x' * 150}.example.com"
    )
    propose(
        store, "two", "gemini", "東京リージョンのゲートウェイは30秒でタイムアウトする。" * 5, "Deliveries: 5 tries."
    )
    page = store("review", env={"COLUMNS": str(width)}).out
    cells = [sum(2 if ord(letter) > 0x2E80 else 1 for letter in line) for line in page.splitlines()]
    assert max(cells) <= width


def test_the_page_as_html_is_written_where_nobody_works(store: Mem, repo: Repo) -> None:
    propose(store, "one", "codex", "The queue is durable. <script>alert(1)</script>")
    done = store("review", "--web", env={"BROWSER": "true"})
    file = repo.path / ".git" / "mem" / "review.html"
    assert done.code == 0 and done.out.strip().endswith("review.html") and repo.git("status", "--porcelain") == ""
    html = file.read_text("utf-8")
    assert "The queue is durable" in html and "<script>" not in html and "Content-Security-Policy" in html
    assert file.parent.stat().st_mode & 0o077 == 0


def test_the_file_can_be_chosen_and_no_browser_is_no_error(store: Mem, tmp_path: Path) -> None:
    propose(store, "one", "codex", "The queue is durable.")
    file = tmp_path / "page.html"
    done = store("review", "one", "--web", "--output", str(file), env={"PATH": os.defpath, "BROWSER": "nosuchbrowser"})
    assert done.code == 0 and str(file) in done.out and file.exists()
    assert store("review", "--output", "-").out.startswith("<!doctype html>")


def test_in_a_clone_that_only_reads_nothing_awaits_review(store: Mem, repo: Repo, tmp_path: Path) -> None:
    store("add", "The queue is durable.")
    store("promote", "--yes")
    clone = tmp_path / "clone"
    repo.git("clone", "-q", str(repo.path), str(clone))
    assert store("review", cwd=clone).out == "nothing awaits review\n"
    page = store(cwd=clone)
    assert page.code == 0 and "1 active memory" in page.out and "mem init" in page.err


def test_where_nothing_is_clean_the_page_says_so(store: Mem) -> None:
    assert "'mem add' adds a candidate" in store("review", "--clean").err
    store("add", "Orders are archived after 30 days.", "--promote")
    propose(store, "one", "codex", "Orders are archived after 90 days.")
    page = store("review", "--clean")
    assert (page.code, page.out) == (0, "no candidate is without warnings\n") and "mem review" in page.err
