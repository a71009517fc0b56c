"""What the fault tests look at: the memories in a repository, read with libgit2 alone, and what is half done.

Nothing here uses the program's own reading code: what it says must be true for git.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pygit2

MAIN, SESSIONS, ENDED = "refs/heads/mem/main", "refs/mem/sessions/", "refs/mem/ended/"


@dataclass(frozen=True)
class Seen:
    """One memory file in the tree of one ref."""

    ref: str
    path: str
    id: str
    body: str


@dataclass(frozen=True)
class World:
    """One repository, looked at from outside."""

    path: Path

    @property
    def mem_dir(self) -> Path:
        return self.path / ".git" / "mem"

    def refs(self, *prefixes: str) -> dict[str, str]:
        """{ref: commit} of the refs that begin so."""
        repository = pygit2.Repository(str(self.path))
        names = [name for name in repository.references if name.startswith(prefixes)]
        return {name: str(repository.references[name].target) for name in names}

    def memories(self, *prefixes: str) -> list[Seen]:
        """Every memory file in the trees of the refs that begin so; the store and the open sessions unless told."""
        repository = pygit2.Repository(str(self.path))
        found = []
        for ref, commit in self.refs(*(prefixes or (MAIN, SESSIONS))).items():
            root: Any = repository[commit]
            found += [_seen(ref, path, data) for path, data in _files(repository, root.tree) if path.endswith(".md")]
        return [one for one in found if one.path != "MEMORY.md"]

    def ids_of(self, marker: str, *prefixes: str) -> set[str]:
        """The ids of the memories whose body holds the marker as a word."""
        return {one.id for one in self.memories(*prefixes) if re.search(rf"\b{re.escape(marker)}\b", one.body)}

    def oplog(self) -> list[dict[str, Any]]:
        """The operations, oldest first."""
        file = self.mem_dir / "oplog"
        return [json.loads(line) for line in file.read_text().split("\n") if line] if file.exists() else []

    def waiting(self) -> list[str]:
        """The entries in the journal; what a kill left half written has a name with a dot."""
        return sorted(file.name for file in self.mem_dir.glob("journal/[!.]*") if file.is_file())

    def each_once(self, markers: Iterator[str] | list[str]) -> None:
        """Every marker stands in exactly one memory, and that memory once in each tree it is in."""
        seen = self.memories()
        per_tree = Counter((one.ref, one.id) for one in seen)
        assert {key: count for key, count in per_tree.items() if count > 1} == {}
        ids: dict[str, set[str]] = {}
        for one in seen:
            for word in one.body.split():
                ids.setdefault(word, set()).add(one.id)
        wrong = {marker: ids.get(marker) for marker in markers if len(ids.get(marker, ())) != 1}
        assert wrong == {}

    def whole(self) -> None:
        """Nothing half done: objects, locks, intent, journal, oplog, refs that exist once."""
        problems = self.fsck()
        assert problems == []
        assert [str(lock) for lock in (self.path / ".git" / "refs").rglob("*.lock")] == []
        assert not (self.mem_dir / "intent").exists()
        assert self.waiting() == []
        repeated = [op for op, count in Counter(one["op"] for one in self.oplog()).items() if count > 1]
        assert repeated == []
        open_names = {ref.removeprefix(SESSIONS) for ref in self.refs(SESSIONS)}
        assert open_names & {ref.removeprefix(ENDED) for ref in self.refs(ENDED)} == set()

    def fsck(self) -> list[str]:
        """What git finds wrong."""
        done = subprocess.run(["git", "fsck", "--full"], cwd=self.path, capture_output=True, text=True, check=False)
        harmless = ("dangling ", "notice: ", "Checking ")
        return [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith(harmless)]

    def git(self, *arguments: str, input: str = "") -> str:
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=self.path, capture_output=True, text=True, check=True, input=input)
        return done.stdout.strip()

    def tree(self, ref: str = MAIN) -> str:
        return self.git("rev-parse", f"{ref}^{{tree}}")


def _files(repository: pygit2.Repository, tree: Any, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in tree:
        if entry.type_str == "tree":
            yield from _files(repository, entry, f"{prefix}{entry.name}/")
        elif not prefix.startswith(".session"):
            yield prefix + entry.name, entry.data


def _seen(ref: str, path: str, data: bytes) -> Seen:
    front, _, body = data.decode().partition("\n---\n")
    found = re.search(r"^id: (\S+)$", front, re.MULTILINE)
    return Seen(ref, path, found[1] if found else "", body)
