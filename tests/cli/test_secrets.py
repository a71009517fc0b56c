"""A secret in whatever a caller gives reaches no git object, no file of mem's and no output."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.conftest import Mem, Repo, Result

TOKEN = "ghp_a7Kq2mZ9xW4vB6nT1cR8yL3pD5sF0gHj2Ue4"
NAME = "glpat-a7kq2mz9xw4vb6nt1cr8yl3p"
"""A token that can also be the name of a session."""


@pytest.fixture
def store(repo: Repo, fast: Mem) -> Repo:
    """A store with one memory, and a session with one candidate."""
    fast("init")
    fast("add", "Webhook retries are limited to 7.", "--promote")
    fast("add", "The ledger locks rows.")
    return repo


def traces(repo: Repo, secret: str) -> list[str]:
    """The git objects, refs and files that hold a secret; what a caller's own worktree holds does not count."""
    objects = "git rev-list --all --objects --reflog | cut -c1-40 | git cat-file --batch"
    data = subprocess.run(objects, shell=True, cwd=repo.path, capture_output=True).stdout
    found = ["an object"] if secret.encode() in data else []
    files = [file for place in (".git", ".mem") for file in (repo.path / place).rglob("*") if file.is_file()]
    return found + [str(file) for file in files if secret in str(file) or secret.encode() in file.read_bytes()]


MASKED: dict[str, tuple[str, ...]] = {
    "query": ("recall", f"webhook retries with {TOKEN}"),
    "like": ("recall", "webhook", "--like", f"it is {TOKEN}"),
    "task of a pack": ("hydrate", "--task", f"use {TOKEN} for webhooks"),
    "path of a pack": ("hydrate", "--path", f"src/{TOKEN}.py"),
    "task of a session": ("session", "start", "work", "--task", f"use {TOKEN}"),
    "password": ("recall", 'the password = "Xy7pQ2wz9Lk4"'),
}


@pytest.mark.parametrize("words", MASKED.values(), ids=MASKED)
def test_a_question_or_a_task_is_masked_and_goes_on(store: Repo, fast: Mem, words: tuple[str, ...]) -> None:
    secret = "Xy7pQ2wz9Lk4" if "password" in words[1] else TOKEN
    for done in (fast(*words), fast(*words, "--json") if words[1] != "start" else fast("status")):
        assert done.code == 0, done
        assert secret not in done.out + done.err
    fast("promote", "--yes"), fast("session", "list"), fast("doctor")
    assert traces(store, secret) == []


REFUSED: dict[str, tuple[str, ...]] = {
    "body": ("add", f"Use {TOKEN}."),
    "title": ("add", "Use it.", "--title", f"Token {TOKEN}"),
    "topic": ("add", "Use it.", "--topic", TOKEN),
    "tag": ("add", "Use it.", "--tag", TOKEN),
    "key": ("add", "Use it.", "--key", TOKEN),
    "code path": ("add", "Use it.", "--path", f"src/{TOKEN}.py"),
    "source": ("add", "Use it.", "--ref", f"https://example.com/?t={TOKEN}"),
    "once": ("add", "Use it.", "--once", TOKEN),
    "agent": ("add", "Use it.", "--agent", TOKEN),
    "session": ("session", "start", NAME),
    "session to write into": ("add", "x", "--session", NAME),
    "exclusion": ("exclude", "add", f"{TOKEN}/"),
    "branch": ("init", "--branch", TOKEN),
    "rule": ("policy", "set", "owners", TOKEN),
    "reason": ("reject", "-m", f"it holds {TOKEN}"),
    "session with an invalid name": ("session", "start", TOKEN),
    "unknown id": ("show", TOKEN),
    "unknown option": ("add", f"--{TOKEN}"),
    "unknown command": (TOKEN,),
    "date": ("add", "x", "--valid-from", TOKEN),
    "kind": ("add", "x", "--kind", TOKEN),
    "commit": ("diff", TOKEN),
    "scope of a dream": ("dream", "--scope", f"semantic/{TOKEN}*"),
}


@pytest.mark.parametrize("words", REFUSED.values(), ids=REFUSED)
def test_a_name_or_a_text_is_refused_without_repeating_it(store: Repo, fast: Mem, words: tuple[str, ...]) -> None:
    secret = NAME if NAME in words else TOKEN
    for done in (fast(*words), fast(*words, "--json")):
        assert done.code in (2, 4, 6), done
        assert secret not in done.out + done.err
    fast("add", "Carries out what waits."), fast("recall", "waits")
    assert traces(store, secret) == []


def test_the_reason_of_a_retirement(store: Repo, fast: Mem) -> None:
    memory_id = fast("list", "--json").json()["memories"][-1]["id"]
    done = fast("retire", memory_id, "-m", f"it holds {TOKEN}")
    assert TOKEN not in done.out + done.err
    fast("promote", "--yes")
    assert traces(store, TOKEN) == []


def test_a_batch_and_an_edit(store: Repo, fast: Mem) -> None:
    batch = "\n".join(json.dumps({"body": body}) for body in ("Fine.", f"Not fine: {TOKEN}"))
    memory_id = fast("list", "--json").json()["memories"][-1]["id"]
    results: list[Result] = [
        fast("add", "--batch", "-", input=batch),
        fast("edit", memory_id, "--set", f"tags={TOKEN}"),
        fast("edit", memory_id, "--body", TOKEN),
    ]
    assert [done.code for done in results] == [6, 6, 6]
    assert not any(TOKEN in done.out + done.err for done in results)
    assert traces(store, TOKEN) == []


def test_a_file_whose_name_holds_one(store: Repo, fast: Mem) -> None:
    place = store.path / fast("session", "start", "files", "--worktree", "--json").json()["worktree"]
    file = place / "semantic" / "general" / f"{TOKEN}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("A body about owls.\n")
    done = fast("session", "save", "files")
    assert TOKEN not in done.out + done.err
    file.unlink()
    fast("promote", "files", "--yes")
    assert traces(store, TOKEN) == []


@pytest.mark.parametrize("event", ["session-start", "prompt", "pre-edit", "post-edit", "stop", "session-end"])
def test_the_payload_of_a_hook(store: Repo, mem: Mem, event: str) -> None:
    payload = {"session_id": TOKEN, "prompt": f"use {TOKEN}", "cwd": str(store.path), "source": TOKEN,
               "tool_input": {"file_path": str(store.path / "src" / f"{TOKEN}.py")}}  # fmt: skip
    done = mem("hook", "claude", event, input=json.dumps(payload))
    assert (done.code, TOKEN in done.out + done.err) == (0, False)
    mem("add", "Carries out what waits."), mem("doctor")
    assert traces(store, TOKEN) == []
