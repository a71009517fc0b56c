"""Trees as `{path: blob}`: what is at a path, how two trees differ, and a tree with some paths changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from memcli.git.object_store import ObjectStore
from memcli.git.objects import Delta, readable

MAX_DEPTH = 64
"""Levels of directories: what lies deeper in a tree, or has a name with a slash in it, was made to do harm."""
_DIRECTORY, _LINK = 0o040000, 0o120000


class Trees(ObjectStore):
    """The trees of one repository, on top of its objects."""

    def files(self, tree: str, below: str = "") -> dict[str, str]:
        """{path: blob id} of every regular file of a tree, or of the directory `below` in it."""
        return dict(self._walk(self._directory(tree, below), f"{below}/" if below else ""))

    def file(self, tree: str, path: str) -> str | None:
        """The blob id at a path of a tree."""
        entry = self._entry(tree, path)
        return str(entry.id) if entry is not None and entry.type_str == "blob" else None

    def place(self, tree: str, path: str) -> tuple[str, str] | None:
        """(`file`, `link`, `directory` or `submodule`; id of the object) at a path of a tree; None where nothing is."""
        entry = self._entry(tree, path)
        if entry is None:
            return None
        kinds = {"tree": "directory", "commit": "submodule"}
        return ("link" if entry.filemode == _LINK else kinds.get(entry.type_str, "file")), str(entry.id)

    def _entry(self, tree: str, path: str) -> Any:
        """What is at a path, or None; level by level: a tree that is gone is no path that is not there."""
        entry: Any = None
        for name in path.split("/"):
            if entry is not None and entry.filemode != _DIRECTORY:
                return None
            level = self._object(tree if entry is None else str(entry.id))
            try:
                entry = level[name]
            except (KeyError, TypeError):  # a lone surrogate is no name at all
                return None
        return entry

    def _directory(self, tree: str, path: str) -> Any:
        if not path:
            return self._object(tree)
        entry = self._entry(tree, path)
        return self._object(str(entry.id)) if entry is not None and entry.filemode == _DIRECTORY else ()

    def _walk(self, tree: Any, prefix: str) -> Iterator[tuple[str, str]]:
        for entry in tree:
            if "/" in entry.name or prefix.count("/") > MAX_DEPTH:
                continue
            if entry.type_str == "tree":
                yield from self._walk(self._object(str(entry.id)), f"{prefix}{entry.name}/")
            elif entry.type_str == "blob" and entry.filemode != _LINK:
                yield prefix + entry.name, str(entry.id)

    def diff(self, old: str | None, new: str) -> list[Delta]:
        """The files that differ between two trees (None: nothing), by path; equal directories are never opened."""
        with readable():
            return sorted(self._diff(old, new, ""), key=lambda delta: delta.path)

    def _diff(self, old: str | None, new: str | None, prefix: str) -> Iterator[Delta]:
        if old == new or prefix.count("/") > MAX_DEPTH:
            return
        before, after = self._entries(old), self._entries(new)
        for name in before.keys() | after.keys():
            was, now = before.get(name, (None, None)), after.get(name, (None, None))
            if was == now:
                continue
            (old_tree, old_blob), (new_tree, new_blob) = was, now
            yield from self._diff(old_tree, new_tree, f"{prefix}{name}/")
            if old_blob != new_blob:
                yield Delta(prefix + name, old_blob, new_blob)

    def _entries(self, tree: str | None) -> dict[str, tuple[str | None, str | None]]:
        """{name: (tree id, None) or (None, blob id)}; symbolic links and submodules are no files of ours."""
        entries = self._object(tree) if tree else ()
        kinds = ((entry, entry.type_str) for entry in entries)  # the mode is an enum: asking for it costs most
        return {
            entry.name: (str(entry.id), None) if kind == "tree" else (None, str(entry.id))
            for entry, kind in kinds
            if (kind == "tree" or (kind == "blob" and entry.filemode != _LINK)) and "/" not in entry.name
        }

    def update(self, tree: str, changes: Mapping[str, str | None]) -> str:
        """The tree with the blobs of `changes` put at their paths (None removes); empty directories go."""
        with readable():
            parts = {tuple(path.split("/")): blob for path, blob in changes.items()}
            return self._update(tree, parts) or self.empty_tree()

    def empty_tree(self) -> str:
        return self._remember(self.repository.TreeBuilder().write)

    def _update(self, tree: str | None, changes: Mapping[tuple[str, ...], str | None]) -> str | None:
        import pygit2

        builder = self.repository.TreeBuilder(self._object(tree)) if tree else self.repository.TreeBuilder()
        below: dict[str, dict[tuple[str, ...], str | None]] = {}
        for (name, *rest), blob in changes.items():
            if rest:
                below.setdefault(name, {})[tuple(rest)] = blob
            elif blob is not None:
                self._with([blob], partial(builder.insert, name, pygit2.Oid(hex=blob), pygit2.enums.FileMode.BLOB))
            elif builder.get(name) is not None:
                builder.remove(name)
        for name, inner in below.items():
            entry = builder.get(name)
            subtree = str(entry.id) if entry is not None and entry.filemode == _DIRECTORY else None
            updated = self._update(subtree, inner)
            if updated:
                self._with(
                    [updated], partial(builder.insert, name, pygit2.Oid(hex=updated), pygit2.enums.FileMode.TREE)
                )
            elif subtree:
                builder.remove(name)
        if not len(builder):
            return None
        return self._remember(builder.write)
