"""The files of the journal: one for each operation that waits, in the journal itself or in a worktree's spool.

Contract: when `append` returns, the entry survives a kill and a power cut. Imports next to nothing, since hooks that
only record use it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping

from memcli.git.layout import TREE_DIR, Layout
from memcli.system import durable_files

VERSION = 1
"""Of the form of an entry, its key `v`."""
FIELDS = ("op", "verb", "session", "actor", "agent", "at", "edits", "note")
"""The keys of an entry beside `v`: the fields of `journal.JournalEntry`, which hooks have no time to import."""
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
_ID_LENGTH = 26
"""Letters in an operation's id, which is the name of its file."""


def journal_dir(layout: Layout) -> str:
    return os.path.join(layout.mem_dir, "journal")


def spool_dir(worktree: str) -> str:
    """Where entries go that were written below a read-only `.git`; a bare repository has none."""
    return os.path.join(worktree, TREE_DIR, "spool")


def entry_text(fields: Mapping[str, object]) -> str:
    """The content of an entry's file."""
    import json

    return json.dumps({"v": VERSION, **fields}, ensure_ascii=False)


def append(layout: Layout, fields: Mapping[str, object]) -> str:
    """Write an entry durably under its operation's id, `op`: `queued`, or `spooled` where `.git` is read-only.

    Raises OSError, and nothing is written."""
    return _put(layout, str(fields["op"]), entry_text(fields).encode())[0]


def try_append(layout: Layout) -> str:
    """How an entry would be written now, as `append` tells it; nothing stays. Raises OSError where it would."""
    name = f"trial.{os.getpid()}"
    state, directory = _put(layout, name, b"")
    os.unlink(os.path.join(directory, name))
    return state


def _put(layout: Layout, name: str, data: bytes) -> tuple[str, str]:
    """(`queued` or `spooled`, the directory) of a file that was written. Raises OSError, the journal's own where
    neither can be written."""
    try:
        durable_files.put(journal_dir(layout), name, data)
        return "queued", journal_dir(layout)
    except OSError as error:
        if error.errno not in _READ_ONLY or not layout.worktree:
            raise
        problem = error
    from memcli.git.tree_dir import make_tree_dir

    try:
        make_tree_dir(layout)
        durable_files.put(spool_dir(layout.worktree), name, data)
    except OSError as error:
        raise (problem if error.errno in _READ_ONLY else error) from error
    return "spooled", spool_dir(layout.worktree)


def waiting_operations(directory: str) -> list[str]:
    """The ids of the operations whose entries wait in a directory; none where it is not there or not ours to read."""
    try:
        with os.scandir(directory) as items:
            return [item.name for item in items if _is_entry(item)]
    except OSError:
        return []


def listing_error(directory: str | os.PathLike[str]) -> OSError | None:
    """Why a directory of entries cannot be listed now; None where it can be, or is not there."""
    try:
        with os.scandir(directory):
            return None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return error


def waiting_near(layout: Layout) -> list[str]:
    """The ids of the operations that wait in the journal and in the spool of this worktree."""
    directories = [journal_dir(layout), *([spool_dir(layout.worktree)] if layout.worktree else [])]
    return [name for directory in directories for name in waiting_operations(directory)]


def _is_entry(item: os.DirEntry[str]) -> bool:
    return len(item.name) == _ID_LENGTH and item.is_file(follow_symlinks=False)
