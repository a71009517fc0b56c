"""The history of the user's code: when files were added, and the messages of commits. One `git log` each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from memcli.git.command import run_git
from memcli.git.objects import instant

MAX_COMMITS = 5_000


@dataclass(frozen=True)
class CommitText:
    """One commit's message and the files it touched."""

    id: str
    at: datetime
    subject: str
    body: str
    files: tuple[str, ...]


def first_dates(directory: str, commit: str, patterns: Sequence[str]) -> dict[str, datetime]:
    """{path: date of the commit that added it first} for the paths that match git's patterns."""
    text = run_git(directory, "-c", "core.quotePath=false", "log", "--diff-filter=A", "--no-renames",
               "--format=%x01%ct", "--name-only", commit, "--", *patterns)  # fmt: skip
    dates: dict[str, datetime] = {}
    for record in text.split("\x01")[1:]:
        seconds, *paths = record.split("\n")
        dates.update(dict.fromkeys(filter(None, paths), instant(seconds)))
    return dates


def messages(directory: str, commit: str) -> list[CommitText]:
    """The newest commits except merges, newest first."""
    text = run_git(directory, "-c", "core.quotePath=false", "log", "--no-merges", f"--max-count={MAX_COMMITS}",
               "--format=%x01%H%x00%ct%x00%s%x00%b%x00", "--name-only", commit)  # fmt: skip
    return [_parse_record(record) for record in text.split("\x01")[1:]]


def _parse_record(record: str) -> CommitText:
    commit, seconds, subject, body, names = (record.split("\x00", 4) + [""] * 5)[:5]
    return CommitText(commit, instant(seconds), subject, body, tuple(filter(None, names.split("\n"))))
