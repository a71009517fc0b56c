"""`<private>…</private>` never reaches the disk: after every verb that takes text, nothing of it is in any file."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.memories.retire import retire_memory
from memcli.operations.recall.hydrate import HydrateRequest, hydrate
from memcli.operations.recall.recall import RecallRequest, recall
from memcli.operations.review.reject import reject
from memcli.operations.sessions.start import start_session
from tests.conftest import Mem, Repo
from tests.operations.curation.test_curate import Open
from tests.operations.curators import configure

SECRET = "zq7marker"
HIDDEN = f"<Private>{SECRET}</PRIVATE>"


def traces(repo: Repo, marker: str = SECRET) -> list[str]:
    """Where a text is: files of the repository and the worktree, and git's objects unpacked."""
    files = [file for file in repo.path.rglob("*") if file.is_file() and not file.is_symlink()]
    found = [str(file) for file in files if marker.encode() in file.read_bytes() or marker in file.name]
    command = ["git", "cat-file", "--batch-all-objects", "--batch"]
    objects = subprocess.run(command, cwd=repo.path, capture_output=True, check=True).stdout
    return found + (["git's objects"] if marker.encode() in objects else [])


@pytest.fixture
def store(mem: Mem) -> Mem:
    assert mem("init").code == 0
    return mem


def test_no_verb_keeps_what_is_private(store: Mem, repo: Repo) -> None:
    for arguments, stdin in verbs(store):
        done = store(*arguments, input=stdin)
        assert done.code == 0, (arguments, done.err)
        assert not traces(repo), arguments
    assert "Retries are 10." in repo.git("log", "-p", "--all")


def verbs(mem: Mem) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """Every verb that takes text, as one story."""
    yield ("session", "start", "line", "--task", f"see {HIDDEN} to the\n<private>{SECRET}\n{SECRET}"), None
    yield (
        (
            "add",
            f"Retries are 7. {HIDDEN}",
            "--title",
            f"Retries {HIDDEN}",
            "--topic",
            f"x{HIDDEN}",
            "--tag",
            f"a{HIDDEN}",
            "--key",
            f"k{HIDDEN}",
            "--ref",
            f"r{HIDDEN}",
            "--once",
            f"o{HIDDEN}",
        ),
        None,
    )
    batch = {"body": f"Deploys wait. <private>{SECRET}", "title": "Deploys", "tags": ["b" + HIDDEN]}
    yield ("add", "--batch", "-"), json.dumps(batch).replace("<", "\\u003c") + "\n"
    yield ("recall", f"retries {HIDDEN}", "--like", f"they are 7 {HIDDEN}"), None
    yield ("hydrate", "--task", f"retries <private>{SECRET}", "--path", f"src/{HIDDEN}app.py"), None
    listed = {one["title"].split()[0]: one["id"] for one in mem("list", "--json").json()["memories"]}
    retries, deploys = listed["Retries"], listed["Deploys"]
    yield ("edit", retries, "--body", f"Retries are 8. {HIDDEN}", "--set", f"topic=y{HIDDEN}"), None
    yield ("edit", retries, "--body", "-"), f"Retries are 9.\n<private>\n{SECRET}\n"
    yield ("supersede", retries, f"Retries are 10. {HIDDEN}", "--title", f"More retries {HIDDEN}"), None
    yield ("retire", deploys, "--reason", f"old {HIDDEN}"), None
    yield ("add", "One that is not wanted.", "--title", "Unwanted"), None
    unwanted = next(one["id"] for one in mem("list", "--json").json()["memories"] if one["title"] == "Unwanted")
    yield ("reject", "line", unwanted, "--reason", f"no {HIDDEN} <private>{SECRET}"), None
    yield ("policy", "set", "dream.every", "36h"), None
    yield ("promote", "line", "--yes"), None
    yield ("undo",), None
    yield ("bootstrap",), None


def test_what_is_in_the_repositorys_documents_is_not_copied(store: Mem, repo: Repo) -> None:
    text = f"# Retries\n\n## Decision\n\nWe retry 7 times. <private>{SECRET}\n</private>\n\n## Status\n\nAccepted\n"
    repo.commit(f"fix: retries\n\nBecause of the ledger. {HIDDEN}", {"docs/adr/0001-retries.md": text})
    before = set(traces(repo))
    assert before and store("bootstrap", "--json").json()["proposed"]
    assert set(traces(repo)) == before  # the document, its commit and its message
    session = repo.git("log", "-p", "--all", "--not", "main", "--", "*.md")
    assert "We retry 7 times" in session and SECRET not in session
    assert SECRET not in store("list", "--json").out


def test_a_file_of_the_worktree_is_rewritten_without_it(store: Mem, repo: Repo) -> None:
    store("session", "start", "line", "--worktree")
    file = repo.path / ".mem/line/semantic/general/retries.md"
    file.parent.mkdir(parents=True)
    file.write_text(f"---\ntitle: Retries {HIDDEN}\n---\nRetries are 7.\n<private>{SECRET}\n{SECRET}")
    done = store("session", "save", "line", "--json")
    assert done.code == 0, done.out
    assert [(one["check"], one["severity"]) for one in done.json()["findings"]] == [("private", "info")]
    assert "rewritten" in done.out and "Retries are 7." in file.read_text()
    assert not traces(repo)
    file.write_text(file.read_text() + HIDDEN)  # nothing else has changed: the file is as it was again
    assert store("session", "save", "line", "--json").json()["saved"] == []
    assert not traces(repo)


def test_a_title_that_spells_the_tag_in_escapes_is_not_saved(store: Mem, repo: Repo) -> None:
    store("session", "start", "line", "--worktree")
    file = repo.path / ".mem/line/semantic/general/retries.md"
    file.parent.mkdir(parents=True)
    file.write_text(f'---\ntitle: "a \\x3cprivate>{SECRET}"\n---\nRetries are 7.\n')
    done = store("session", "save", "line", "--json")
    assert done.code == 6 and "private" in done.out and SECRET not in done.out
    assert traces(repo) == [str(file)]


def test_the_editor_s_text_is_cleaned_like_any_other(store: Mem, repo: Repo) -> None:
    known = store("add", "Retries are 7.", "--json").json()
    done = store("edit", known["id"], "--body", f"Retries are 8. {HIDDEN}", "--json").json()
    assert [one["check"] for one in done["findings"]] == ["private"]
    assert "its content was not stored" in done["findings"][0]["message"]
    assert not traces(repo)


@pytest.mark.parametrize("body", [HIDDEN, f"  <private>{SECRET}", f"{HIDDEN}\n{HIDDEN}\n"])
def test_a_body_that_is_nothing_else_is_refused(store: Mem, repo: Repo, body: str) -> None:
    refs = repo.git("for-each-ref")
    assert store("add", body).code == 2
    assert repo.git("for-each-ref") == refs and not traces(repo)


def test_what_a_curator_says_is_cleaned(store: Mem, repo: Repo) -> None:
    store("session", "start", "line"), store("add", "Retries are 7.")
    made = {"edit": "add", "title": f"Deploys {HIDDEN}", "body": f"Deploys wait. {HIDDEN}", "kind": "semantic",
            "type": "fact", "topic": "deploys", "tags": [f"a{HIDDEN}"], "reason": f"b {HIDDEN}"}  # fmt: skip
    answer = json.dumps(json.dumps({"edits": [made, {"edit": f"x{HIDDEN}", "id": HIDDEN}]}))
    script = configure(repo, f"print({answer}); print({HIDDEN!r}, file=sys.stderr)")
    done = store("curate", "distil", "line", "--json")
    assert done.code == 0 and done.json()["accepted"], done.out + done.err
    assert SECRET not in done.out
    script.unlink()
    assert not traces(repo)


PIECES = [HIDDEN, f"<private>{SECRET}", "</private>", "word ", "<private>", "\n", "<pri", "vate>"]
TEXT = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@pytest.mark.usefixtures("store")
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(TEXT.map(lambda said: f"kept {HIDDEN} {said}"), min_size=6, max_size=6))
def test_whatever_the_texts_are_nothing_private_survives(workspace: Open, repo: Repo, said: list[str]) -> None:
    name = start_session(workspace(), task=said[0]).session
    made = add_memories(
        workspace(session=name), [{"title": said[1].replace("\n", " "), "body": said[2]}, {"body": said[3]}]
    )
    edit_memory(
        workspace(session=name),
        open_memory(workspace(session=name), made[0].id),
        {"title": said[4].replace("\n", " ")},
        said[5],
    )
    recall(workspace(session=name), RecallRequest(said[1]))
    hydrate(workspace(session=name), HydrateRequest(said[2]))
    retire_memory(workspace(session=name), made[1].id, said[3])
    reject(workspace(), name, [], said[4])
    assert not traces(repo)


@pytest.mark.parametrize("event", ["session-start", "prompt", "pre-edit", "stop", "session-end"])
def test_no_hook_keeps_what_is_private(store: Mem, repo: Repo, event: str) -> None:
    store("hook", "claude", "session-start", input=json.dumps({"session_id": "a"}))
    said = {"source": HIDDEN, "prompt": HIDDEN, "tool_input": {"file_path": f"src/{HIDDEN}"}, "reason": HIDDEN}
    store("hook", "claude", event, input=json.dumps({"session_id": "a", **said}))
    assert not traces(repo)


@pytest.mark.parametrize("event", ["stop", "session-end"])
@pytest.mark.parametrize("name", [HIDDEN, "../../config", "/tmp", "a b"])
def test_a_hook_takes_no_name_for_a_session_that_is_none(store: Mem, repo: Repo, event: str, name: str) -> None:
    config = (repo.path / ".git/config").read_bytes()
    assert store("hook", "claude", event, input="{}", env={"MEM_SESSION": name}).code == 0
    assert (repo.path / ".git/config").read_bytes() == config
    assert not traces(repo) and not list((repo.path / ".git/mem/journal").glob("0*"))
