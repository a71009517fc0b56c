"""What of a repository this user may not read or write, although mem has to: another user's files, mostly."""

from __future__ import annotations

import os
from collections.abc import Iterator

from memcli.errors import Failure
from memcli.git.layout import Layout

_OURS = ("mem", "refs/mem", "refs/heads/mem", "logs/refs/mem", "logs/refs/heads/mem")
"""Trees below the common directory that only mem writes."""
_SHARED = ("", "objects", "objects/pack", "refs", "refs/heads")
"""Directories in which it makes files beside the user's."""


def unwritable_places(layout: Layout) -> list[str]:
    """The directories and files that mem writes in a repository and this user cannot, sorted."""
    return sorted(place for place in set(_places(layout.common_dir)) if not os.access(place, os.W_OK))


def _places(common: str) -> Iterator[str]:
    yield from (place for name in _SHARED if os.path.isdir(place := os.path.join(common, name)))
    with os.scandir(os.path.join(common, "objects")) as items:
        yield from (item.path for item in items if len(item.name) == 2)
    for name in _OURS:
        for directory, _, files in os.walk(os.path.join(common, name)):
            yield directory
            if name.startswith("logs") or directory == os.path.join(common, "mem"):
                yield from (os.path.join(directory, file) for file in files)  # written in place


def refuse_unreadable(common: str, object_id: str) -> None:
    """Raise Failure where an object that was not found may lie in a file or directory that this user cannot read."""
    objects = os.path.join(common, "objects")
    loose = os.path.join(objects, object_id[:2])
    places = [loose, os.path.join(loose, object_id[2:]), *_packs(os.path.join(objects, "pack"))]
    for place in places:
        if os.path.lexists(place) and not os.access(place, os.R_OK):
            raise Failure(f"cannot read {place}: no permission", "ask its owner for access, then retry")


def _packs(directory: str) -> list[str]:
    try:
        return [directory, *(os.path.join(directory, name) for name in os.listdir(directory) if "pack-" in name)]
    except OSError:
        return [directory]
