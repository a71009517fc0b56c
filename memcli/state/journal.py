"""The journal: one durable file per operation, written before anything else happens.

Contract: when `append` returns, the operation survives a kill and a power cut (temp file, write, fsync, rename,
fsync of the directory). An entry leaves only by `finish` (into `done/`, kept for repair) or `set_aside` (into
`failed/`, with the reason). Where the common directory is read-only the entry goes to the worktree's spool.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from memcli.errors import Failure
from memcli.git.layout import TREE_DIR, Layout, all_worktrees
from memcli.state.journal_files import VERSION, append, journal_dir, listing_error, spool_dir, waiting_operations
from memcli.system.durable_files import put
from memcli.system.file_modes import make_directory

KEEP = timedelta(days=14)


@dataclass(frozen=True)
class FileEdit:
    """One file of an operation: its new text, and the blob it was written against (None: a new file)."""

    path: str
    id: str
    base_blob: str | None
    text: str


@dataclass(frozen=True)
class JournalEntry:
    """One operation. `note` is what the verb needs beside files: a task, a reason, trailers."""

    op: str
    verb: str
    session: str
    actor: str
    agent: str | None
    at: str
    edits: tuple[FileEdit, ...]
    note: Mapping[str, str]


def parse_entry(text: str) -> JournalEntry:
    """The entry in a journal file. Raises ValueError for anything else."""
    try:
        fields = json.loads(text)
        if fields.pop("v") != VERSION:
            raise ValueError("written by another version of mem")
        fields["edits"] = tuple(FileEdit(**edit) for edit in fields["edits"])
        return _checked(JournalEntry(**fields))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a journal entry: {error}") from error


def _checked(entry: JournalEntry) -> JournalEntry:
    """The entry if every field is the text it must be. Raises TypeError, ValueError: a spool may hold anything."""
    texts = [entry.op, entry.verb, entry.session, entry.actor, entry.at, *entry.note.keys(), *entry.note.values()]
    texts += [text for edit in entry.edits for text in (edit.path, edit.id, edit.text)]
    texts += [text for text in (entry.agent, *(edit.base_blob for edit in entry.edits)) if text is not None]
    "".join(texts).encode()  # TypeError for what is no text, ValueError for what UTF-8 cannot hold
    return entry


class Journal:
    """The journal of one repository and the spools of its worktrees."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self.home = Path(journal_dir(layout))
        self._failed = self.home / "failed"
        self._spools = [Path(spool_dir(tree)) for tree in _worktrees(layout)] if layout.worktree else []

    @property
    def _places(self) -> list[Path]:
        """Where entries wait. A spool that is not ours to write (another user's, on a read-only disk) has to wait for
        whoever can take them out again."""
        return [self.home, *(spool for spool in self._spools if os.access(spool, os.W_OK))]

    def append(self, entry: JournalEntry) -> str:
        """Write the entry durably: `queued` (in the journal) or `spooled`. Raises Failure, nothing written."""
        try:
            return append(self._layout, asdict(entry))
        except OSError as error:
            raise _not_recorded(error) from error

    def operations(self) -> list[str]:
        """The operations of all waiting entries; a new entry sorts behind these, whatever the clock says."""
        return [name for place in self._places for name in waiting_operations(str(place))]

    def files(self) -> list[Path]:
        """The files of all waiting entries, oldest operation first."""
        files = [place / name for place in self._places for name in waiting_operations(str(place))]
        return sorted(files, key=lambda file: file.name)

    def pending(self) -> Iterator[tuple[Path, JournalEntry | ValueError | OSError]]:
        """Every waiting entry, oldest first; ValueError for one that was read whole and is none, OSError for one that
        cannot be read now, which may be an error of the moment."""
        for file in self.files():
            try:
                data = file.read_bytes()
            except FileNotFoundError:
                continue  # the holder of the lock has just finished it
            except OSError as error:
                yield file, error
            else:
                yield file, _entry_or_error(data)

    def readable(self) -> Iterator[JournalEntry]:
        """The waiting entries that can be read, oldest first."""
        return (entry for _, entry in self.pending() if isinstance(entry, JournalEntry))

    def unreadable(self) -> list[tuple[str, str]]:
        """(operation or directory, reason) of what waits and cannot be read now."""
        directories = [(str(place), error) for place in (self.home, *self._spools) if (error := listing_error(place))]
        entries = [(file.name, item) for file, item in self.pending() if isinstance(item, OSError)]
        return [(name, error.strerror or str(error)) for name, error in (*directories, *entries)]

    def entries(self, session: str) -> list[JournalEntry]:
        """The readable waiting entries of one session."""
        return [entry for entry in self.readable() if entry.session == session]

    def waiting(self, ops: Iterable[str]) -> list[Path]:
        """The files of those operations that still wait."""
        return [file for op in ops for place in self._places if (file := place / op).exists()]

    def waits(self, op: str) -> bool:
        return bool(self.waiting([op]))

    def withdraw(self, op: str) -> bool:
        """Take back an entry that nobody has been told of; whether it still waited. Call it with the lock held."""
        waiting = [file for file in self.files() if file.name == op]
        for file in waiting:
            file.unlink()
        return bool(waiting)

    def finish(self, files: Iterable[Path], at: datetime) -> None:
        """Move carried-out entries to `done/<day>/` and drop the days older than 14."""
        done = self.home / "done"
        for file in files:
            _move(file, done / at.strftime("%Y-%m-%d"))
        from shutil import rmtree  # not at the top: reading the journal needs none of what it loads

        oldest = (at - KEEP).strftime("%Y-%m-%d")
        for day in sorted(done.iterdir()) if done.is_dir() else []:
            if day.name < oldest:
                rmtree(day, ignore_errors=True)

    def set_aside(self, file: Path, reason: str) -> None:
        """Move an entry that can never be carried out to `failed/`, below a first line with the reason. Raises OSError,
        and it goes on waiting."""
        entry = file.read_bytes()
        put(str(self._failed), file.name, f"{' '.join(reason.split())}\n".encode() + entry)
        file.unlink()  # last: whoever waits for the entry to leave the journal looks for the reason then

    def entry_set_aside(self, op: str) -> JournalEntry | ValueError:
        """An entry that was set aside, as it was before; ValueError where it is none. Raises OSError."""
        _, _, data = (self._failed / op).read_bytes().partition(b"\n")
        return _entry_or_error(data)

    def take_up(self, op: str) -> None:
        """Let an entry that was set aside wait again. Raises OSError, and it stays where it is."""
        _, _, data = (self._failed / op).read_bytes().partition(b"\n")
        put(str(self.home), op, data)
        (self._failed / op).unlink()

    def finish_set_aside(self, op: str, at: datetime) -> None:
        """Move an entry that was carried out after all to the finished ones. Raises OSError."""
        self.finish([self._failed / op], at)

    def failure(self, op: str) -> str | None:
        """Why one operation was set aside; None where it was not."""
        try:
            with (self._failed / op).open(encoding="utf-8", errors="replace") as stream:
                return stream.readline().strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            return str(error.strerror)

    def failed(self) -> list[tuple[str, str]]:
        """(operation, reason) of everything set aside."""
        return [(op, self.failure(op) or "") for op in sorted(waiting_operations(str(self._failed)))]


def _entry_or_error(data: bytes) -> JournalEntry | ValueError:
    try:
        return parse_entry(data.decode("utf-8"))
    except ValueError as error:
        return error


def _worktrees(layout: Layout) -> list[str]:
    """The code worktrees of the repository: this one, the main one, the linked ones."""
    trees = [layout.worktree, *(worktree for _, worktree in all_worktrees(layout))]
    places = dict.fromkeys(map(os.path.realpath, filter(None, trees)))  # so that no spool is drained twice
    return [place for place in places if os.path.basename(os.path.dirname(place)) != TREE_DIR]


def _move(file: Path, place: Path) -> None:
    from shutil import move

    make_directory(place)
    mover: Callable[[str, str], object] = move  # a spool may lie on another file system
    mover(str(file), str(place / file.name))


def _not_recorded(error: OSError) -> Failure:
    hint = "make room or make the place writable, then run the command again"
    if isinstance(error, PermissionError):
        hint = "ask its owner for write access (git config core.sharedRepository group), or work in a clone of your own"
    return Failure(f"nothing was recorded: {error.strerror} ({error.filename})", hint)
