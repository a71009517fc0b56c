"""What the rest of the program sees of git's objects: people, commits and differences as values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from memcli.errors import Failure

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""Git knows it without having it."""


@dataclass(frozen=True)
class Person:
    """A git identity and the instant of an operation."""

    name: str
    email: str
    at: datetime


@dataclass(frozen=True)
class Commit:
    """A commit as far as the store needs it."""

    id: str
    tree: str
    parents: tuple[str, ...]
    message: str
    author: str
    email: str
    at: datetime


@dataclass(frozen=True)
class Delta:
    """One path that differs between two trees: its blobs before and after, None where it is missing."""

    path: str
    old: str | None
    new: str | None


def instant(seconds: str | int) -> datetime:
    """A commit's time as git tells it; the epoch for what no calendar has."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


@contextmanager
def readable() -> Iterator[None]:
    """Turn libgit2's own errors into ours: a missing or broken object is a clear failure, never a traceback."""
    import pygit2

    try:
        yield
    except (pygit2.GitError, KeyError, ValueError) as error:
        is_denied = "permission denied" in str(error).lower()
        hint = "ask its owner for access" if is_denied else "run 'git fsck' to see what is damaged"
        reason = str(error) or type(error).__name__
        raise Failure(f"git object or ref cannot be read: {reason}", hint) from error


@dataclass(frozen=True)
class Move:
    """One ref moved from one commit to another; None where it did not exist before or after."""

    ref: str
    old: str | None
    new: str | None
