"""Objects by id, through pygit2: also those that a gc has just taken, or that a partial clone has only promised.

Contract: writing an object never moves a ref; what was written is remembered (`pending`) until it is published. Opened
with `scratch`, new objects go to a temporary directory and the repository stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from memcli.errors import Failure
from memcli.git.access import refuse_unreadable
from memcli.git.command import run_git
from memcli.git.layout import Layout
from memcli.git.objects import readable
from memcli.git.pending_objects import PendingObjects, retried

if TYPE_CHECKING:
    import pygit2

_EXTENSIONS = ("worktreeconfig", "partialclone", "preciousobjects", "relativeworktrees", "noop")
"""Repository extensions that do not change how objects and refs are stored; libgit2 refuses unknown ones."""
_COMPRESSION, _BEFORE_OTHERS = 1, 100
"""How scratch objects are written: quickly, and into the back end that is asked first."""
_Made = TypeVar("_Made")


class ObjectStore:
    """The objects of one repository."""

    def __init__(self, layout: Layout, scratch: bool = False) -> None:
        import pygit2

        known = set(pygit2.settings.extensions)
        pygit2.settings.set_extensions([name for name in _EXTENSIONS if name not in known])
        pygit2.settings.owner_validation = False  # judged as git does, when the repository was found
        flags = pygit2.enums.RepositoryOpenFlag.NO_SEARCH | pygit2.enums.RepositoryOpenFlag.BARE
        self.common = Path(layout.common_dir)
        try:
            self.repository: pygit2.Repository = pygit2.Repository(layout.common_dir, flags)
        except pygit2.GitError as error:
            raise _not_opened(layout.common_dir, error) from error
        self.pending = PendingObjects(self.common)
        if scratch:
            self._write_elsewhere()

    def _write_elsewhere(self) -> None:
        """From now on write objects to a temporary directory, which goes with this store."""
        import shutil
        import tempfile
        import weakref

        import pygit2

        directory = tempfile.mkdtemp(prefix="mem-objects-")
        weakref.finalize(self, shutil.rmtree, directory, True)
        self.repository.odb.add_backend(pygit2.OdbBackendLoose(directory, _COMPRESSION, False), _BEFORE_OTHERS)

    def setting(self, name: str) -> str:
        """A git config value, all scopes; empty where it is not set."""
        config = self.repository.config
        return (config[name] or "").strip() if name in config else ""

    def has(self, object_id: str) -> bool:
        return object_id in self.repository

    def blob(self, blob_id: str) -> bytes:
        """The content of a blob. Raises Failure."""
        with readable():
            return bytes(self._object(blob_id).data)

    def size(self, blob_id: str) -> int:
        """The bytes of a blob, without reading it. Raises Failure."""
        with readable():
            if blob_id not in self.repository:
                self._object(blob_id)
            return int(self.repository.odb.read_header(blob_id)[1])

    def blob_named(self, text: str) -> str | None:
        """The full id of the blob with this id (7 to 40 hex); None where that is not here or something else."""
        return self._named(text, "blob")

    def _named(self, text: str, kind: str) -> str | None:
        """The full id of the object of a kind whose id begins so; None where it is not here or not the only one."""
        if not re.fullmatch(r"[0-9a-f]{7,40}", text):
            return None
        try:
            item = self.repository.get(text)
        except ValueError:
            return None
        return str(item.id) if item is not None and item.type_str == kind else None

    def prefetch(self, objects: Iterable[str]) -> None:
        """Before many objects are read: in a partial clone, fetch those that are only promised."""
        if self._is_partial:
            self._fetch_missing([object_id for object_id in objects if object_id not in self.repository])

    @cached_property
    def _is_partial(self) -> bool:
        return any(entry.name.endswith(".promisor") or "partialclone" in entry.name for entry in self.repository.config)

    def _fetch_missing(self, objects: list[str]) -> None:
        if self._is_partial and objects:
            from memcli.git.remotes import fetch_promised

            fetch_promised(str(self.common), objects)

    def _object(self, object_id: str) -> Any:
        """The object, written again or fetched where it is missing. Raises Failure."""
        try:
            return self.repository[object_id]
        except KeyError:
            self._bring_back(object_id)
        with readable():
            if object_id not in self.repository:
                refuse_unreadable(str(self.common), object_id)
            return self.repository[object_id]

    def _bring_back(self, object_id: str) -> None:
        if written := self.pending.written(object_id):
            retried(partial(self.repository.odb.write, *written))
        elif not self.pending.heal():
            self._fetch_missing([object_id])

    def write_blob(self, data: bytes) -> str:
        """Write a blob; its id."""
        import pygit2

        kind = pygit2.enums.ObjectType.BLOB
        with readable():
            object_id = str(retried(lambda: self.repository.odb.write(kind, data)))
        return self.pending.note(object_id, kind, data)

    def _remember(self, write: Callable[[], pygit2.Oid]) -> str:
        """Write an object with libgit2, and note what it has written."""

        def write_and_read() -> tuple[str, int, bytes]:
            object_id = write()
            return str(object_id), *self.repository.odb.read(object_id)

        object_id, kind, data = retried(write_and_read)
        return self.pending.note(object_id, int(kind), bytes(data))

    def _with(self, objects: Iterable[str], write: Callable[[], _Made]) -> _Made:
        """Write what refers to objects; once more where a gc has just taken one of them."""
        import pygit2

        try:
            return write()
        except pygit2.GitError:
            for object_id in objects:
                self._object(object_id)
            return write()


def _not_opened(common_dir: str, error: Exception) -> Failure:
    """The error for a repository that libgit2 cannot open, in git's words where git cannot either."""
    try:
        run_git(common_dir, "rev-parse", "--git-dir")
    except Failure as failure:
        reason = failure.message.partition("fatal: ")[2].partition("\n")[0] or failure.message
        return Failure(f"git cannot open {common_dir}: {reason}", "correct that; 'git status' has to work first")
    return Failure(f"libgit2 cannot open {common_dir}: {error}", "run 'mem doctor'")
