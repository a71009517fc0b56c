"""Code histories with known authors: work of sessions and of persons, and how forges and git bring it to a branch.

A `CodeHistory` has two lines of commits with equal trees. On `main` each piece of work lands as a squash, a rebase, a
cherry-pick and so on. The other, the truth, keeps every commit as it was made, so that git's
own blame tells the author.
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pygit2

from memcli.config import Flags, load
from memcli.operations.events.git_events import post_commit, post_rewrite
from memcli.operations.memories.add import add_memories
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.sessions.start import start_session
from memcli.operations.setup.init import init
from memcli.operations.writing.transaction import drain_before_reading
from memcli.workspace import Workspace

PERSON = "person"
LANDINGS = ("merge", "squash", "squash-title", "rebase", "cherry-pick", "amend", "revert-revert")
FILES = ("one.py", "two.py")
_START = 1_790_000_000


@dataclass(frozen=True)
class Work:
    """A commit to make: its author (a session, or `PERSON`), its subject and the tree that it leaves."""

    author: str
    subject: str
    tree: str


@dataclass
class CodeHistory:
    """A repository with a store, in which work is made and landed; `authors`: {commit of the truth: author}."""

    path: Path
    has_trailer: bool
    authors: dict[str, str] = field(default_factory=dict)
    landed: list[tuple[str, str]] = field(default_factory=list)
    made_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """{commit of `main`: the commits of the truth that it was made of}."""
    _clock: int = _START

    def __post_init__(self) -> None:
        self.repository = pygit2.Repository(str(self.path))
        self.main = self.truth = str(self.repository.references["refs/heads/main"].target)

    def workspace(self) -> Workspace:
        return Workspace(load(Flags(directory=str(self.path))))

    def start(self, sessions: Iterable[str]) -> None:
        """Start sessions, each of which has something to promote at the end."""
        for session in sessions:
            start_session(self.workspace(), session)
            add_memories(Workspace(load(Flags(directory=str(self.path), session=session))), [{"body": f"By {session}"}])

    def promote(self, sessions: Iterable[str]) -> None:
        for session in sessions:
            promote(self.workspace(), PromoteRequest(session, consent=True))

    def land(self, works: Sequence[Work], landing: str) -> None:
        """Make the commits on a branch, record those of sessions as hooks do, and bring them to `main`."""
        commits, tip, before, truths = list[str](), self.main, self.main, list[str]()
        for work in works:
            tip = self.commit(work.tree, [tip], self._message(work))
            commits.append(tip)
            self.truth = self.commit(work.tree, [self.truth], work.subject)
            truths.append(self.truth)
            self.authors[self.truth] = work.author
            if work.author != PERSON:
                self._hook(post_commit, work.author, tip)
        getattr(self, f"_{landing.replace('-', '_')}")(works, commits)
        new = list(self._new(before))
        self.landed += [(commit, landing) for commit in new]
        self.made_of |= dict.fromkeys(new, tuple(truths))
        if landing in ("merge", "rebase", "cherry-pick", "amend"):
            alone = [commit for commit in new[::-1] if commit not in commits or landing == "amend"]
            made = commits if landing == "merge" else alone
            self.made_of |= {commit: (truth,) for commit, truth in zip(made, truths, strict=True)}
        self.repository.references.create("refs/heads/main", self.main, force=True)

    def commit(self, tree: str, parents: Sequence[str], message: str, like: str = "") -> str:
        """A commit, a minute after the one before; with the author's date of another one where that is named."""
        self._clock += 60
        now = pygit2.Signature("Ada Example", "ada@example.com", self._clock, 0)
        author = self.repository[like].author if like else now
        return str(self.repository.create_commit(None, author, now, message, tree, list(parents)))

    def tree(self, commit: str) -> str:
        """The id of a commit's tree."""
        return str(self.repository[commit].peel(pygit2.Tree).id)

    def _message(self, work: Work) -> str:
        own = self.has_trailer and work.author != PERSON
        return f"{work.subject}\n\nMem-Session: {work.author}\n" if own else f"{work.subject}\n"

    def _hook(self, event: object, session: str, argument: object) -> None:
        event(self.workspace().layout, {"MEM_SESSION": session, "USER": "ada"}, argument)  # type: ignore[operator]
        drain_before_reading(self.workspace())

    def _new(self, before: str) -> Iterator[str]:
        walker = self.repository.walk(self.main)
        walker.hide(before)
        return (str(commit.id) for commit in walker)

    def _merge(self, works: Sequence[Work], commits: Sequence[str]) -> None:
        self.main = self.commit(works[-1].tree, [self.main, commits[-1]], "Merge branch 'feature'\n")

    def _squash(self, works: Sequence[Work], _commits: Sequence[str]) -> None:
        messages = [self._message(work).replace("\n\n", "\n\n  ").strip() for work in works]
        text = "Land the feature (#12)\n\n" + "\n\n".join(f"* {message}" for message in messages)
        self.main = self.commit(works[-1].tree, [self.main], f"{text}\n\nCo-authored-by: A <a@example.com>\n")

    def _squash_title(self, works: Sequence[Work], _commits: Sequence[str]) -> None:
        self.main = self.commit(works[-1].tree, [self.main], "Land the feature (#13)\n")

    def _rebase(self, works: Sequence[Work], commits: Sequence[str]) -> None:
        for work, commit in zip(works, commits, strict=True):
            self.main = self.commit(work.tree, [self.main], self._message(work), commit)

    def _cherry_pick(self, works: Sequence[Work], commits: Sequence[str]) -> None:
        self._rebase(works, commits)

    def _amend(self, works: Sequence[Work], commits: Sequence[str]) -> None:
        parent = commits[-2] if len(commits) > 1 else self.main
        message = self._message(Work(works[-1].author, "Better words", ""))
        amended = self.commit(works[-1].tree, [parent], message, commits[-1])
        if works[-1].author != PERSON:
            self._hook(post_rewrite, works[-1].author, f"{commits[-1]} {amended}\n".encode())
        self.main = amended

    def _revert_revert(self, works: Sequence[Work], commits: Sequence[str]) -> None:
        base = self.tree(self.main)
        self._squash_title(works, commits)
        landed = self.main
        revert = self.commit(base, [landed], f'Revert "Land the feature"\n\nThis reverts commit {landed}.\n')
        message = f'Revert "Revert "Land the feature""\n\nThis reverts commit {revert}.\n'
        self.main = self.commit(works[-1].tree, [revert], message)


def new_history(path: Path, has_trailer: bool) -> CodeHistory:
    """A history that begins with two files of a person's, in a repository with a store."""
    repository = pygit2.init_repository(str(path), initial_head="main")
    who = pygit2.Signature("Ada Example", "ada@example.com", _START, 0)
    tree = _written(
        repository, {name: [f"{name} line {number} at the start" for number in range(20)] for name in FILES}
    )
    repository.create_commit("refs/heads/main", who, who, "start\n", tree, [])
    init(Workspace(load(Flags(directory=str(path)))))
    return CodeHistory(path, has_trailer)


def generated_works(history: CodeHistory, chance: random.Random, authors: Sequence[str]) -> Iterator[Work]:
    """Edits without end of two files, each by one of the authors: new blocks of lines, some of which any code has, and
    lines changed and removed."""
    files = _read(history)
    for number in count():
        author = chance.choice(authors)
        for name in chance.sample(FILES, chance.randint(1, len(FILES))):
            _edit(files[name], chance, f"{author} {number} {name}")
        yield Work(author, f"Change {number}", _written(history.repository, files))


def _edit(lines: list[str], chance: random.Random, by: str) -> None:
    """New lines at one place, and one line changed or removed at another."""
    block = [f"    value_{number} = {by!r}" for number in range(chance.randint(0, 3))]
    place = chance.randrange(len(lines) + 1)
    lines[place:place] = [f"def work_{by.replace(' ', '_')}():", "", *block, "    return result", "}"]
    place = chance.randrange(len(lines))
    lines[place : place + 1] = chance.choice([[f"changed by {by}"], []])


def _read(history: CodeHistory) -> dict[str, list[str]]:
    tree = history.repository[history.main].peel(pygit2.Tree)
    return {name: (tree / name).peel(pygit2.Blob).data.decode().splitlines() for name in FILES}


def _written(repository: pygit2.Repository, files: Mapping[str, Sequence[str]]) -> str:
    builder = repository.TreeBuilder()
    for name, lines in files.items():
        blob = repository.create_blob("".join(f"{line}\n" for line in lines).encode())
        builder.insert(name, blob, pygit2.enums.FileMode.BLOB)
    return str(builder.write())


@dataclass(frozen=True)
class TrueLine:
    """A line of a file at the tip: the commit of `main` that brought it, and who wrote it."""

    path: str
    number: int
    text: bytes
    commit: str
    there: int
    name_there: str
    author: str | None


def true_lines(history: CodeHistory, paths: Iterable[str]) -> Iterator[TrueLine]:
    """The lines that were brought by what has landed, with the author that the truth knows, white space aside."""
    landed = dict(history.landed)
    for path in paths:
        real, truth = _blamed(history.path, history.main, path), _blamed(history.path, history.truth, path, "-w")
        for number, (line, origin) in enumerate(zip(real, truth, strict=True), 1):
            commit, there, name, text = line
            made_of = history.made_of.get(commit, ())
            true = made_of[0] if len(made_of) == 1 else origin[0]
            if commit in landed and true in made_of:  # else the two blames have aligned what changed differently
                yield TrueLine(path, number, text, commit, there, name, history.authors[true])


def _blamed(path: Path, commit: str, file: str, *options: str) -> list[tuple[str, int, str, bytes]]:
    """(commit, line there, path there, text) of each line."""
    blame = ["-c", "core.quotePath=false", "blame", *options, "--line-porcelain"]
    command = ["git", "-C", str(path), *blame, commit, "--", file]
    lines, name, head = list[tuple[str, int, str, bytes]](), file, ("", 0)
    for line in subprocess.run(command, capture_output=True, check=True).stdout.split(b"\n"):
        words = line.split(b" ")
        if line.startswith(b"\t"):
            lines.append((head[0], head[1], name, line[1:]))
        elif line.startswith(b"filename "):
            name = line[9:].decode("utf-8", "surrogateescape")
        elif len(words) >= 3 and len(words[0]) == 40 and words[1].isdigit():
            head = (words[0].decode(), int(words[1]))
    return lines
