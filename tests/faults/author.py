"""An author of session files: appends lines, makes, replaces and renames files at random instants, and says which line
is written once it is.

`python author.py TREES COUNT SEED`; TREES is the directory of the sessions' worktrees. Each line holds a marker of its
own. The author knows nothing of mem: it works in the newest worktree that is there.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO


class Author:
    """Writes one marked line per action. `held`: files that it keeps open, as editors and loggers do."""

    def __init__(self, trees: Path, seed: int) -> None:
        self._trees, self._random, self._number = trees, random.Random(seed), 0
        self._held: dict[Path, IO[str]] = {}

    def run(self, count: int) -> None:
        """Carry out that many actions; one whose file went away meanwhile does not count."""
        actions = [self.append, self.append, self.append, self.hold, self.create, self.replace, self.rename]
        while self._number < count:
            time.sleep(self._random.uniform(0, 0.03))
            with suppress(FileNotFoundError, NotADirectoryError):
                line = self._line()
                self._random.choice(actions)(line)
                self._number += 1
                print(line.split()[0], flush=True)

    def _line(self) -> str:
        return f"marker-{self._number:06d}- is what was learned about part {self._random.randrange(10**9)}.\n"

    def _place(self) -> Path:
        """The directory for files in the newest worktree. Raises FileNotFoundError."""
        worktrees = [path.parent for path in self._trees.glob("work-*/.git")]
        if not worktrees:
            raise FileNotFoundError
        place = max(worktrees, key=lambda path: int(path.name.split("-")[1])) / "semantic" / "general"
        place.mkdir(parents=True, exist_ok=True)
        return place

    def _file(self, is_free: Callable[[Path], bool] = lambda _: True) -> Path:
        files = sorted(path for path in self._place().glob("*.md") if is_free(path))
        if not files:
            raise FileNotFoundError
        return self._random.choice(files)

    def append(self, line: str) -> None:
        """A line at the end, as `echo >> FILE` does: nothing is made where the file has just gone."""
        file = self._file()
        handle = os.open(file, os.O_WRONLY | os.O_APPEND)
        try:
            self._pause()
            os.write(handle, f"\n{line}".encode())
        finally:
            os.close(handle)
        self._leave(file)

    def hold(self, line: str) -> None:
        """A line into a file that stays open; at times one of these is closed."""
        if len(self._held) > 3:
            self._held.pop(self._random.choice(list(self._held))).close()
        file = self._random.choice([*self._held, self._file()])
        if file not in self._held:
            self._held[file] = os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND), "a")
        self._held[file].write(f"\n{line}")
        self._held[file].flush()

    def create(self, line: str) -> None:
        file = self._place() / f"note-{self._number}.md"
        with file.open("x") as stream:
            stream.write(line)
        self._leave(file)

    def replace(self, line: str) -> None:
        """A line through a new file under the name of the old one, as many editors save."""
        file = self._file(lambda path: path not in self._held)
        temporary = self._trees / f".author-{os.getpid()}"
        temporary.write_text(f"{file.read_text()}\n{line}")
        self._pause()
        temporary.rename(file)
        self._leave(file)

    def rename(self, line: str) -> None:
        """A file gets another name, and a line there."""
        file = self._file(lambda path: path not in self._held)
        target = file.with_name(f"{file.stem.split('.')[0]}.{self._number}.md")
        file.rename(target)
        with target.open("a") as stream:
            stream.write(f"\n{line}")

    def _pause(self) -> None:
        if self._random.random() < 0.2:
            time.sleep(self._random.uniform(0, 0.01))

    def _leave(self, file: Path) -> None:
        """Half of the files look as if their author had left them a minute ago: these mem completes."""
        if self._random.random() < 0.5:
            minute_ago = time.time() - 60
            os.utime(file, (minute_ago, minute_ago))


if __name__ == "__main__":
    Author(Path(sys.argv[1]), int(sys.argv[3])).run(int(sys.argv[2]))
