"""`mem bootstrap`: its options, its first screen, and deciding about a source as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Mem, Repo
from tests.operations.bootstrap.sources import BLOBS, RULES, SOURCES
from tests.terminal import Terminal
from tests.users import GROUP, MEM, as_user, open_directory


@pytest.fixture
def sources(repo: Repo, fast: Mem) -> Mem:
    repo.commit("docs: decisions", SOURCES)
    fast("init")
    return fast


def test_the_first_screen_shows_sources_the_best_and_the_next_step(sources: Mem) -> None:
    done = sources("bootstrap")
    lines = done.out.splitlines()
    assert lines[0].split() == ["source", "files", "proposed", "known", "left", "out"]
    assert ["decisions", "3", "3"] in [line.split()[:3] for line in lines]
    assert "decisions (3)" in lines and "rules (1)" in lines
    assert any(line.split() == ["decision", "Blobs", "live", "in", "S3"] for line in lines)
    assert lines[-1].startswith("4 proposed (") and lines[-1].endswith("in session bootstrap")
    assert "mem review bootstrap" in done.err and "mem promote --source" in done.err


@pytest.mark.parametrize("columns", ["80", "140"])
def test_no_line_of_the_first_screen_is_wider_than_the_terminal(sources: Mem, repo: Repo, columns: str) -> None:
    text = SOURCES[BLOBS].replace(
        "Blobs live in S3", "大きなファイルはすべて S3 に置く、ディスクが小さいからである " * 4, 1
    )
    repo.commit("docs: a wide title", {BLOBS: text})
    done = sources("bootstrap", env={"COLUMNS": columns})
    assert done.code == 0
    from memcli.cli.views.display_width import display_width

    assert max(map(display_width, done.out.splitlines())) <= int(columns)


def test_json_has_all_of_it(sources: Mem, repo: Repo) -> None:
    repo.commit("docs: a template", {"docs/adr/0000-template.md": "# NNNN. Title\n\n## Status\n\nProposed\n"})
    data = sources("bootstrap", "--limit", "2", "--json").json()
    assert len(data["proposed"]) == 2 and data["session"] == "bootstrap"
    proposal = data["proposed"][0]
    assert {"id", "title", "type", "status", "standing", "ref", "source", "score", "near_copies"} == proposal.keys()
    assert [source["name"] for source in data["sources"] if source["files"]] == ["decisions", "rules"]
    assert sum(map(len, data["left"].values())) == 2
    assert {"skipped", "notices", "named", "changes", "known", "found"} <= data.keys()


def test_the_rest_is_counted_with_a_command_that_lists_it(sources: Mem) -> None:
    out = sources("bootstrap", "--limit", "1", "--dry-run").out
    (line,) = [line for line in out.splitlines() if "over the limit" in line]
    assert "'mem bootstrap --show WORD' lists it" in out and line.split()[0] == "3"
    shown = sources("bootstrap", "--limit", "1", "--show", line.split()[1])
    assert shown.code == 0 and shown.out.count("docs/adr/") + shown.out.count(RULES) == 3
    assert sources("session", "list", "--json").json()["sessions"] == []
    wrong = sources("bootstrap", "--show", "nonsense", "--limit", "1")
    assert wrong.code == 4 and "over the limit" in wrong.err


def test_all_means_all(sources: Mem) -> None:
    assert len(sources("bootstrap", "--all", "--dry-run", "--json").json()["proposed"]) == 4


@pytest.mark.parametrize("words", [("bootstrap",), ("promote",), ("reject",), ("review",)])
def test_a_mistyped_source_is_corrected(sources: Mem, words: tuple[str, ...]) -> None:
    done = sources(*words, "--source", "decision")
    assert done.code == 2 and "did you mean 'decisions'?" in done.err


def test_only_some_sources_are_read(sources: Mem) -> None:
    data = sources("bootstrap", "--source", "rules", "--json").json()
    assert {proposal["source"] for proposal in data["proposed"]} == {"rules"}


def test_named_paths_and_the_exit_code(sources: Mem, repo: Repo) -> None:
    repo.write("notes/queue.md", "The queue is drained at midnight by cron.\n")
    repo.write("notes/data.bin", "a\0b")
    assert sources("bootstrap", "notes/queue.md", "--dry-run").code == 0
    mixed = sources("bootstrap", "notes/queue.md", "notes/data.bin")
    assert mixed.code == 1 and "notes/data.bin: not read: " in mixed.out and "1 proposed" in mixed.out
    nothing = sources("bootstrap", "notes/data.bin")
    assert nothing.code == 1 and "0 proposed: none of the named paths could be read" in nothing.out
    whole = sources("bootstrap", "notes", "--dry-run")
    assert whole.code == 0 and "notes: 1 file read, 1 skipped: " in whole.out
    assert sources("bootstrap", "nowhere").code == 4


def test_nothing_proposed_says_why(sources: Mem, repo: Repo) -> None:
    sources("bootstrap")
    assert "0 proposed: all 4 memories found here are stored, waiting or rejected already" in sources("bootstrap").out
    repo.git("rm", "-rq", "docs", RULES)
    repo.commit("docs: none")
    assert "4 changes of stored memories proposed, in session" in sources("bootstrap").out
    assert "0 proposed: no files here that these sources read" in sources("bootstrap").out


def test_a_source_is_accepted_or_left_as_a_whole(sources: Mem) -> None:
    sources("bootstrap")
    page = sources("review", "bootstrap").out
    assert "── from decisions · 3 candidates" in page and "── from rules · 1 candidate" in page
    assert "mem promote --source decisions" in page
    data = sources("promote", "--source", "decisions", "--yes", "--json").json()
    assert len(data["promoted"]) == 3 and len(data["left"]) == 1
    assert sources("reject", "--source", "rules", "--yes").code == 0
    assert sources("promote", "--source", "rules", "--yes").code == 4
    assert "0 proposed" in sources("bootstrap").out


def test_review_of_one_source(sources: Mem) -> None:
    sources("bootstrap")
    selected = sources("review", "--source", "rules", "--json").json()["selected"]
    assert [candidate["source"] for candidate in selected] == ["rules"]


def test_a_change_at_the_source_is_shown(sources: Mem, repo: Repo) -> None:
    sources("bootstrap")
    sources("promote", "--yes")
    repo.commit("docs: region", {BLOBS: SOURCES[BLOBS].replace("in S3 because", "in S3 in Frankfurt because")})
    done = sources("bootstrap")
    assert f"{BLOBS} has changed" in done.out and "1 change of stored memories proposed" in done.out
    assert "3 files unchanged since the last run" in done.out


def test_a_fast_run_shows_no_progress(sources: Mem, repo: Repo, tmp_path: Path) -> None:
    assert "reading" not in sources("bootstrap", "--dry-run").err
    code, shown = Terminal(repo, tmp_path / "editor").run("bootstrap", "--dry-run", editor="true")
    assert code == 0 and "4 proposed" in shown and "reading" not in shown


def test_a_closed_directory_is_a_line_of_the_report() -> None:
    with open_directory() as place:
        for user in (GROUP + 1,):
            place.chmod(0o777)
            as_user(user, "git", "init", "-q", "repo", cwd=place)
            repository = place / "repo"
            as_user(user, "mkdir", "notes", "notes/closed", cwd=repository)
            as_user(user, "sh", "-c", "echo The queue is drained at midnight by cron. > notes/queue.md", cwd=repository)
            as_user(user, "sh", "-c", "echo Nobody reads this one. > notes/shut.md", cwd=repository)
            as_user(user, "chmod", "000", "notes/closed", "notes/shut.md", cwd=repository)
            assert as_user(user, *MEM, "init", cwd=repository).code == 0
            done = as_user(user, *MEM, "bootstrap", "notes", "notes/shut.md", cwd=repository)
    assert done.code == 1 and "Traceback" not in done.err
    assert "notes: 1 file read, 2 skipped: " in done.out and "Permission denied" in done.out


def test_the_callers_files_stay_as_they_are(sources: Mem, repo: Repo) -> None:
    before = sorted(path for path in Path(repo.path).rglob("*") if ".git" not in path.parts)
    sources("bootstrap", "docs", "--all")
    assert sorted(path for path in Path(repo.path).rglob("*") if ".git" not in path.parts) == before
    assert repo.git("status", "--porcelain") == ""


def test_documents_that_are_not_read_are_counted(repo: Repo, mem: Mem) -> None:
    assert mem("init").code == 0
    for name in ("usage.md", "api.rst"):
        repo.write(
            f"docs/{name}", "Usage\n=====\n\nCall the client with a name; it must be unique, because it is a key.\n"
        )
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", "docs")
    shown = mem("bootstrap", "--dry-run")
    assert "2 other documents not read: 'mem bootstrap --docs' reads all, by section" in shown.out
    assert mem("bootstrap", "--dry-run", "--json").json()["documents"] == 2
    assert mem("bootstrap", "--dry-run", "--docs", "--json").json()["documents"] == 0


def test_notes_of_a_harness_in_the_home_are_named_but_not_read(sources: Mem, repo: Repo) -> None:
    name = "".join(letter if letter.isalnum() else "-" for letter in str(repo.path))
    directory = Path.home() / ".claude/projects" / name / "memory"
    directory.mkdir(parents=True)
    assert "keeps notes" not in sources("bootstrap", "--dry-run").err
    (directory / "MEMORY.md").write_text("- The queue is Kafka, never Redis\n")
    done = sources("bootstrap")
    assert f"Claude Code keeps notes about this project in your home: 'mem import {directory}'" in done.err
    assert "Kafka" not in done.out


def test_an_empty_source_has_a_next_step(sources: Mem) -> None:
    done = sources("import", "/dev/null")
    assert done.code == 1 and "next: name a file or directory that holds memories" in done.err


def test_an_unknown_source_is_answered_with_near_names_only(sources: Mem) -> None:
    done = sources("bootstrap", "--source", "decision")
    assert done.code == 2 and "did you mean 'decisions'? see '--help'" in done.err and "kage" not in done.err
