"""Snapshots: the store as this clone knew it at a commit or an instant, without any session's candidates.

A date means the promotions that had entered by then (`core.session.promotion_dates`); a commit of the store means
itself; one of the user's code means its date: what was known when it was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from memcli.core.memory.instants import format_instant, is_instant, parse_end
from memcli.core.memory.summary import Filters
from memcli.core.session.promotion_dates import known_at
from memcli.errors import Usage
from memcli.git.layout import Layout
from memcli.git.ref_files import list_refs

if TYPE_CHECKING:
    from memcli.git.objects import Commit
    from memcli.git.odb import Odb

_DATES = "a date (2026-11-20) or a time (2026-11-20T09:30:00Z)"


@dataclass(frozen=True)
class Snapshot:
    """`commit` of the store and its `tree`; before the store began `commit` is empty, and so is the tree.

    `at`: the instant that was asked about, else the commit's date.
    """

    commit: str
    tree: str
    at: datetime

    @staticmethod
    def of(commit: Commit) -> Snapshot:
        """The store as a commit of it has it."""
        return Snapshot(commit.id, commit.tree, commit.at)

    def as_json(self) -> dict[str, object]:
        """As answers and recorded reads name it."""
        return {"commit": self.commit or None, "at": format_instant(self.at)}


def find_snapshot(odb: Odb, layout: Layout, tip: str, text: str) -> Snapshot:
    """The snapshot that a date, or the name of a commit, means; `tip` is the store's. Raises Usage."""
    text = text.strip()
    if is_instant(text):
        return _at(odb, tip, _instant("--as-of", text))
    from memcli.git.revision import NAMED_BY, commits_named  # most reads ask about now

    names = commits_named(odb, layout, text)
    if len(names) != 1:
        problem = f"stands for {len(names)} commits" if names else "is neither a date nor a commit here"
        raise Usage(f"--as-of: {text[:60]!r} {problem}", f"give {_DATES}, {NAMED_BY}")
    commit = odb.commit(names[0])
    if is_of_the_store(odb, layout, tip, commit.id):
        return Snapshot.of(commit)
    return _at(odb, tip, commit.at)


def time_parameters(snapshot: Snapshot | None, filters: Filters) -> dict[str, object]:
    """The times that were asked about, as recorded reads name them: nothing for now."""
    times = {"as_of": snapshot and snapshot.as_json(), "valid_at": filters.valid_at}
    return {name: value for name, value in times.items() if value}


def parse_valid_at(text: str) -> str:
    """A date as `Filters.valid_at` has it: a bare one means the end of that UTC day. Raises Usage."""
    if not is_instant(text.strip()):
        raise Usage(f"--valid-at: {text[:60]!r} is not a date", f"give {_DATES}")
    return format_instant(_instant("--valid-at", text.strip()))


def _instant(option: str, text: str) -> datetime:
    try:
        return parse_end(text)
    except ValueError as error:
        raise Usage(f"{option}: {text!r}: {error}", f"give {_DATES}") from error


def _at(odb: Odb, tip: str, instant: datetime) -> Snapshot:
    from memcli.git.objects import EMPTY_TREE

    commits = list(odb.first_parents(tip))[::-1]
    position = known_at([commit.at for commit in commits], instant)
    if position is None:
        return Snapshot("", EMPTY_TREE, instant)
    return Snapshot(commits[position].id, commits[position].tree, instant)


def is_of_the_store(odb: Odb, layout: Layout, tip: str, commit: str) -> bool:
    """Whether it is the store's or a session's, local or fetched; their history is the small one, so it is walked."""
    prefixes = ("refs/mem/", "refs/heads/mem/", "refs/remotes/")
    refs = [ref for prefix in prefixes for ref in list_refs(layout, prefix)]
    own = [target for name, target in refs if not name.startswith("refs/remotes/") or "/mem/" in name]
    return odb.reaches([tip, *own], commit)
