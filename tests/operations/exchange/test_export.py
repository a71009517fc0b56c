"""`mem export` into real directories and files: what is written, and that nothing of anybody else's is lost."""

from __future__ import annotations

import json
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from memcli.core.exchange.export_registry import FORMATS, MANIFEST
from tests.conftest import Mem, Repo

RULE = "Never call the handler directly: it races with the ledger."
STEPS = "Cut a release\n\n1. Tag the commit.\n2. Push the tag."


@pytest.fixture
def store(repo: Repo, fast: Mem) -> Path:
    """A store with a pinned constraint, a procedure and a proposed decision; the directory for exports."""
    fast("init")
    fast("add", "--type", "constraint", "--pin", "--topic", "payments", RULE)
    fast("add", "--type", "procedure", "--topic", "releases", STEPS)
    fast("add", "--type", "decision", "--tag", "proposed", "Move to Postgres 17 because 14 ends.")
    assert fast("promote", "--yes").code == 0
    return repo.path.parent / "out"


def id_of(fast: Mem, topic: str) -> str:
    listed = fast("list", "--topic", topic, "--json").json()
    return str(listed["memories"][0]["id"])


@pytest.mark.parametrize("name", [name for name, row in FORMATS.items() if row.files and name != "jsonl"])
def test_a_second_export_changes_nothing_and_a_retired_memory_goes(name: str, store: Path, fast: Mem) -> None:
    first = fast("export", "--as", name, "--to", str(store), "--json").json()
    assert first["written"] and not first["kept"]
    again = fast("export", "--as", name, "--to", str(store), "--json").json()
    assert not again["written"] and len(again["unchanged"]) == len(first["written"])
    fast("retire", id_of(fast, "releases"), "--reason", "no longer so")
    fast("promote", "--yes")
    later = fast("export", "--as", name, "--to", str(store), "--json").json()
    assert len(later["removed"]) == 1 and not (store / later["removed"][0]).exists()


def test_a_directory_of_others_is_refused(store: Path, fast: Mem) -> None:
    store.mkdir()
    (store / "mine.md").write_text("mine")
    result = fast("export", "--as", "okf", "--to", str(store))
    assert result.code == 6 and "was not written by 'mem export'" in result.err
    assert [file.name for file in store.iterdir()] == ["mine.md"]


def test_a_file_that_somebody_changed_is_kept_and_named(store: Path, fast: Mem) -> None:
    written = fast("export", "--as", "markdown", "--to", str(store), "--json").json()["written"]
    path = next(path for path in written if "payments" in path)
    (store / path).write_text("mine now")
    fast("edit", id_of(fast, "payments"), "--body", "Another rule of the ledger entirely.")
    fast("promote", "--yes")
    result = fast("export", "--as", "markdown", "--to", str(store))
    assert result.code == 1 and f"kept {path}: it was changed since it was exported" in result.out
    assert (store / path).read_text() == "mine now"
    fast("retire", id_of(fast, "payments"), "--reason", "no longer so")
    fast("promote", "--yes")
    result = fast("export", "--as", "markdown", "--to", str(store))
    assert result.code == 1 and (store / path).read_text() == "mine now"


def test_nothing_is_written_or_removed_through_a_link(store: Path, fast: Mem, tmp_path: Path) -> None:
    fast("export", "--as", "markdown", "--to", str(store))
    outside = tmp_path / "outside"
    (store / "semantic").rename(outside)
    (store / "semantic").symlink_to(outside)
    before = {file: file.read_bytes() for file in outside.rglob("*.md")}
    fast("edit", id_of(fast, "payments"), "--body", "Another rule of the ledger entirely.")
    fast("promote", "--yes")
    result = fast("export", "--as", "markdown", "--to", str(store))
    assert result.code == 1 and "behind a symbolic link" in result.out
    assert fast("export", "--as", "markdown", "--to", str(store), "--remove").code == 1
    assert {file: file.read_bytes() for file in outside.rglob("*.md")} == before


def test_a_hostile_manifest_removes_nothing_elsewhere(store: Path, fast: Mem, tmp_path: Path) -> None:
    import hashlib

    victim = tmp_path / "victim.txt"
    victim.write_text("mine")
    store.mkdir()
    digest = hashlib.sha256(b"mine").hexdigest()
    lines = [f"{digest}  ../victim.txt", f"{digest}  {victim}", f"{digest}  .git/config", "nonsense"]
    (store / MANIFEST).write_text("\n".join(lines) + "\n")
    assert fast("export", "--as", "okf", "--to", str(store)).code == 0
    assert victim.read_text() == "mine"


def test_what_was_exported_can_be_taken_away_again(store: Path, fast: Mem) -> None:
    for name in ("okf", "skills", "claude"):
        fast("export", "--as", name, "--to", str(store / name))
        (store / name / "mine.txt").write_text("mine")
        assert fast("export", "--as", name, "--to", str(store / name), "--remove").code == 0
        assert [file.name for file in (store / name).iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    "before", [b"", b"# Mine\n\nKeep this.\n", b"# Mine\r\n\r\nKeep.\r\n", b"no line end", b"\xff\xfe\n"]
)
@pytest.mark.usefixtures("store")
def test_a_block_leaves_the_rest_of_a_file_as_it_is(before: bytes, repo: Repo, fast: Mem) -> None:
    file = repo.path / "AGENTS.md"
    file.write_bytes(before)
    assert fast("export", "--as", "agents-md", "--to", "AGENTS.md").code == 0
    edited = file.read_bytes()
    assert RULE.encode() in edited and b"mem:export-begin" in edited
    assert "unchanged" in fast("export", "--as", "agents-md", "--to", "AGENTS.md").out
    assert file.read_bytes() == edited
    assert fast("export", "--as", "agents-md", "--to", "AGENTS.md", "--remove").code == 0
    assert (file.read_bytes() if before else b"") == before


@pytest.mark.usefixtures("store")
def test_the_block_and_that_of_the_hooks_stand_side_by_side(repo: Repo, fast: Mem) -> None:
    file = repo.write("CLAUDE.md", "# Mine\n")
    fast("hooks", "install", "--agent", "claude", "--instructions", "--scope", "project")
    fast("export", "--as", "claude", "--to", "CLAUDE.md")
    fast("export", "--as", "agents-md", "--to", "AGENTS.md")
    both = file.read_text()
    assert "mem:begin" in both + repo.path.joinpath("AGENTS.md").read_text() and "mem:export-begin" in both
    fast("export", "--as", "claude", "--to", "CLAUDE.md", "--remove")
    assert "mem:export" not in file.read_text()


@pytest.mark.usefixtures("store")
def test_exported_memories_are_not_derivable_from_the_block(repo: Repo, fast: Mem) -> None:
    fast("export", "--as", "agents-md", "--to", "AGENTS.md")
    repo.git("add", "AGENTS.md")
    repo.git("commit", "-qm", "agents")
    dream = fast("dream", "--json")
    assert dream.code == 0
    assert all(memory["status"] == "active" for memory in fast("list", "--json").json()["memories"])
    assert fast("bootstrap", "--json").json()["proposed"] == []


@pytest.mark.usefixtures("store")
def test_a_lone_mark_is_told_and_nothing_is_written(repo: Repo, fast: Mem) -> None:
    text = "# Mine\n<!-- mem:export-end -->\nrest\n"
    file = repo.write("AGENTS.md", text)
    result = fast("export", "--as", "agents-md", "--to", "AGENTS.md")
    assert result.code == 1 and "is missing" in result.out and file.read_text() == text


@pytest.mark.usefixtures("store")
def test_json_lines_and_blocks_go_to_stdout(fast: Mem) -> None:
    lines = fast("export", "--as", "jsonl", "--to", "-").out.splitlines()
    assert [json.loads(line)["type"] for line in lines] == ["constraint", "procedure", "decision"]
    assert fast("export", "--as", "agents-md", "--to", "-").out.startswith("<!-- mem:export-begin")
    assert fast("export", "--as", "jsonl", "--to", "-", "--topic", "releases").out.count("\n") == 1
    result = fast("export", "--as", "okf", "--to", "-")
    assert result.code == 2 and "directory" in result.err
    assert fast("export", "--as", "nonsense", "--to", "-").code == 2


def test_a_file_that_exists_is_replaced_only_on_request(store: Path, fast: Mem) -> None:
    file = store.parent / "m.jsonl"
    file.write_text("mine")
    assert fast("export", "--as", "jsonl", "--to", str(file)).code == 6 and file.read_text() == "mine"
    assert fast("export", "--as", "jsonl", "--to", str(file), "--force").code == 0
    assert "unchanged" in fast("export", "--as", "jsonl", "--to", str(file)).out


@pytest.mark.usefixtures("store")
def test_archives_are_the_same_for_the_same_memories(fast: Mem, tmp_path: Path) -> None:
    for name in ("a.tar.gz", "b.tar.gz", "a.zip", "b.zip"):
        assert fast("export", "--as", "okf", "--to", str(tmp_path / name)).code == 0
    assert (tmp_path / "a.tar.gz").read_bytes() == (tmp_path / "b.tar.gz").read_bytes()
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with tarfile.open(tmp_path / "a.tar.gz") as archive, zipfile.ZipFile(tmp_path / "a.zip") as other:
        assert archive.getnames() == other.namelist() and "index.md" in archive.getnames()


@pytest.mark.usefixtures("store")
def test_excluded_memories_stay_out(repo: Repo, fast: Mem) -> None:
    repo.commit("secret", {"secret/x.py": "x = 1\n"})
    fast("add", "--path", "secret/x.py", "The secret module counts apples in the basement.")
    fast("promote", "--yes")
    fast("exclude", "add", "secret/")
    for agent in ((), ("--agent", "claude-code")):
        assert "apples" not in fast("export", "--as", "jsonl", "--to", "-", *agent).out


@pytest.mark.usefixtures("store")
def test_candidates_are_exported_as_such(fast: Mem) -> None:
    fast("add", "The cache is cleared at noon by cron.")
    result = fast("export", "--as", "agents-md", "--to", "-")
    assert "- **proposed** The cache is cleared at noon" in result.out
    assert "1 of them is a candidate that waits for review" in result.err


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("name, target", [("agents-md", ".git/config"), ("skills", ".git/hooks"), ("jsonl", "link/x")])
def test_nothing_is_written_into_a_git_directory(name: str, target: str, repo: Repo, fast: Mem) -> None:
    (repo.path / "link").symlink_to(".git")
    before = {file: file.read_bytes() for file in sorted((repo.path / ".git").glob("*")) if file.is_file()}
    result = fast("export", "--as", name, "--to", str(repo.path / target), "--force")
    assert result.code == 6 and "is in a git directory" in result.err
    assert before == {file: file.read_bytes() for file in before} and not (repo.path / ".git/x").exists()


@pytest.mark.usefixtures("store")
def test_a_block_goes_into_no_pipe_or_device(fast: Mem, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for target in (str(tmp_path / "pipe"), "/dev/zero"):
        result = fast("export", "--as", "agents-md", "--to", target)
        assert result.code == 6 and "is not a regular file" in result.err


@pytest.mark.usefixtures("store")
def test_a_file_that_is_not_utf_8_gets_no_block(fast: Mem, tmp_path: Path) -> None:
    file = tmp_path / "AGENTS.md"
    file.write_bytes("# Läufe\n".encode("utf-16"))
    result = fast("export", "--as", "agents-md", "--to", str(file))
    assert result.code == 1 and "kept AGENTS.md: it is not UTF-8 text" in result.out + result.err
    assert file.read_bytes() == "# Läufe\n".encode("utf-16")
