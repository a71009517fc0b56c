"""Staleness: whether the code that a memory is about is still as it was when the memory was last confirmed.

Pure decisions over the status that git gives of each anchor. An anchor is `fresh`, `suspect` (there, but changed) or
`stale` (gone); one whose content has moved is fresh, and its new path is given. Directories, globs and submodules have
no content of their own here: they are fresh while something is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from memcli.core.memory.anchors import Anchor
from memcli.core.memory.fast_yaml import Value, texts

FRESH, SUSPECT, STALE, UNANCHORED = "fresh", "suspect", "stale", "unanchored"
WEIGHTS: Mapping[str, float] = {SUSPECT: 0.9, STALE: 0.7}
"""Factors on a hit's score. Most changes to a file leave what a memory says about it true, so `suspect` only decides
between hits that are nearly equal. A memory whose code is all gone is more often history, but may be all that is known:
it ranks behind hits half as good again, and is still found."""
MAX_ANCHORS = 100
"""Anchors of one memory that are judged: a memory with more is about no place in particular."""


class RecordedAnchor(NamedTuple):
    """One anchor with all that tells what its code was: the blob (8 to 40 hex) in it, the commit of the code at which
    the memory was last verified, and the one at which it was written; each may be missing."""

    path: str
    blob: str | None = None
    verified: str | None = None
    written: str | None = None


class AnchorStatus(NamedTuple):
    """What git has for an anchor at one commit, as object ids that may be abbreviated; `/` is anything but a file.

    `earlier`: what may have been there when the memory was confirmed, () if unknown; `present`: what is at its path
    now, None if it is gone; `moved_to` and `moved`: its new path and what is there, None if nothing similar was found.
    """

    earlier: tuple[str, ...]
    present: str | None
    moved_to: str | None = None
    moved: str | None = None


class AnchorStaleness(NamedTuple):
    """The state of one anchor; `moved_to`: its new path if it has moved, `reason`: the rest of "src/app.py …"."""

    path: str
    state: str
    moved_to: str | None
    reason: str


class Staleness(NamedTuple):
    """The state of a memory, with its anchors in their order."""

    state: str
    anchors: tuple[AnchorStaleness, ...] = ()

    @property
    def reason(self) -> str:
        """The worst anchor in a few words, `` if all are fresh: `src/app.py has changed (and 2 more)`."""
        stale = [anchor for anchor in self.anchors if anchor.state == STALE]
        worst = stale + [anchor for anchor in self.anchors if anchor.state == SUSPECT]
        more = f" (and {len(worst) - 1} more)" if len(worst) > 1 else ""
        return f"{worst[0].path} {worst[0].reason}{more}" if worst else ""


def recorded_anchors(front: Mapping[str, Value]) -> tuple[RecordedAnchor, ...]:
    """The anchors in a memory's front matter; total, whatever it holds."""
    anchors = [Anchor.parse(text) for text in texts(front.get("paths")) if text]
    verified, written = (_commit(front.get(key)) for key in ("verified", "source"))
    return tuple(RecordedAnchor(anchor.path, anchor.blob, verified, written) for anchor in anchors[:MAX_ANCHORS])


def _commit(value: Value) -> str | None:
    commit = value.get("commit") if isinstance(value, Mapping) else None
    return commit if isinstance(commit, str) and commit else None


def anchor_staleness(path: str, status: AnchorStatus) -> AnchorStaleness:
    """The state of an anchor, from what git has for it."""
    if status.present is not None:
        if not status.earlier or _is_one_of(status.present, status.earlier):
            return AnchorStaleness(path, FRESH, None, "is as it was")
        return AnchorStaleness(path, SUSPECT, None, "has changed")
    if status.moved_to is None or status.moved is None:
        return AnchorStaleness(path, STALE, None, "is gone")
    if _is_one_of(status.moved, status.earlier):
        return AnchorStaleness(path, FRESH, status.moved_to, f"is now {status.moved_to}")
    return AnchorStaleness(path, SUSPECT, status.moved_to, f"is now {status.moved_to} and has changed")


def _is_one_of(full_id: str, known: Sequence[str]) -> bool:
    """Whether an object is one of those known, whose ids may be abbreviated."""
    return any(full_id.startswith(known_id) for known_id in known)


def memory_staleness(anchors: Sequence[AnchorStaleness]) -> Staleness:
    """The state of a memory: `stale` if all of its anchors are, `suspect` if not all are fresh."""
    states = {anchor.state for anchor in anchors}
    if not states:
        return Staleness(UNANCHORED)
    state = STALE if states == {STALE} else FRESH if states == {FRESH} else SUSPECT
    return Staleness(state, tuple(anchors))
