"""Staleness: whether the code that a memory is about is still as it was when somebody last confirmed the memory.

Pure decisions over what git says of each anchor (`Sighting`). An anchor is `fresh`, `suspect` (there, but changed) or
`stale` (gone); one that has moved with its content is fresh, and its new path is told. Directories, globs and
submodules have no content of their own here: they are fresh while something is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from memcli.core.memory.anchors import Anchor
from memcli.core.memory.fast_yaml import Value, texts

FRESH, SUSPECT, STALE, UNANCHORED = "fresh", "suspect", "stale", "unanchored"
WEIGHTS: Mapping[str, float] = {SUSPECT: 0.9, STALE: 0.7}
"""Factors on a hit's score. Most changes to a file leave what a memory says of it true: `suspect` only settles what is
nearly equal. A memory whose code is all gone is more often history, but may be the one thing known: it yields to hits
half as good again, and is still found."""
MAX_ANCHORS = 100
"""So many anchors of one memory are judged: a memory with more is about no place in particular."""


class RecordedAnchor(NamedTuple):
    """One anchor with all that says how its code was: the blob (8 to 40 hex) in it, the commit of the code at which the
    memory was last verified, the one at which it was written; each may be missing."""

    path: str
    blob: str | None = None
    verified: str | None = None
    written: str | None = None


class AnchorStatus(NamedTuple):
    """What git says of a claim at one commit, in ids of objects, abbreviated perhaps; `/` is anything but a file.

    `earlier`: what it may have been when it was confirmed, () where nobody knows; `present`: what is at its path, None
    where it is gone; `moved_to` and `moved`: where it went and what is there, None where nothing like it is found.
    """

    earlier: tuple[str, ...]
    present: str | None
    moved_to: str | None = None
    moved: str | None = None


class AnchorStaleness(NamedTuple):
    """How one anchor fares; `moved_to` is its new path where it has moved, `reason` the rest of "src/app.py …"."""

    path: str
    state: str
    moved_to: str | None
    reason: str


class Staleness(NamedTuple):
    """How a memory fares, with its anchors in their order."""

    state: str
    anchors: tuple[AnchorStaleness, ...] = ()

    @property
    def because(self) -> str:
        """What is worst about it in a few words, `` where it is fresh: `src/app.py has changed (and 2 more)`."""
        worst = [one for one in self.anchors if one.state == STALE] + [
            one for one in self.anchors if one.state == SUSPECT
        ]
        more = f" (and {len(worst) - 1} more)" if len(worst) > 1 else ""
        return f"{worst[0].path} {worst[0].reason}{more}" if worst else ""


def recorded_anchors(front: Mapping[str, Value]) -> tuple[RecordedAnchor, ...]:
    """The claims in a memory's front matter, whatever it holds."""
    anchors = [Anchor.parse(text) for text in texts(front.get("paths")) if text]
    verified, written = (_commit(front.get(key)) for key in ("verified", "source"))
    return tuple(RecordedAnchor(one.path, one.blob, verified, written) for one in anchors[:MAX_ANCHORS])


def _commit(value: Value) -> str | None:
    commit = value.get("commit") if isinstance(value, Mapping) else None
    return commit if isinstance(commit, str) and commit else None


def anchor_staleness(path: str, seen: AnchorStatus) -> AnchorStaleness:
    """How an anchor fares by what git says of it."""
    if seen.present is not None:
        if not seen.earlier or _is_one_of(seen.present, seen.earlier):
            return AnchorStaleness(path, FRESH, None, "is as it was")
        return AnchorStaleness(path, SUSPECT, None, "has changed")
    if seen.moved_to is None or seen.moved is None:
        return AnchorStaleness(path, STALE, None, "is gone")
    if _is_one_of(seen.moved, seen.earlier):
        return AnchorStaleness(path, FRESH, seen.moved_to, f"is now {seen.moved_to}")
    return AnchorStaleness(path, SUSPECT, seen.moved_to, f"is now {seen.moved_to} and has changed")


def _is_one_of(found: str, known: Sequence[str]) -> bool:
    """Whether the object is one of those known, which may be cut short."""
    return any(found.startswith(one) for one in known)


def memory_staleness(anchors: Sequence[AnchorStaleness]) -> Staleness:
    """How a memory fares: `stale` where all of its anchors are, `suspect` where not all are fresh."""
    states = {one.state for one in anchors}
    if not states:
        return Staleness(UNANCHORED)
    state = STALE if states == {STALE} else FRESH if states == {FRESH} else SUSPECT
    return Staleness(state, tuple(anchors))
