"""Anchors at writing: a code path with the blob that its author had before them.

That is the file in the worktree, which may be changed or new and not yet committed: what a memory says is often about
the very change that is committed next.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from stat import S_ISREG

from memcli.core.memory.anchors import Anchor, blob_id
from memcli.core.memory.document import Document, Value
from memcli.core.memory.fast_yaml import texts
from memcli.core.memory.staleness import Staleness
from memcli.core.review.safe_paths import unsafe_anchor
from memcli.git.code_tree import Code
from memcli.workspace import Workspace

_HEX = 8
LARGEST = 8 << 20
"""Bytes of a file that is read for its blob; of a larger one the commit has to tell."""


def anchored(workspace: Workspace, anchors: Sequence[Anchor]) -> tuple[Anchor, ...]:
    """The anchors with the blob in the worktree, else at the code's HEAD, where they have none and a file is there."""
    code = workspace.code if anchors else None
    if code is None:
        return tuple(anchors)
    root = workspace.layout.worktree
    seen = {one.path: _blob(root, one.path, code.blob_at(one.path)) for one in anchors if one.blob is None}
    return tuple(Anchor(one.path, (seen.get(one.path) or "")[:_HEX] or one.blob) for one in anchors)


def _blob(root: str, path: str, committed: str | None) -> str | None:
    """The blob of a file as it would be committed, as far as that can be told without filters."""
    data = _content(Path(root, path)) if root and not unsafe_anchor(path) else None
    if data is None:
        return committed
    forms = [blob_id(data), *([blob_id(data.replace(b"\r\n", b"\n"))] if b"\r\n" in data else [])]
    return committed if committed in forms else forms[-1]


def _content(file: Path) -> bytes | None:
    try:
        found = file.lstat()
        return file.read_bytes() if S_ISREG(found.st_mode) and found.st_size <= LARGEST else None
    except (OSError, ValueError):
        return None


def followed(document: Document, staleness: Staleness, code: Code) -> Value:
    """The anchors where they are now, with the blobs that are there; one that is gone stays what it was."""
    moved = {one.path: one.moved_to for one in staleness.anchors if one.moved_to}
    anchors = [Anchor.parse(text) for text in texts(document.get("paths"))]
    paths = [_present(Anchor(moved.get(anchor.path, anchor.path), anchor.blob), code) for anchor in anchors]
    return tuple(dict.fromkeys(map(str, paths))) or document.get("paths")


def _present(anchor: Anchor, code: Code) -> Anchor:
    blob = code.blob_at(anchor.path)
    return Anchor(anchor.path, blob[:8]) if blob else anchor
