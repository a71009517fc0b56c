"""`mem verify` and staleness at the command line, and what they cost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

from tests import sandbox
from tests.conftest import Mem, Repo


@pytest.fixture
def about(repo: Repo, fast: Mem) -> str:
    """The id of a promoted memory about src/app.py, which has changed since."""
    fast("init"), fast("session", "start", "one")
    made = fast("add", "Retries are seven because the ledger locks.", "--path", "src/app.py", "--json").json()["id"]
    fast("promote", "one", "--yes")
    repo.commit("change", {"src/app.py": "RETRIES = 8\n"})
    return str(made)


def test_recall_and_show_say_what_has_changed(about: str, fast: Mem) -> None:
    found = fast("recall", "ledger locks")
    assert "suspect: src/app.py has changed" in found.out and "anchor:" not in found.out
    assert "anchor: suspect, src/app.py has changed" in fast("recall", "ledger locks", "--explain").out
    shown = fast("show", about)
    assert shown.err == "suspect: src/app.py has changed\n" and shown.out.endswith("locks.\n")
    data = fast("show", about, "--json").json()
    assert (data["staleness"], data["anchors"]) == (
        "suspect",
        [{"path": "src/app.py", "state": "suspect", "now": None}],
    )
    assert fast("recall", "ledger", "--json").json()["hits"][0]["staleness"] == "suspect"


def test_a_pack_says_what_has_changed(about: str, repo: Repo, fast: Mem) -> None:
    """And keeps saying so when it is replayed, whatever becomes of the code."""
    pack = fast("hydrate", "--task", "ledger locks", "--json").json()
    line = next(line for line in pack["text"].splitlines() if about[-6:] in line)
    assert ", suspect; " in line
    repo.commit("back", {"src/app.py": "RETRIES = 7\n"})
    assert fast("replay", pack["pack"]).out == pack["text"]
    assert ", fresh; " in fast("hydrate", "--task", "ledger locks").out


def test_verify_says_what_it_found(about: str, repo: Repo, fast: Mem) -> None:
    short = about[-6:]
    refs = repo.git("for-each-ref")
    assert fast("verify", short, "--dry-run").out == (
        f"{short}  Retries are seven because the ledger locks  (would be verified by you)\n"
        "        suspect: src/app.py has changed\n"
    )
    assert repo.git("for-each-ref") == refs
    done = fast("verify", short)
    assert (done.code, "(verified by you)" in done.out, done.err) == (0, True, "")
    assert "suspect" not in fast("recall", "ledger locks").out
    fast("edit", short, "--set", "holds_if=src/app.py contains RETRIES = 8,src/app.py lacks 8,nonsense")
    done = fast("verify", short)
    assert done.code == 1 and [line.strip() for line in done.out.splitlines()[1:]] == [
        "fresh: src/app.py is as it was",
        "holds: src/app.py contains RETRIES = 8",
        "false: src/app.py lacks 8 (src/app.py contains it)",
        "cannot be checked: nonsense (it is not 'PATH contains TEXT', 'PATH lacks TEXT', 'PATH exists' or "
        "'PATH absent')",
    ]
    assert short in fast("resolve").out, "what is false waits for a person"
    data = fast("verify", short, "--json")
    assert data.code == 1 and data.err == "" and data.json()["memories"][0]["verified"] is False
    assert [one["holds"] for one in data.json()["memories"][0]["rules"]] == [True, False, None]
    assert fast("verify").code == 2 and fast("verify", "ZZZZZZ").code == 4


def test_a_titled_lure_in_a_path_is_shown_not_obeyed(repo: Repo, fast: Mem) -> None:
    """A store fetched from others may hold what `mem` itself refuses to write."""
    fast("init")
    text = ('---\nid: 01K9Z3V5C4M8Q2T7R6W1XABCDE\ntitle: A lure\nkind: semantic\ntype: fact\ntopic: x\n'
            'paths:\n  - "a\\x1b[2J.py"\ncreated: 2026-01-01T00:00:00Z\n---\nRetries of the lure.\n')  # fmt: skip
    blob = repo.git("hash-object", "-w", "--stdin", input=text)
    tree = repo.git("mktree", input=f"100644 blob {blob}\ta-xabcde.md\n")
    for name in ("x", "semantic"):
        tree = repo.git("mktree", input=f"040000 tree {tree}\t{name}\n")
    repo.git("update-ref", "refs/heads/mem/main", repo.git("commit-tree", tree, "-p", "mem/main", "-m", "x"))
    for words in (("recall", "lure"), ("recall", "lure", "--explain"), ("show", "XABCDE"), ("verify", "XABCDE")):
        done = fast(*words)
        assert "\x1b" not in done.out + done.err, words
    assert "stale" in fast("recall", "lure").out


def imported(repo: Repo, *words: str, env: Mapping[str, str] | None = None) -> set[str]:
    """The modules that a command imports."""
    command = [sys.executable, "-X", "importtime", "-m", "memcli", *words]
    done = subprocess.run(command, cwd=repo.path, env={**os.environ, **(env or {})}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-500:]
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


def test_the_second_recall_at_a_head_asks_git_nothing(about: str, repo: Repo) -> None:
    """libgit2 costs more than the recall, so what it said of an anchor is kept with the commit it was said of."""
    first, second = (imported(repo, "recall", "ledger", "locks") for _ in range(2))
    assert "pygit2" in first and "memcli.index.storage.anchor_cache" in second
    assert not {"pygit2", "git", "memcli.git.code_tree"} & second
    assert "pygit2" not in imported(repo, "show", about)
    repo.commit("next")
    assert "pygit2" in imported(repo, "recall", "ledger", "locks")


def test_without_anchors_git_is_never_asked(repo: Repo, fast: Mem) -> None:
    fast("init")
    fast("add", "Deploys happen on Tuesdays.", "--promote")
    fast("recall", "deploys")
    repo.commit("next")
    assert "pygit2" not in imported(repo, "recall", "deploys")


@pytest.mark.usefixtures("about")
def test_a_read_only_index_answers_all_the_same(repo: Repo, fast: Mem) -> None:
    """It remembers nothing, and says what is so."""
    fast("recall", "ledger")
    index = repo.path / ".git/mem/index"
    sandbox.skip_unless_confined(repo)
    repo.commit("next", {"README.md": "# Another\n"})
    before = {file: file.read_bytes() for file in index.rglob("*") if file.is_file()}
    command = sandbox.confined(*sandbox.MEM, "recall", "ledger")
    for _ in range(2):
        done = subprocess.run(command, cwd=repo.path, capture_output=True, text=True)
        assert (done.returncode, "suspect: src/app.py has changed" in done.stdout) == (0, True), done
    assert {file: file.read_bytes() for file in index.rglob("*") if file.is_file()} == before
