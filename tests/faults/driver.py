"""A process of the fault tests: works in a repository through the library until it is done, killed, or dies at a point.

`python driver.py WORK REPOSITORY [ARGUMENT…]`. It prints a line for every step that was acknowledged. Dying is done
with subclasses and wrapped objects handed to the program, which itself is not patched.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

from memcli import config
from memcli.errors import MemError
from memcli.git.odb import Odb
from memcli.git.pending_objects import PendingObjects
from memcli.git.ref_files import list_refs
from memcli.operations.dream.dream import run_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.events.hook_entries import append_event
from memcli.operations.history.undo import undo
from memcli.operations.memories.add import add_memories
from memcli.operations.review.decide import decide
from memcli.operations.review.decisions import CandidateRef, Consent, Decisions
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.reject import reject
from memcli.operations.review.review import review_session
from memcli.operations.sessions.close import close_session
from memcli.operations.sessions.save import save_session
from memcli.operations.sessions.start import start_session
from memcli.state.journal import Journal, JournalEntry
from memcli.state.lock import hold
from memcli.state.oplog import Operation, Oplog
from memcli.workspace import Workspace

POINTS = ("journaled", "intent", "locked", "half", "refs", "healed", "logged", "finished")
"""Where `die` can stop, in the order of a write."""


def say(*words: str) -> None:
    print(*words, flush=True)


def opened(root: str, session: str | None = None, kind: type[Workspace] = Workspace) -> Workspace:
    return kind(config.load(config.Flags(directory=root, session=session)))


def write(root: str, session: str, tag: str, count: str) -> None:
    """Add memories one by one."""
    for number in range(int(count)):
        added = add_memories(opened(root, session), [{"body": f"{tag}-{number} is what {session} learned"}])
        say(f"{tag}-{number}", added[0].id)


def publish(root: str, rounds: str, *sessions: str) -> None:
    """Promote sessions again and again, whatever waits in them."""
    for _ in range(int(rounds)):
        for session in sessions:
            try:
                done = promote(opened(root), PromoteRequest(session, consent=True))
                say("promoted", *(one.id for one in done.promoted))
            except MemError as error:
                if error.exit_code not in (4, 5, 7):
                    raise


def mix(root: str, session: str, tag: str) -> None:
    """Add, promote and undo until killed; each memory is named before its undo begins."""
    for number in range(10_000):
        marker = f"{tag}-{number}"
        added = add_memories(opened(root, session), [{"body": f"{marker} is what {session} learned"}])
        say("added", marker)
        if number % 5 == 2:
            promote(opened(root), PromoteRequest(added[0].session, consent=True))
        if number % 5 == 4:
            say("undoing", marker)
            undo(opened(root))


def saves(root: str, session: str, worktree: str, tag: str) -> None:
    """Write files into a session's worktree and save, until killed."""
    for number in range(10_000):
        marker = f"{tag}-{number}"
        file = Path(worktree) / "semantic" / "general" / f"{marker}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.with_suffix(".new").write_text(f"{marker} was written with an editor\n")
        file.with_suffix(".new").rename(file)
        save_session(opened(root), session)
        say("saved", marker)


def tend(root: str, seed: str) -> None:
    """Save, review, promote, close, and request saves as hooks do, in sessions that follow each other; until killed."""
    chance = random.Random(int(seed))
    works: dict[str, Callable[[str], Any]] = {
        "save": lambda name: save_session(opened(root), name),
        "review": lambda name: review_session(opened(root), name),
        "hook": lambda name: append_event(opened(root).layout, "save", name, {"event": "stop"}, "ada", None),
        "promote": lambda name: promote(opened(root), PromoteRequest(name, consent=True)),
        "close": lambda name: close_session(opened(root), name),
    }
    while True:
        time.sleep(chance.uniform(0, 0.05))
        try:
            name = _newest(root)
            work = chance.choices(list(works), (6, 3, 3, 2, 1))[0]
            works[work](name)
            say(work, name)
        except MemError as error:
            say("refused", " ".join(error.message.split()))


def _newest(root: str) -> str:
    """The newest of the sessions `work-N` with a worktree, started where the last one is closed."""
    names = [ref.rpartition("/")[2] for ref, _ in list_refs(opened(root).layout, "refs/mem/")]
    number = max([int(name.split("-")[1]) for name in names if re.fullmatch(r"work-\d+", name)], default=0)
    here, name = opened(root), f"work-{number}"
    if not (here.selection.is_open(name) and here.sessions.load(name).state == "open"):
        name = f"work-{number + 1}"
        start_session(opened(root), name, worktree=True)
    return name


def naive(root: str, seed: str) -> None:
    """What must not be done: read the files, complete them, write them back; until killed."""
    chance = random.Random(int(seed))
    place = Path(root) / ".mem" / "work-1"
    while True:
        with suppress(FileNotFoundError):  # renamed since it was listed
            texts = {path: path.read_bytes() for path in place.rglob("*.md")}
            time.sleep(chance.uniform(0, 0.03))
            for path, data in texts.items():
                temporary = path.with_suffix(".new")
                temporary.write_bytes(data.rstrip(b"\n") + b"\n")
                temporary.replace(path)


def once(root: str, session: str, key: str, tag: str) -> None:
    """Add under one key; it says when it begins."""
    say("adding")
    added = add_memories(opened(root, session), [{"body": f"{tag} is said once"}], once=key)
    say(added[0].id, added[0].session, added[0].state)


def dreams(root: str) -> None:
    """One dream; it says when it begins."""
    say("dreaming")
    done = run_dream(opened(root), DreamRequest())
    say("dreamt", str(done.session))


def keep(root: str) -> None:
    """Hold the store's lock until killed, or until stdin ends with the test."""
    with hold(Path(root) / ".git" / "mem" / "lock", 5) as held:
        say("held", str(held))
        sys.stdin.read()


def die(root: str, point: str, verb: str, session: str, *arguments: str) -> None:
    """Do one thing and stop dead at a point; `half`: the first of several refs has moved."""
    Doomed.point = point
    if point in ("intent", "locked", "half"):
        doom_git(point)
    doomed = opened(root, session, Doomed)
    steps: dict[str, Callable[[], Any]] = {
        "add": lambda: add_memories(doomed, [{"body": f"{arguments[0]} is what was learned"}]),
        "promote": lambda: promote(doomed, PromoteRequest(session, arguments, consent=True)),
        "reject": lambda: reject(doomed, session, arguments, "no"),
        "undo": lambda: undo(doomed),
        "decide": lambda: decide(
            doomed,
            Decisions((CandidateRef(session, arguments[0]),), ("beside",), {CandidateRef(session, arguments[1]): "no"}),
            Consent(True),
        ),
    }
    steps[verb]()
    say("survived")


def stop() -> NoReturn:
    os._exit(9)


class DoomedJournal(Journal):
    point = ""

    def append(self, entry: JournalEntry) -> str:
        place = super().append(entry)
        if self.point == "journaled":
            stop()
        return place

    def finish(self, files: Iterable[Path], at: datetime) -> None:
        super().finish(files, at)
        if self.point == "finished":
            stop()


class DoomedOplog(Oplog):
    point = ""

    def append(self, operations: Iterable[Operation]) -> None:
        super().append(operations)
        if self.point == "logged":
            stop()


class DoomedPending(PendingObjects):
    point = ""
    kept = False

    def keep(self, commits: Iterable[str]) -> None:
        super().keep(commits)
        self.kept = True

    def heal_kept(self) -> int:
        if self.kept and self.point == "refs":
            stop()
        healed = super().heal_kept()
        if self.kept and self.point == "healed":
            stop()
        return healed


class DoomedRepository:
    """A repository whose ref transaction dies on the way; everything else is the real one's."""

    def __init__(self, real: Any, point: str) -> None:
        self._real, self._point = real, point

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def __getitem__(self, key: Any) -> Any:
        return self._real[key]

    def __contains__(self, key: Any) -> bool:
        return key in self._real

    def transaction(self) -> Any:
        if self._point == "intent":
            stop()
        return DoomedTransaction(self._real.transaction(), self._point)


class DoomedTransaction:
    def __init__(self, real: Any, point: str) -> None:
        self._real, self._point = real, point

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def set_target(self, ref: str, *values: Any, **named: Any) -> None:
        if self._point == "locked":
            stop()
        self._real.set_target(ref, *values, **named)

    def __exit__(self, *error: Any) -> None:
        self._real.__exit__(*error)


DOOMED_GIT = """#!{python}
import os, subprocess, sys
git = ["{git}", *sys.argv[1:]]
if "update-ref" not in git:
    os.execv(git[0], git)
lines = list(iter(sys.stdin.readline, "prepare\\n"))
if "{point}" == "locked":
    process = subprocess.Popen(git, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdin.write("".join([*lines, "prepare\\n"]))
    process.stdin.flush()
    process.stdout.readline(), process.stdout.readline()
    process.kill()
if "{point}" == "half":
    subprocess.run(git, input=lines[1], text=True)
os.kill(os.getppid(), 9)
"""
"""A git that dies while it moves several refs, and takes its parent along; all other commands are git's own."""


def doom_git(point: str) -> None:
    """Put that git first on the PATH of this process."""
    directory = Path(tempfile.mkdtemp())
    script = DOOMED_GIT.format(python=sys.executable, git=shutil.which("git"), point=point)
    (directory / "git").write_text(script)
    (directory / "git").chmod(0o755)
    os.environ["PATH"] = f"{directory}:{os.environ['PATH']}"


class Doomed(Workspace):
    point = ""

    @cached_property
    def journal(self) -> Journal:
        made = DoomedJournal(self.layout)
        made.point = self.point
        return made

    @cached_property
    def oplog(self) -> Oplog:
        made = DoomedOplog(Path(self.layout.mem_dir, "oplog"))
        made.point = self.point
        return made

    @cached_property
    def odb(self) -> Odb:
        made = Odb(self.layout)
        made.pending = DoomedPending(made.common)
        made.pending.point = self.point
        made.repository = DoomedRepository(made.repository, self.point)  # type: ignore[assignment]
        return made


def main(words: Sequence[str]) -> None:
    work: dict[str, Callable[..., None]] = {
        "write": write, "publish": publish, "mix": mix, "saves": saves, "once": once, "keep": keep, "die": die,
        "dreams": dreams, "tend": tend, "naive": naive,
    }  # fmt: skip
    work[words[0]](*words[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
