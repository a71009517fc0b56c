"""Dates of lines against `git blame`."""

from __future__ import annotations

import re
from pathlib import Path

from memcli.git.layout import layout_at
from memcli.git.line_dates import line_dates
from memcli.git.odb import Odb
from tests.conftest import Repo

FIRST = "# Rules\n\nUse tabs.\n\nUse spaces.\n"


def commit(repo: Repo, day: int, files: dict[str, str]) -> None:
    for path, text in files.items():
        repo.write(path, text)
    repo.git("add", "-A")
    at = f"2024-01-{day:02}T12:00:00Z"
    repo.git("commit", "-qm", f"day {day}", env={"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at})


def days(repo: Repo, path: str) -> dict[str, int]:
    """{line: day} as the module says."""
    lines = {line.strip() for line in (repo.path / path).read_text().splitlines()} - {""}
    layout = layout_at(str(repo.path / ".git"))
    assert layout
    dates = line_dates(Odb(layout), layout.common_dir, repo.git("rev-parse", "HEAD"), {path: lines})
    return {line: date.day for line, date in dates[path].items()}


def blamed(repo: Repo, path: str) -> dict[str, int]:
    """{line: day} as git says."""
    text = repo.git("blame", "-w", "--date=format:%d", path)
    found = re.findall(r"(?m)^\S+ .*?\s(\d\d)\s+\d+\) *(\S.*)$", text)
    return {line.strip(): int(day) for day, line in found}


def test_each_line_has_the_date_of_its_commit(repo: Repo) -> None:
    commit(repo, 1, {"a.md": FIRST, "b.md": "Other.\n"})
    commit(repo, 2, {"a.md": FIRST + "\nNever push.\n"})
    commit(repo, 3, {"a.md": FIRST.replace("Use tabs.", "  Use tabs.") + "\nNever push.\n", "b.md": "Another.\n"})
    assert (
        days(repo, "a.md") == blamed(repo, "a.md") == {"# Rules": 1, "Use tabs.": 1, "Use spaces.": 1, "Never push.": 2}
    )


def test_a_line_that_came_back_has_the_later_date(repo: Repo) -> None:
    commit(repo, 1, {"a.md": FIRST})
    commit(repo, 2, {"a.md": FIRST.replace("Use tabs.\n", "")})
    commit(repo, 3, {"a.md": FIRST})
    assert days(repo, "a.md") == blamed(repo, "a.md") == {"# Rules": 1, "Use tabs.": 3, "Use spaces.": 1}


def test_a_merge_brings_no_lines_but_its_own(repo: Repo) -> None:
    lines = "".join(f"Line {number}.\n" for number in range(9))
    commit(repo, 1, {"a.md": lines})
    main = repo.git("symbolic-ref", "--short", "HEAD")
    repo.git("checkout", "-qb", "side")
    commit(repo, 2, {"a.md": lines.replace("Line 0.", "Side.")})
    repo.git("checkout", "-q", main)
    commit(repo, 3, {"a.md": lines.replace("Line 8.", "Main.")})
    repo.git("merge", "-q", "--no-commit", "side")
    commit(repo, 4, {"a.md": (repo.path / "a.md").read_text().replace("Line 4.", "Merged.")})
    found = days(repo, "a.md")
    assert found == blamed(repo, "a.md")
    assert (found["Side."], found["Main."], found["Merged."], found["Line 1."]) == (2, 3, 4, 1)


def test_a_renamed_file_keeps_the_dates_of_its_lines(repo: Repo) -> None:
    text = "".join(f"Line {number} of a rule.\n" for number in range(9))
    commit(repo, 1, {"a.md": text})
    commit(repo, 2, {"a.md": text + "Second.\n"})
    repo.git("mv", "a.md", "b.md")
    commit(repo, 3, {"b.md": text + "Second.\nThird.\n"})
    repo.git("mv", "b.md", "ä c.md")
    commit(repo, 4, {"ä c.md": text + "Second.\nThird.\nFourth.\n"})
    found = days(repo, "ä c.md")
    assert found == blamed(repo, "ä c.md")
    assert (found["Line 1 of a rule."], found["Second."], found["Third."], found["Fourth."]) == (1, 2, 3, 4)


def test_a_clone_agrees_and_a_shallow_one_ends_at_its_oldest_commit(repo: Repo, tmp_path: Path) -> None:
    commit(repo, 1, {"a.md": FIRST})
    commit(repo, 2, {"a.md": FIRST + "Second.\n"})
    commit(repo, 3, {"a.md": FIRST + "Second.\nThird.\n"})
    for name, options in (("whole", ()), ("shallow", ("--depth=2",))):
        repo.git("clone", "-q", *options, f"file://{repo.path}", str(tmp_path / name))
    whole, shallow = (Repo(tmp_path / name) for name in ("whole", "shallow"))
    assert days(whole, "a.md") == days(repo, "a.md")
    assert days(shallow, "a.md") == blamed(shallow, "a.md") == {
        "# Rules": 2, "Use tabs.": 2, "Use spaces.": 2, "Second.": 2, "Third.": 3
    }  # fmt: skip


def test_a_partial_clone_without_its_remote_still_has_dates(repo: Repo, tmp_path: Path) -> None:
    text = "".join(f"Line {number} of a rule.\n" for number in range(9))
    commit(repo, 1, {"a.md": text})
    repo.git("mv", "a.md", "b.md")
    commit(repo, 2, {"b.md": text + "Second.\n"})
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("clone", "-q", "--filter=blob:none", f"file://{repo.path}", str(tmp_path / "partial"))
    partial = Repo(tmp_path / "partial")
    partial.git("remote", "set-url", "origin", str(tmp_path / "gone"))
    assert days(partial, "b.md")["Second."] == 2
