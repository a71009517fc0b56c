"""Where files went between two trees: to a file with the same content, else to one that libgit2 finds similar.

Only files that are new in the later tree count: a copy that was there before is not where a file went. Empty files are
not followed, as in git: they are all alike.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from memcli.errors import MemError
from memcli.git.objects import readable
from memcli.git.odb import Odb

SIMILAR = 50
"""Per cent of the content that has to be the same, as in git."""
COMPARED = 1000
"""So many new files are compared with those that went, the likeliest first: each costs up to 1 ms."""
FOLLOWED = 200
"""So many files of a directory tell where it went."""
EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
Places = dict[str, tuple[str, str]]


def follow(odb: Odb, old: str, new: str, gone: Collection[str]) -> Places:
    """{path: (new path, blob)} of those files of tree `old` that are found elsewhere in `new`. Raises Failure."""
    with readable():
        added = _added(odb, old, new)
        blobs = {path: blob for path in gone if (blob := odb.file(old, path)) and blob != EMPTY}
        exact = {path: place for path, blob in blobs.items() if (place := same_content(added, path, blob))}
    rest = {path: blob for path, blob in blobs.items() if path not in exact}
    return {**_similar(odb, old, added, rest), **exact}


def follow_directory(odb: Odb, old: str, new: str, directory: str) -> str | None:
    """Where at least half of a directory's files went together, under the names they had. Raises Failure."""
    names = list(odb.files(old, directory))[:FOLLOWED]
    went = follow(odb, old, new, names)
    rests = {name: name.removeprefix(directory) for name in went}
    votes = Counter(to.removesuffix(rests[name]) for name, (to, _) in went.items() if to.endswith(rests[name]))
    best, count = max(votes.items(), key=lambda vote: (vote[1], vote[0]), default=("", 0))
    return best if best and count * 2 >= len(names) else None


def same_content(files: Mapping[str, str], path: str, blob: str) -> tuple[str, str] | None:
    """The likeliest of the files with that blob (cut short perhaps): one of the same name, then the nearest by."""
    if EMPTY.startswith(blob):
        return None
    copies = [(name, full) for name, full in files.items() if full.startswith(blob)]
    return min(copies, key=lambda place: _distance(path, place[0]), default=None)


def _distance(path: str, other: str) -> tuple[bool, int, str]:
    shared = posixpath.commonprefix([path, other]).count("/")
    return posixpath.basename(path) != posixpath.basename(other), -shared, other


def _added(odb: Odb, old: str, new: str) -> dict[str, str]:
    import pygit2

    before: Any = odb.repository[old]
    deltas = before.diff_to_tree(odb.repository[new]).deltas
    return {
        delta.new_file.path: str(delta.new_file.id)
        for delta in deltas
        if delta.status == pygit2.enums.DeltaStatus.ADDED and delta.new_file.mode != pygit2.enums.FileMode.COMMIT
    }


def _similar(odb: Odb, old: str, added: Mapping[str, str], gone: Mapping[str, str]) -> Places:
    """What libgit2 says of {path: blob}; nothing where their contents are only promised and cannot be fetched."""
    try:
        odb.prefetch(gone.values())
        with readable():
            return _compared(odb, old, added, gone) if gone and added else {}
    except MemError:
        return {}


def _compared(odb: Odb, old: str, added: Mapping[str, str], gone: Collection[str]) -> Places:
    """libgit2 asked about these files alone: of two whole trees it compares every file that went."""
    import pygit2

    tree: Any = odb.repository[old]
    later = pygit2.Index()
    later.read_tree(tree)
    for path in gone:
        later.remove(path)
    for path in _likeliest(added, gone):
        later.add(pygit2.IndexEntry(path, pygit2.Oid(hex=added[path]), pygit2.enums.FileMode.BLOB))
    diff = tree.diff_to_index(later)
    diff.find_similar(pygit2.enums.DiffFind.FIND_RENAMES, rename_threshold=SIMILAR)
    renamed = [delta for delta in diff.deltas if delta.status == pygit2.enums.DeltaStatus.RENAMED]
    places = {delta.old_file.path: (delta.new_file.path, str(delta.new_file.id)) for delta in renamed}
    return {path: place for path, place in places.items() if path in gone}


def _likeliest(added: Iterable[str], gone: Collection[str]) -> list[str]:
    """Those of the same name first, then those of the same ending."""
    names = {posixpath.basename(path) for path in gone}
    endings = {posixpath.splitext(path)[1] for path in gone}

    def likelihood(path: str) -> tuple[bool, bool, str]:
        return posixpath.basename(path) not in names, posixpath.splitext(path)[1] not in endings, path

    return sorted(added, key=likelihood)[:COMPARED]
