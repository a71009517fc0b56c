"""Git objects, through pygit2: blobs, trees as `{path: blob}`, commits, and the difference of two trees.

Contract: writing an object never moves a ref; what was written is remembered (`Odb.pending`) until it is published.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from memcli.errors import Failure, NotFound
from memcli.git.layout import Layout
from memcli.git.objects import Commit, Delta, Person, instant, readable
from memcli.git.pending_objects import PendingObjects, retried

if TYPE_CHECKING:
    import pygit2

EXTENSIONS = ("worktreeconfig", "partialclone", "preciousobjects", "relativeworktrees", "noop")
"""Repository extensions that do not change how objects and refs are stored; libgit2 refuses unknown ones."""
MAX_DEPTH = 64
"""Levels of directories: what lies deeper in a tree, or has a name with a slash in it, somebody made to do harm."""
Made = TypeVar("Made")
_DIRECTORY, _LINK = 0o040000, 0o120000


class Odb:
    """The object database of one repository."""

    def __init__(self, layout: Layout) -> None:
        import pygit2

        known = set(pygit2.settings.extensions)
        pygit2.settings.set_extensions([name for name in EXTENSIONS if name not in known])
        flags = pygit2.enums.RepositoryOpenFlag.NO_SEARCH | pygit2.enums.RepositoryOpenFlag.BARE
        self.common = Path(layout.common_dir)
        with readable():
            self.repository: pygit2.Repository = pygit2.Repository(layout.common_dir, flags)
        self.pending = PendingObjects(self.common)

    def setting(self, name: str) -> str:
        """A git config value, all scopes; empty where it is not set."""
        config = self.repository.config
        return (config[name] or "").strip() if name in config else ""

    # reading

    def blob(self, blob_id: str) -> bytes:
        with readable():
            return bytes(self._object(blob_id).data)

    def commit(self, commit_id: str) -> Commit:
        with readable():
            found: Any = self._object(commit_id)
        if found.type_str != "commit":
            raise Failure(f"{commit_id[:10]} is a {found.type_str}, not a commit", "a ref points to it by mistake")
        return Commit(
            str(found.id),
            str(found.tree_id),
            tuple(str(parent) for parent in found.parent_ids),
            found.message,
            found.author.name,
            found.author.email,
            instant(found.commit_time),
        )

    def authored(self, commit_id: str) -> datetime:
        """When a commit was first made: rebasing and amending keep that."""
        with readable():
            return instant(self._object(commit_id).author.time)

    def commit_named(self, text: str) -> str | None:
        """The full id of the commit that has this id (7 to 40 hex), None where it is not here or not the only one."""
        found = self.full(text)
        return found if found and self.repository[found].type_str == "commit" else None

    def blob_named(self, text: str) -> str | None:
        """The full id of the content that has this id (7 to 40 hex); None where that is not here or something else."""
        found = self.full(text)
        return found if found and self.repository[found].type_str == "blob" else None

    def full(self, text: str) -> str | None:
        """The full id of the object whose id begins so (7 to 40 hex); None where it is not here or not the only one."""
        if not re.fullmatch(r"[0-9a-f]{7,40}", text):
            return None
        try:
            found = self.repository.get(text)
        except ValueError:
            return None
        return str(found.id) if found is not None else None

    def size(self, blob_id: str) -> int:
        """The bytes of a blob, without reading it."""
        with readable():
            self._object(blob_id) if blob_id not in self.repository else None
            return int(self.repository.odb.read_header(blob_id)[1])

    def has(self, object_id: str) -> bool:
        return object_id in self.repository

    def resolve(self, revision: str) -> str:
        """The commit id of a revision that a person typed. Raises NotFound."""
        import pygit2

        try:
            if not revision.strip("\0"):
                raise ValueError("empty")
            return str(self.repository.revparse_single(revision).peel(pygit2.Commit).id)
        except (KeyError, ValueError, pygit2.GitError) as error:
            raise NotFound(f"no such commit: {revision!r}", "name a commit id, a ref or 'mem/main'") from error

    def commits_from(self, beginning: str) -> list[str]:
        """The commits whose ids begin so (hex, at least four characters), also through a tag; sorted."""
        with readable():
            try:
                found = [str(self.repository.expand_id(beginning))]
            except ValueError:  # several objects: most likely only one is a commit
                found = sorted(name for name in map(str, self.repository) if name.startswith(beginning))
            except KeyError:
                return []
            commits = dict.fromkeys(self._peeled(name) for name in found)
        return [commit for commit in commits if commit]

    def _peeled(self, object_id: str) -> str | None:
        """The commit that an object is or, as a tag, stands for."""
        import pygit2

        try:
            return str(self._object(object_id).peel(pygit2.Commit).id)
        except pygit2.GitError:
            return None

    def reaches(self, tips: Iterable[str], commit: str) -> bool:
        """Whether a commit is one of `tips` or reachable from them; the other side's history is never walked."""
        with readable():
            walker = self.repository.walk(None)
            for tip in tips:
                walker.push(tip)
            return any(str(found.id) == commit for found in walker)

    def first_parents(self, tip: str, stop: str | None = None) -> Iterator[Commit]:
        """Commits from `tip` along first parents, newest first, until `stop` (left out) or the root."""
        place: str | None = tip
        while place and place != stop:
            commit = self.commit(place)
            yield commit
            place = commit.parents[0] if commit.parents else None

    def is_ancestor(self, old: str, new: str) -> bool:
        """Whether `old` is reachable from `new`."""
        with readable():
            return old == new or self.repository.descendant_of(new, old)

    def merge_base(self, one: str, other: str) -> str | None:
        with readable():
            found = self.repository.merge_base(one, other)
        return str(found) if found else None

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

    def _object(self, object_id: str) -> Any:
        """The object, also one that a gc has just taken. Raises Failure."""
        try:
            return self.repository[object_id]
        except KeyError:
            self._bring_back(object_id)
        with readable():
            return self.repository[object_id]

    def _bring_back(self, object_id: str) -> None:
        if written := self.pending.written(object_id):
            retried(partial(self.repository.odb.write, *written))
        elif not self.pending.heal():
            self._fetch_missing([object_id])

    def prefetch(self, objects: Iterable[str]) -> None:
        """Before many objects are read: in a partial clone, fetch those that are only promised."""
        if self._is_partial:
            self._fetch_missing([object_id for object_id in objects if object_id not in self.repository])

    @cached_property
    def _is_partial(self) -> bool:
        return any(entry.name.endswith(".promisor") or "partialclone" in entry.name for entry in self.repository.config)

    def _fetch_missing(self, objects: list[str]) -> None:
        """In a partial clone, let git fetch what is only promised, in one call."""
        if not self._is_partial or not objects:
            return
        from memcli.git.remotes import fetch_promised

        fetch_promised(str(self.common), objects)

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
            elif entry.type_str == "blob" and entry.filemode != 0o120000:
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
            if (kind == "tree" or (kind == "blob" and entry.filemode != 0o120000)) and "/" not in entry.name
        }

    def blame(self, commit: str, path: str) -> list[str]:
        """For each line of a file, the commit along first parents that brought it."""
        import pygit2

        with readable():
            hunks = self.repository.blame(
                path, flags=pygit2.enums.BlameFlag.FIRST_PARENT, newest_commit=pygit2.Oid(hex=commit)
            )
            return [str(hunk.final_commit_id) for hunk in hunks for _ in range(hunk.lines_in_hunk)]

    # writing

    def write_blob(self, data: bytes) -> str:
        import pygit2

        return self._write(pygit2.enums.ObjectType.BLOB, data)

    def _write(self, kind: int, data: bytes) -> str:
        with readable():
            object_id = str(retried(lambda: self.repository.odb.write(kind, data)))
        return self.pending.note(object_id, kind, data)

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

    def write_commit(self, tree: str, parents: Iterable[str], message: str, author: Person) -> str:
        """Write a commit that no ref points to yet (`create_commit` with a ref can lose it on a full disk)."""
        import pygit2

        signature = pygit2.Signature(author.name, author.email, int(author.at.timestamp()), 0, "utf-8")
        above = list(parents)

        def write() -> pygit2.Oid:
            return self.repository.create_commit(None, signature, signature, message, tree, above)

        with readable():
            return self._remember(lambda: self._with([tree, *above], write))

    def _with(self, objects: Iterable[str], write: Callable[[], Made]) -> Made:
        """Write what refers to objects; once more where a gc has just taken one of them."""
        import pygit2

        try:
            return write()
        except pygit2.GitError:
            for object_id in objects:
                self._object(object_id)
            return write()

    def _remember(self, write: Callable[[], pygit2.Oid]) -> str:
        def written() -> tuple[str, int, bytes]:
            object_id = write()
            return str(object_id), *self.repository.odb.read(object_id)

        object_id, kind, data = retried(written)
        return self.pending.note(object_id, int(kind), bytes(data))
