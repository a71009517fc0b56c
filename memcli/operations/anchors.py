"""Anchors at writing: a code path with the blob that its author had before them."""

from __future__ import annotations

from collections.abc import Sequence

from memcli.core.memory import Anchor
from memcli.workspace import Workspace

_HEX = 8


def anchored(workspace: Workspace, anchors: Sequence[Anchor]) -> tuple[Anchor, ...]:
    """The anchors with the blob at the code's HEAD, where they have none and a file is there."""
    code = workspace.code if anchors else None
    if code is None:
        return tuple(anchors)
    seen = {anchor.path: code.blob_at(anchor.path) for anchor in anchors if anchor.blob is None}
    return tuple(Anchor(one.path, (seen.get(one.path) or "")[:_HEX] or one.blob) for one in anchors)
