"""`mem` alone: what waits, what is asked, what is proposed, and the next command."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Mem, Repo

ADD = ("add", "--topic", "queue", "--type", "fact")


@pytest.fixture
def store(fast: Mem) -> Mem:
    fast("init")
    return fast


def test_a_repository_without_a_store_is_told_how_to_begin(fast: Mem) -> None:
    done = fast()
    assert done.code == 3 and "memory" in done.out and done.out.rstrip().endswith("next: mem init")
    as_json = fast("--json")
    assert as_json.code == 3 and as_json.out == "" and as_json.error()["code"] == "no-store"


def test_outside_of_a_repository_the_error_says_so(fast: Mem, tmp_path: Path) -> None:
    done = fast(cwd=tmp_path)
    assert done.code == 3 and "not inside a git repository" in done.err and "git init" in done.err and not done.out


def test_an_empty_store_says_how_to_fill_it(store: Mem) -> None:
    done = store()
    assert done.code == 0 and "nothing waits for a decision" in done.out and "next: mem add TEXT" in done.out


def test_what_waits_has_its_title_author_task_and_age(store: Mem) -> None:
    store("session", "start", "limits", "--task", "find the limits", "--agent", "codex")
    store(*ADD, "The limit is 5.", "--agent", "codex", "--session", "limits")
    store(*ADD, "The team meets at nine.")
    page = store().out
    assert "2 candidates in 2 sessions to review" in page
    assert re.search(r"limits +codex, just now: find the limits\n  \+ The limit is 5 +[0-9A-Z]{6}\n", page)
    assert "Ada Example, just now" in page and "next: mem review" in page


def test_many_candidates_are_capped_and_counted(store: Mem) -> None:
    lines = "\n".join(json.dumps({"body": f"Fact {number} of its own kind."}) for number in range(40))
    store("add", "--batch", "-", input=lines)
    page = store().out
    assert "40 candidates in 1 session" in page and "… and 22 more" in page
    assert len(store("--json").json()["sessions"][0]["candidates"]) == 40


def test_long_titles_end_in_an_ellipsis_by_display_width(store: Mem) -> None:
    store("add", "--title", "東京リージョンのタイムアウト" * 6, "A body.")
    store("add", "--title", "A title that is long " * 5, "Another body.")
    for width in (80, 140):
        lines = store(env={"COLUMNS": str(width)}).out.splitlines()
        titles = [line for line in lines if line.startswith("  + ")]
        assert any("…" in line for line in titles)
        cells = [sum(2 if ord(letter) > 0x2E80 else 1 for letter in line) for line in titles]
        assert len(set(cells)) == 1 and cells[0] <= width, "the ids stand in one column"


def test_findings_are_shown_once_a_review_has_found_them(store: Mem) -> None:
    for name, count in (("one", 5), ("two", 9)):
        store("session", "start", name, "--agent", "codex")
        store(*ADD, f"Deliveries are retried at most {count} times.", "--agent", "codex", "--session", name)
    assert "contradiction" not in store().out and not store("--json").json()["sessions"][0]["checked"]
    store("review")
    assert store().out.count("  contradiction") == 2 and "2 with warnings" in store().out
    store(*ADD, "The queue is durable.", "--agent", "codex", "--session", "two")
    sessions = {each["session"]: each["checked"] for each in store("--json").json()["sessions"]}
    assert sessions == {"one": True, "two": False}


def test_open_questions_have_title_against_title(store: Mem) -> None:
    for count in (5, 9):
        store(*ADD, f"Deliveries are retried at most {count} times.")
    store("promote", "--yes")
    store("dream")
    page = store().out
    assert re.search(r"dream-\S+ proposes", page) or "open question" in page


def test_one_json_document(store: Mem) -> None:
    store(*ADD, "The limit is 5.")
    done = store("--json")
    document = json.loads(done.out)
    assert done.err == "" and document["schema"] == "memcli/inbox@1"
    assert document["data"]["next"][0]["command"] == "mem review"
    assert document["data"]["sessions"][0]["candidates"][0]["title"] == "The limit is 5"


def test_control_characters_of_the_store_are_escaped(store: Mem, repo: Repo) -> None:
    store(*ADD, "The limit is 5.")
    ref = repo.git("for-each-ref", "--format=%(refname)", "refs/mem/sessions/")
    name = repo.git("ls-tree", "-r", "--name-only", ref).splitlines()[-1]
    blob = repo.git("show", f"{ref}:{name}").replace("title: The limit is 5", 'title: "ev\\e[31mil\\u202E"')
    replace_file(repo, ref, name, blob)
    done = store("--color", "never")
    assert done.code == 0 and not set("\x1b\u202e") & set(done.out)


def replace_file(repo: Repo, ref: str, path: str, text: str) -> None:
    """Commit a text in place of a file of a session, as no command would."""
    index = {"GIT_INDEX_FILE": str(repo.path / ".git" / "test-index")}
    blob = repo.git("hash-object", "-w", "--stdin", input=text)
    repo.git("read-tree", ref, env=index)
    repo.git("update-index", "--cacheinfo", f"100644,{blob},{path}", env=index)
    commit = repo.git("commit-tree", repo.git("write-tree", env=index), "-p", ref, "-m", "by hand")
    repo.git("update-ref", ref, commit)


def test_colour_only_where_it_is_wanted(store: Mem) -> None:
    store(*ADD, "The limit is 5.")
    assert "\x1b[" not in store().out and "\x1b[" not in store("--color", "never").out
    assert "\x1b[1m" in store("--color", "always").out


def test_a_second_call_loads_neither_libgit2_nor_rich(store: Mem, repo: Repo) -> None:
    store(*ADD, "The limit is 5.")
    store()
    command = [sys.executable, "-X", "importtime", "-m", "memcli"]
    done = subprocess.run(command, cwd=repo.path, capture_output=True, text=True, check=True)
    assert "The limit is 5" in done.stdout
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not {
        name for name in loaded if name.split(".")[0] in ("pygit2", "git", "rich", "jinja2", "numpy", "textual")
    }


def test_a_session_with_nothing_but_files_that_cannot_be_saved_waits(store: Mem) -> None:
    worktree = Path(store("session", "start", "work", "--worktree", "--json").json()["worktree"])
    assert "nothing waits for a decision" in store().out
    (worktree / "semantic" / "x").mkdir(parents=True)
    (worktree / "semantic" / "x" / "bad.md").write_text("---\nid: [\n---\nA body.\n", "utf-8")
    page = store().out
    assert re.search(r"work +Ada Example, just now\n  1 file that cannot be saved", page), page
    assert "semantic/x/bad.md" in store("review").out


def test_an_update_that_meets_conflicts_names_the_page(store: Mem) -> None:
    shared = store(*ADD, "The limit is 5.", "--json").json()["id"]
    store("promote", "--yes")
    for name, count in (("one", 7), ("two", 9)):
        store("session", "start", name)
        store("edit", shared, "--body", f"The limit is {count}.", "--session", name)
    store("promote", "one", "--yes")
    updated = store("session", "update", "two")
    assert f"conflict {shared[-6:]}" in updated.out and "'mem review two' shows both sides" in updated.err
    page = store("review", "two")
    assert page.code == 6 and "conflict_sides" not in page.out
    assert re.search(r"store: +The limit is 7\.\n +session: +The limit is 9\.", page.out)
