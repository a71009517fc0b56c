"""History as `git log` tells it, one short process for each question.

Contract: reading only; objects are named by id; no configuration of the user's changes the answer or runs a program.
For what needs a few commits this costs 3 ms, where loading libgit2 costs 60 ms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import IO

from memcli.git.command import PATIENCE, SMALL_WINDOWS, ask_git, run_git, start_git
from memcli.git.objects import Delta, instant

MOST_COMMITS = 200_000
"""Messages of the code that are read, the newest first."""
_BLOCK = 1 << 20
_PLAIN = ("log", "-z", "--root", "--no-show-signature", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames",
          "--no-follow", "--no-mailmap", "--encoding=UTF-8")  # fmt: skip
_LOG = (*_PLAIN, "--format=%x00%x00%H %ct%x00%B%x00")
_STEPS = (*_PLAIN, "--first-parent", "-m", "--raw", "--no-abbrev", "--format=%x00%x00%H %ct %P%x00%an%x00%B%x00")


@dataclass(frozen=True)
class LoggedCommit:
    """A commit of `git log`; `files` are those it touched and `author` its author's name, where that was asked for."""

    id: str
    at: datetime
    message: str
    files: tuple[str, ...] = ()
    author: str = ""

    @property
    def subject(self) -> str:
        """The first paragraph in one line, as git shows it."""
        return " ".join(takewhile(str.strip, self.message.split("\n")))

    @property
    def body(self) -> str:
        """What follows the subject."""
        lines = self.message.split("\n")
        return "\n".join(lines[len(list(takewhile(str.strip, lines))) :]).strip("\n")


@dataclass(frozen=True)
class LoggedStep:
    """A commit of a branch, and how its tree differs from that of its first parent."""

    id: str
    at: datetime
    parents: tuple[str, ...]
    author: str
    message: str
    deltas: tuple[Delta, ...]


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
    arguments = (f"--max-count={limit}", *options, *revisions, "--", *paths)
    return list(_commits(ask_git(git_dir, "--literal-pathspecs", *_LOG, *arguments, patience=patience)))


def code_messages(common_dir: str, commit: str) -> Iterator[LoggedCommit]:
    """The newest commits of a history with their authors, without the files they touched, newest first; none where git
    cannot answer. They are read as git finds them: of a hundred thousand none is kept."""
    options = (f"--max-count={MOST_COMMITS}", "--format=%H %ct %an%x00%B")
    with start_git(common_dir, (), *SMALL_WINDOWS, *_PLAIN, *options, commit, "--") as process:
        tokens = _tokens(process.stdout) if process.stdout else iter(())
        for head, message in zip(tokens, tokens, strict=False):
            name, seconds, author = head.split(" ", 2)
            yield LoggedCommit(name, instant(seconds), message.strip(), author=author)


def _tokens(stream: IO[str]) -> Iterator[str]:
    """What a stream has between NULs."""
    rest = ""
    while block := stream.read(_BLOCK):
        *whole, rest = f"{rest}{block}".split("\0")
        yield from whole
    if rest:
        yield rest


def touched_files(common_dir: str, commits: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """{commit: the files in which it differs from its first parent}. Raises Failure."""
    options = ("--no-walk=unsorted", "--stdin", "-m", "--first-parent", "--name-only")
    text = run_git(common_dir, *_LOG, *options, stdin="\n".join(commits) + "\n") if commits else ""
    return {logged.id: logged.files for logged in _commits(text)}


def _commits(text: str) -> Iterator[LoggedCommit]:
    """Id and time, message, an empty token, names up to the next empty one; no token of the user's can hold a NUL."""
    tokens = iter(text.split("\0"))
    for head in tokens:
        if not head.strip():
            continue
        commit, _, seconds = head.strip().partition(" ")
        message = next(tokens, "").strip()
        next(tokens, "")
        names = list(takewhile(bool, tokens))
        names[:1] = [name.removeprefix("\n") for name in names[:1]]
        yield LoggedCommit(commit, instant(seconds), message, tuple(names))


def branch_steps(common_dir: str, tip: str) -> list[LoggedStep]:
    """The commits of a branch along first parents with what each changed, newest first: 10,000 of them in one process.
    Raises Failure."""
    tokens = iter(run_git(common_dir, *_STEPS, tip, "--").split("\0"))
    return [_step(head.strip(), tokens) for head in tokens if head.strip()]


def _step(head: str, tokens: Iterator[str]) -> LoggedStep:
    commit, seconds, *parents = head.split(" ")
    author, message = next(tokens, ""), next(tokens, "").strip()
    next(tokens, "")
    entries = takewhile(bool, tokens)
    deltas = tuple(_delta(entry.strip().split(" "), path) for entry, path in zip(entries, entries, strict=False))
    return LoggedStep(commit, instant(seconds), tuple(parents), author, message, deltas)


def _delta(entry: list[str], path: str) -> Delta:
    """`:<mode> <mode> <blob> <blob> <letter>` of a path."""
    old, new = (blob if blob.strip("0") else None for blob in entry[2:4])
    return Delta(path, old, new)


def file_at(git_dir: str, commit: str, path: str) -> str | None:
    """The text of a file in a commit's tree, None where there is none."""
    return ask_git(git_dir, "cat-file", "blob", f"{commit}:{path}") or None


def was_added_since(git_dir: str, commit: str, path: str, line: bytes, since: int) -> bool:
    """Whether commits before one changed how often a file has a line (white space aside), at or after an instant in
    seconds; False where git cannot tell."""
    words = [re.escape(word) for word in line.decode("utf-8", "surrogateescape").split()]
    pattern = f"^[[:space:]]*{'[[:space:]]*'.join(words)}[[:space:]]*$"
    options = ("--pickaxe-regex", f"-S{pattern}", "--format=%H %at", "--max-count=20")
    output = ask_git(git_dir, "--literal-pathspecs", *_PLAIN, *options, commit, "--", path)
    entries = (entry.split() for entry in output.split("\0") if entry.strip())
    return any(changed != commit and int(seconds) >= since for changed, seconds in entries)
