"""Anchors at writing: a code path with the blob that its author had before them.

That is the file in the worktree, which may be changed or new and not yet committed: what a memory says is often about
the very change that is committed next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from stat import S_ISREG

from memcli.core.memory.anchors import Anchor, blob_id
from memcli.core.memory.document import Document, Value
from memcli.core.memory.fast_yaml import texts
from memcli.core.memory.staleness import Staleness
from memcli.core.review.safe_paths import unsafe_anchor
from memcli.git.code_tree import Code

_DIGITS = 8
"""Hex digits of a blob's id in an anchor."""
LARGEST = 8 << 20
"""Bytes of a file that is read for its blob; of a larger one the commit has to tell."""


def with_blobs(anchors: Sequence[Anchor], worktree: str, code: Callable[[], Code | None]) -> tuple[Anchor, ...]:
    """The anchors, each with the blob of its file in the worktree, else in the code at HEAD, where it has none yet.

    `worktree` is empty where there is none; `code` is asked if there are anchors, and None without commits.
    """
    at_head = code() if anchors else None
    if at_head is None:
        return tuple(anchors)
    return tuple(anchor if anchor.blob else _with_blob(anchor, worktree, at_head) for anchor in anchors)


def _with_blob(anchor: Anchor, worktree: str, code: Code) -> Anchor:
    blob = _blob(worktree, anchor.path, code.blob_at(anchor.path))
    return Anchor(anchor.path, blob[:_DIGITS] if blob else None)


def _blob(worktree: str, path: str, committed: str | None) -> str | None:
    """The blob of a file as it would be committed, as far as that can be told without filters."""
    data = _content(Path(worktree, path)) if worktree and not unsafe_anchor(path) else None
    if data is None:
        return committed
    forms = [blob_id(data), *([blob_id(data.replace(b"\r\n", b"\n"))] if b"\r\n" in data else [])]
    return committed if committed in forms else forms[-1]


def _content(file: Path) -> bytes | None:
    try:
        status = file.lstat()
        return file.read_bytes() if S_ISREG(status.st_mode) and status.st_size <= LARGEST else None
    except (OSError, ValueError):
        return None


def moved_anchors(document: Document, staleness: Staleness, code: Code) -> Value:
    """The anchors where they are now, with the blobs that are there; one that is gone stays what it was."""
    moved = {each.path: each.moved_to for each in staleness.anchors if each.moved_to}
    anchors = [Anchor.parse(text) for text in texts(document.get("paths"))]
    paths = [_present(Anchor(moved.get(anchor.path, anchor.path), anchor.blob), code) for anchor in anchors]
    return tuple(dict.fromkeys(map(str, paths))) or document.get("paths")


def _present(anchor: Anchor, code: Code) -> Anchor:
    blob = code.blob_at(anchor.path)
    return Anchor(anchor.path, blob[:_DIGITS]) if blob else anchor
