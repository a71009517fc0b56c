"""Texts that people have typed and that are not recorded yet: `<common>/mem/drafts/<name>.md` or `.yaml`.

Contract: an editor works on the draft itself, so that what was typed outlives any failure, also the end of this
process; it is removed when what it says is acknowledged. Nobody but its author may read it, and it is never copied into
a git object or the journal. Where the common directory is read-only, drafts are in the worktree's spool.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from memcli.errors import Failure
from memcli.git.layout import Layout
from memcli.git.tree_dir import make_tree_dir
from memcli.state.journal_files import spool_dir
from memcli.system.file_modes import file_mode, make_directory

COMMANDS = {
    "add": "mem add",
    "edit": "mem edit {memory}",
    "supersede": "mem supersede {memory}",
    "resolve": "mem resolve {memory} --edit",
    "policy": "mem policy edit",
}
"""What is written → the command that records it."""
_SUFFIXES = {"policy": ".yaml"}
"""The suffix of a draft's file, where it is not `.md`."""
_DIGITS = 8
"""Digits of `DraftSubject.start` in a name, or more where another draft has that name."""
_NAME = re.compile(r"(?P<what>[a-z]+)(?P<memory>-[0-9A-Z]{6,26})?(?P<start>-[0-9a-f]{8,40})(?P<session>-[a-z0-9-]+)?")


@dataclass(frozen=True)
class DraftSubject:
    """What a draft is for: a key of `COMMANDS`; the memory's short id, if it is about one; the blob it began from, else
    any 40 digits; the session it is for, if one was named."""

    what: str
    memory: str = ""
    start: str = ""
    session: str = ""

    @property
    def name(self) -> str:
        return "-".join(part for part in (self.what, self.memory, self.start, self.session) if part)


@dataclass(frozen=True)
class Draft:
    """One kept text."""

    file: Path
    subject: DraftSubject

    @property
    def name(self) -> str:
        return self.file.stem

    @property
    def command(self) -> str:
        """The command that goes on with it."""
        subject = self.subject
        session = f" --session {subject.session}" if subject.session else ""
        return f"{COMMANDS[subject.what].format(memory=subject.memory)}{session} --draft {self.name}"

    def remove(self) -> None:
        """Remove it, with the copies that an editor leaves beside it (`NAME.md~`)."""
        for file in self.file.parent.glob(f"{self.name}.*"):
            file.unlink(missing_ok=True)


class Drafts:
    """The drafts of one repository, as seen from one worktree."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        spool = [Path(spool_dir(layout.worktree), "drafts")] if layout.worktree else []
        self._directories = [Path(layout.mem_dir, "drafts"), *spool]

    def create(self, subject: DraftSubject, data: bytes) -> Draft:
        """A new draft that holds `data`. Raises Failure where nothing that is typed could be kept."""
        problems = list[OSError]()
        for directory in self._directories:
            try:
                return self._create(directory, subject, data)
            except OSError as error:
                problems.append(error)
        raise Failure(
            f"what you type could not be kept: {problems[0].strerror} ({problems[0].filename})",
            "make room or make the place writable; or pass the text on the command line",
        )

    def _create(self, directory: Path, subject: DraftSubject, data: bytes) -> Draft:
        if directory != self._directories[0]:
            make_tree_dir(self._layout)
        make_directory(directory)
        for digits in range(_DIGITS, len(subject.start) + 1):
            shortened = replace(subject, start=subject.start[:digits])
            file = directory / f"{shortened.name}{_SUFFIXES.get(subject.what, '.md')}"
            try:
                handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, file_mode())
            except FileExistsError:
                continue  # kept, or open in another terminal
            _fill(handle, file, data)
            return Draft(file, shortened)
        raise OSError(0, "too many drafts", str(directory))

    def all(self) -> list[Draft]:
        """Every draft, sorted by name."""
        drafts = (draft for directory in self._directories for draft in _drafts_in(directory))
        return sorted(drafts, key=lambda draft: draft.name)

    def find(self, name: str) -> Draft | None:
        """The draft of this name, which may have the suffix of its file."""
        return next((draft for draft in self.all() if name in (draft.name, draft.file.name)), None)


def _fill(handle: int, file: Path, data: bytes) -> None:
    """Write a new file. Raises OSError, and it is not there."""
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
    except OSError:
        file.unlink()
        raise


def _drafts_in(directory: Path) -> Iterator[Draft]:
    """The drafts in a directory; nothing that an editor leaves beside them."""
    try:
        files = sorted(directory.iterdir())
    except OSError:
        return
    for file in files:
        match = _NAME.fullmatch(file.stem)
        if match and match["what"] in COMMANDS and file.suffix == _SUFFIXES.get(match["what"], ".md"):
            parts = {name: (text or "").removeprefix("-") for name, text in match.groupdict().items()}
            yield Draft(file, DraftSubject(**parts))
