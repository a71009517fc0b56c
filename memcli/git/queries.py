"""History as `git log` tells it, one short process for each question.

Contract: reading only; objects are named by id; no configuration of the user's changes the answer or runs a program.
For what needs a few commits this costs 3 ms, where loading libgit2 costs 60 ms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from memcli.git.command import PATIENCE, ask_git
from memcli.git.objects import instant

_LOG = ("--literal-pathspecs", "-c", "log.showSignature=false", "-c", "core.quotePath=false", "log", "-z", "--no-color",
        "--no-ext-diff", "--no-textconv", "--no-renames", "--no-mailmap", "--encoding=UTF-8")  # fmt: skip


@dataclass(frozen=True)
class LoggedCommit:
    """A commit of `git log`; `files` are those it touched, where that was asked for."""

    id: str
    at: datetime
    message: str
    files: tuple[str, ...] = ()


def log(
    git_dir: str,
    revisions: Sequence[str],
    limit: int,
    *options: str,
    paths: Sequence[str] = (),
    patience: float = PATIENCE,
) -> list[LoggedCommit]:
    """The newest commits that the revisions (ids, `^id` excludes) name, of those that touched one of the paths where
    there are any; none where git cannot answer within `patience` seconds."""
    arguments = (f"--max-count={limit}", "--format=%x00%x00%H %ct%x00%B%x00", *options, *revisions, "--", *paths)
    text = ask_git(git_dir, *_LOG, *arguments, patience=patience)
    return list(_commits(iter(text.split("\0"))))


def _commits(tokens: Iterator[str]) -> Iterator[LoggedCommit]:
    """Id and time, message, an empty token, names up to the next empty one; no token of the user's can hold a NUL."""
    for head in tokens:
        if not head.strip():
            continue
        commit, _, seconds = head.strip().partition(" ")
        message = next(tokens, "").strip()
        next(tokens, "")
        names = list(takewhile(bool, tokens))
        names[:1] = [name.removeprefix("\n") for name in names[:1]]
        yield LoggedCommit(commit, instant(seconds), message, tuple(names))


def file_at(git_dir: str, commit: str, path: str) -> str | None:
    """The text of a file in a commit's tree, None where there is none."""
    return ask_git(git_dir, "cat-file", "blob", f"{commit}:{path}") or None
