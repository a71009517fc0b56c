"""What a person names is read, or answered with the reason."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from memcli.errors import NotFound
from memcli.operations.bootstrap.bootstrapped import Bootstrapped
from memcli.operations.setup.init import init
from tests.conftest import Repo
from tests.operations.bootstrap.sources import SOURCES, Open, run

NOTE = "The queue is drained at midnight by cron, because the mail host is down before.\n"


@pytest.fixture
def store(repo: Repo, workspace: Open) -> Repo:
    repo.commit("notes", {"notes/queue.md": NOTE, "src/app.py": "x = 1\n"})
    init(workspace())
    return repo


def _titles(answer: Bootstrapped) -> list[str]:
    return [proposal.memory.title for proposal in answer.proposed]


def _reason(answer: Bootstrapped) -> str:
    (path,) = answer.unread
    return path.skipped[0].reason if path.skipped else ""


@pytest.mark.usefixtures("store")
def test_a_plain_file_is_a_note(workspace: Open) -> None:
    answer = run(workspace, "notes/queue.md")
    assert [proposal.memory.body for proposal in answer.proposed] == [NOTE]
    assert (answer.proposed[0].memory.source.ref or "").startswith("notes/queue.md")
    assert answer.unread == ()
    assert run(workspace, "notes/queue.md").session is None


UNREADABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "binary": (lambda file: file.write_bytes(b"a\0b"), "not text"),
    "large": (lambda file: file.write_bytes(b"a" * (2 << 20)), "larger than 1 MiB"),
    "empty": (lambda file: file.write_bytes(b""), "empty"),
    "blank": (lambda file: file.write_bytes(b"\n \n"), "empty"),
    "fifo": (lambda file: os.mkfifo(file), "not a regular file"),
    "loop": (lambda file: file.symlink_to(file.name), "Too many levels"),
    "dangling": (lambda file: file.symlink_to("nowhere"), "No such file"),
    "long": (lambda file: file.write_text("word " * 3_000), "too long for one memory"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_has_a_reason(store: Repo, workspace: Open, kind: str) -> None:
    make, reason = UNREADABLE[kind]
    make(store.path / "notes" / "it")
    answer = run(workspace, "notes/it")
    assert answer.session is None and reason in _reason(answer)


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_does_not_end_the_rest(store: Repo, workspace: Open, kind: str) -> None:
    UNREADABLE[kind][0](store.path / "notes" / "it")
    answer = run(workspace, "notes/queue.md", "notes/it")
    assert len(answer.proposed) == 1 and [path.argument for path in answer.unread] == ["notes/it"]
    (whole,) = run(workspace, "notes", dry_run=True).named
    assert whole.read == 1 and [skip.path for skip in whole.skipped] == ["notes/it"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (b"caf\xe9 au lait is never served in the office on mondays.\n", "café au lait is never served"),
        (b"---\ntitle: [unclosed\n---\nThe worker restarts itself after nine failed probes.\n", ""),
        (b"\xef\xbb\xbf# Worker\r\n\r\nThe worker restarts itself after nine probes.\r\n", "The worker restarts"),
    ],
)
def test_odd_texts_are_read(store: Repo, workspace: Open, text: bytes, title: str) -> None:
    (store.path / "odd.md").write_bytes(text)
    (proposal,) = run(workspace, "odd.md").proposed
    assert title.lower() in proposal.memory.title.lower() and "\r" not in proposal.memory.body


@pytest.mark.usefixtures("store")
def test_code_is_no_note(workspace: Open) -> None:
    assert ".py" in _reason(run(workspace, "src/app.py"))


def test_a_missing_path_is_an_error_before_anything_is_read(store: Repo, workspace: Open) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        run(workspace, "notes/queue.md", "nowhere")
    assert store.git("for-each-ref", "refs/mem/sessions") == ""


def test_paths_are_relative_to_where_the_caller_stands(store: Repo, workspace: Open) -> None:
    (store.write("data/it.bin", "")).write_bytes(b"a\0b")
    answer = run(partial(workspace, store.path / "notes"), "queue.md", "../data")
    refs = [(proposal.memory.source.ref or "").partition("#")[0] for proposal in answer.proposed]
    assert refs == ["notes/queue.md"]
    assert [path.argument for path in answer.unread] == ["../data"]


def test_a_directory_elsewhere_is_read(store: Repo, workspace: Open, tmp_path: Path) -> None:
    memory = tmp_path / "elsewhere" / "memory"
    memory.mkdir(parents=True)
    text = "---\nname: branches\ndescription: Ask before deleting a branch\ntype: feedback\n---\n"
    (memory / "feedback_branches.md").write_text(text + "Ask before you delete a branch of somebody else.\n")
    (proposal,) = run(workspace, str(memory)).proposed
    assert (proposal.memory.source.ref or "").startswith("memory/feedback_branches.md")
    assert run(workspace, str(memory)).session is None
    assert "elsewhere" not in store.git("ls-tree", "-r", "HEAD")


def test_a_record_is_read_among_its_log(store: Repo, workspace: Open) -> None:
    store.commit("docs", SOURCES)
    answer = run(workspace, "docs/adr/0002-blobs.md")
    assert _titles(answer) == ["Blobs live in S3"] and answer.proposed[0].reader == "decisions"


def test_an_untracked_file_is_read_from_the_disk(store: Repo, workspace: Open) -> None:
    store.write("notes/queue.md", NOTE.replace("midnight", "noon"))
    assert "at noon" in run(workspace, "notes/queue.md").proposed[0].memory.body


def test_an_excluded_file_says_so(store: Repo, workspace: Open) -> None:
    store.write(".memignore", "notes/\n")
    assert "excluded" in _reason(run(workspace, "notes/queue.md"))


@pytest.mark.parametrize("path", [".", "docs", "docs/adr/0001-orders.md"])
def test_a_bare_repository_reads_head(store: Repo, workspace: Open, tmp_path: Path, path: str) -> None:
    store.commit("docs", SOURCES)
    bare = tmp_path / "bare.git"
    store.git("clone", "-q", "--bare", str(store.path), str(bare))
    opened = partial(workspace, bare)
    init(opened())
    answer = run(opened, path, dry_run=True)
    assert "Orders live in Postgres" in _titles(answer)
    assert not any("HEAD" in (skip.path) or "hooks" in skip.path for each in answer.named for skip in each.skipped)
    with pytest.raises(NotFound):
        run(opened, "hooks")
    assert "Orders live in Postgres" in _titles(run(opened))


@pytest.mark.usefixtures("store")
def test_the_git_directory_is_never_read(workspace: Open) -> None:
    assert "git directory" in _reason(run(workspace, ".git/config"))
    assert not any(skip.path.startswith(".git/") for path in run(workspace, ".").named for skip in path.skipped)


def test_a_repository_without_commits_is_read_from_its_files(repo: Repo, workspace: Open) -> None:
    repo.git("update-ref", "-d", "HEAD")
    init(workspace())
    assert run(workspace).proposed == ()
    for path, text in SOURCES.items():
        repo.write(path, text)
    assert len(run(workspace).proposed) == len(SOURCES)
    assert run(workspace).proposed == ()


def test_a_detached_head_and_a_shallow_clone_are_read(store: Repo, workspace: Open, tmp_path: Path) -> None:
    store.commit("docs", SOURCES)
    shallow = tmp_path / "shallow"
    store.git("clone", "-q", "--depth", "1", f"file://{store.path}", str(shallow))
    store.git("checkout", "-q", "--detach")
    assert len(run(workspace).proposed) == len(SOURCES)
    opened = partial(workspace, shallow)
    init(opened())
    assert len(run(opened).proposed) == len(SOURCES)


def test_a_blob_that_is_lost_is_a_line_of_the_report(store: Repo, workspace: Open) -> None:
    store.commit("docs", SOURCES)
    blob = store.git("rev-parse", "HEAD:docs/adr/0002-blobs.md")
    (store.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    answer = run(workspace)
    assert len(answer.proposed) == len(SOURCES) - 1
    (lost,) = [each.skipped for each in answer.skipped if each.skipped.path == "docs/adr/0002-blobs.md"]
    assert "its content is missing" in lost.reason


def test_a_submodule_is_not_entered(store: Repo, workspace: Open, tmp_path: Path) -> None:
    other = tmp_path / "other"
    store.git("clone", "-q", str(store.path), str(other))
    store.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "vendor/other")
    store.commit("docs", SOURCES)
    assert len(run(workspace).proposed) == len(SOURCES)
    assert [path.argument for path in run(workspace, "vendor/other/notes/queue.md").unread] == []
