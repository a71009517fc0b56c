"""`mem report` by the command line: where the page goes, what is printed beside it, and how it is opened."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Mem, Repo
from tests.waiting import eventually


@pytest.fixture
def store(mem: Mem, repo: Repo) -> Mem:  # noqa: ARG001
    assert mem("init").code == 0
    assert mem("add", "The cache is cleared at night.", "--promote").code == 0
    return mem


def test_it_writes_one_file_and_prints_its_path(store: Mem, repo: Repo) -> None:
    status = repo.git("status", "--porcelain", "--ignored")
    done = store("report")
    assert (done.code, done.out) == (0, ".git/mem/report.html\n"), done.err
    assert done.err == "1 memory in use, 1 added or changed lately, no open questions\n"
    page = (repo.path / ".git/mem/report.html").read_text("utf-8")
    assert page.startswith("<!doctype html>") and "The cache is cleared at night" in page
    assert repo.git("status", "--porcelain", "--ignored") == status
    assert store("report").code == 0  # in place of the older one


def test_json_has_its_numbers(store: Mem, repo: Repo) -> None:
    data = store("report", "--json", "--output", "r.html").json()
    assert data["path"] == str(repo.path / "r.html") and data["bytes"] == (repo.path / "r.html").stat().st_size
    assert (data["memories"], data["learned"], data["questions"], data["stale"], data["waiting"]) == (1, 1, 0, 0, 0)
    assert [(each["name"], each["agent"], each["accepted"]) for each in data["authors"]] == [("Ada Example", False, 1)]


def test_stdout_takes_the_page_alone(store: Mem) -> None:
    done = store("report", "-o", "-")
    assert done.out.startswith("<!doctype html>") and done.out.endswith("</html>\n") and done.err == ""
    for option in ("--json", "--open"):
        assert store("report", "-o", "-", option).code == 2


def test_a_file_of_somebody_else_stays(store: Mem, repo: Repo) -> None:
    repo.write("index.html", "<p>mine</p>")
    done = store("report", "-o", "index.html")
    assert done.code == 6 and "was not written by mem" in done.err
    assert (repo.path / "index.html").read_text() == "<p>mine</p>"
    assert store("report", "-o", "no/such/place.html").code == 1


@pytest.mark.parametrize(("since", "number"), [("7d", 1), ("12h", 1), ("2w", 1), ("2020-01-01", 1), ("2199-01-01", 0)])
def test_since_takes_dates_and_spans(store: Mem, since: str, number: int) -> None:
    assert store("report", "--since", since, "--json").json()["learned"] == number


@pytest.mark.parametrize("since", ["lately", "7", "-3d", "2026-13-01", ""])
def test_other_words_for_since_are_refused(store: Mem, since: str) -> None:
    done = store("report", "--since", since)
    assert done.code == 2 and "7d" in done.err


def test_it_opens_the_browser_that_the_user_has(store: Mem, repo: Repo, tmp_path: Path) -> None:
    """Which may run for hours, and must hold neither us nor our output."""
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{opened}"\necho noise\nsleep 5\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    done = store("report", "--open", env={"BROWSER": str(browser)})
    assert (done.code, done.out) == (0, ".git/mem/report.html\n")
    page = (repo.path / ".git/mem/report.html").as_uri() + "\n"
    assert eventually(lambda: opened.exists() and opened.read_text() == page)


@pytest.mark.parametrize("variables", [{"BROWSER": "no-such-browser-here"}, {"BROWSER": "", "TERM": "dumb"}])
def test_no_browser_is_no_error(store: Mem, tmp_path: Path, variables: dict[str, str]) -> None:
    (tmp_path / "bin").mkdir()
    for name in ("git", "env"):
        (tmp_path / "bin" / name).symlink_to(f"/usr/bin/{name}")
    done = store("report", "--open", env={**variables, "PATH": str(tmp_path / "bin")})
    assert (done.code, done.out) == (0, ".git/mem/report.html\n")
    assert "open the file" in done.err


@pytest.mark.usefixtures("store")
def test_no_module_of_the_directory_is_run(repo: Repo, tmp_path: Path) -> None:
    repo.write("webbrowser.py", f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{opened}"\n')
    browser.chmod(0o755)
    program = Path(sys.executable).with_name("mem")
    subprocess.run(
        [program, "report", "--open"], cwd=repo.path, env={**os.environ, "BROWSER": str(browser)}, check=True
    )
    assert eventually(opened.exists)
    assert not (tmp_path / "ran").exists()


def test_without_a_store_it_says_what_to_do(mem: Mem) -> None:
    done = mem("report")
    assert done.code == 3 and "mem init" in done.err


def test_a_clone_that_was_not_set_up_has_a_report(store: Mem, repo: Repo, tmp_path: Path) -> None:
    repo.git("clone", "-q", str(repo.path), str(tmp_path / "clone"))
    done = store("report", cwd=tmp_path / "clone")
    assert done.code == 0 and (tmp_path / "clone/.git/mem/report.html").exists(), done.err
    assert "mem init" in done.err
