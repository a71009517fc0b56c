"""A session's state, folded from its commits: trailers in, one frozen value out.

A session is its ref: the start, every decision and the closing are commits whose last paragraph holds `Mem-*`
trailers, so that any clone that has the ref has the whole state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypedDict

OPEN, CLOSED, PROMOTED, REJECTED = "open", "closed", "promoted", "rejected"
BRANCH_MERGED, BRANCH_GONE = "merged", "gone"
"""What became of a session's code branch."""
MERGED_KEY = "Mem-Branch-Merged"
ENDED_KEY, STEP_KEY = "Mem-Ended", "Mem-Step"
_MERGED = re.compile(r"([0-9a-f]{40}) ([^ ]{1,250})")
_TRAILER = re.compile(r"(Mem-[A-Za-z-]+): (.*)")


@dataclass(frozen=True)
class Rejection:
    """A decision: this content (see `changes.content_hash`) of this memory is not to be proposed again."""

    id: str
    content: str
    reason: str


@dataclass(frozen=True)
class Merged:
    """Where the code branch of a session went: its tip at that time, and the branch that has it now."""

    tip: str
    into: str

    def value(self) -> str:
        """As the trailer `Mem-Branch-Merged` has it."""
        return f"{self.tip} {self.into}"


def parse_merged(text: str) -> Merged | None:
    """What a trailer says, None for anything else."""
    found = _MERGED.fullmatch(text)
    return Merged(found[1], found[2]) if found else None


@dataclass(frozen=True)
class Session:
    """One line of work. `base`: the commit of the store its candidates are compared with; `tip`: where it is.

    Of a dream, `watermark` and `code` are the commits of the store and of the code up to which it has read. `ended` is
    when its harness was done with it (RFC 3339), `steps` what was done about that since."""

    name: str
    base: str
    tip: str
    state: str = OPEN
    agent: str | None = None
    author: str = ""
    task: str = ""
    code_branch: str | None = None
    merged: Merged | None = None
    harness_id: str | None = None
    started: datetime | None = None
    updated: datetime | None = None
    watermark: str | None = None
    code: str | None = None
    rejections: tuple[Rejection, ...] = field(default=())
    ended: str | None = None
    steps: tuple[str, ...] = ()

    @property
    def is_ending(self) -> bool:
        """Whether its harness is done with it and what follows from that is not."""
        return self.state == OPEN and self.ended is not None

    @property
    def opinion(self) -> str:
        """What a reviewer said of it, `` where none was asked."""
        said = next((step.partition(" ")[2] for step in reversed(self.steps) if step.startswith("review ")), "")
        return "" if said.startswith(("not asked", "no reviewer")) else said

    def rejects(self, memory_id: str, content: str) -> bool:
        return any(one.id == memory_id and one.content == content for one in self.rejections)


@dataclass(frozen=True)
class Note:
    """What `fold` needs of a commit."""

    id: str
    message: str
    author: str
    at: datetime


def trailers(message: str) -> list[tuple[str, str]]:
    """The `Mem-*` trailers of the last paragraph; text above it never counts, whatever it looks like."""
    last = message.rstrip().rpartition("\n\n")[2]
    matches = [_TRAILER.fullmatch(line) for line in last.splitlines()]
    return [(match[1], match[2]) for match in matches if match] if matches and all(matches) else []


def compose(subject: str, body: str, pairs: Sequence[tuple[str, str]]) -> str:
    """A commit message: subject, body, trailers; values are one line each."""
    lines = [f"{key}: {one_line(value)}" for key, value in pairs if value]
    return "\n\n".join(part for part in (one_line(subject), body.strip(), "\n".join(lines)) if part) + "\n"


def identity(name: str, agent: str | None, base: str) -> list[tuple[str, str]]:
    """The trailers that every commit of a session carries."""
    return [("Mem-Session", name), ("Mem-Agent", agent or ""), ("Mem-Base", base)]


def is_start(message: str) -> bool:
    """Whether a commit begins a session."""
    return any(key == "Mem-Start" for key, _ in trailers(message))


def one_line(text: str) -> str:
    return " ".join(text.split())


def fold(name: str, notes: Iterable[Note]) -> Session | None:
    """The state of a session from its commits, newest first, down to its start; None where none is a session's own."""
    chain: list[tuple[Note, list[tuple[str, str]]]] = []
    newest = ""
    for note in notes:
        newest = newest or note.id  # also one that somebody has made by hand
        said = trailers(note.message)
        if any(key == "Mem-Session" for key, _ in said):
            chain.append((note, said))
        if any(key == "Mem-Start" for key, _ in said):
            break
    session = Session(name, base="", tip="")
    for note, said in reversed(chain):
        session = _after(session, note, said)
    return replace(session, tip=newest) if session.base else None


def _after(session: Session, note: Note, said: Sequence[tuple[str, str]]) -> Session:
    """The state after one more commit: what it says replaces what was said before."""
    found: Mapping[str, str] = dict(said)
    unsaid = [_rejection(value) for key, value in said if key == "Mem-Unreject"]
    taken_back = {(one.id, one.content) for one in unsaid}
    rejections = tuple(one for one in session.rejections if (one.id, one.content) not in taken_back)
    return replace(
        session,
        base=found.get("Mem-Base", session.base),
        tip=note.id,
        state=found.get("Mem-State", session.state),
        agent=session.agent or found.get("Mem-Agent"),
        author=session.author or note.author,
        task=session.task or (task_of(note.message) if "Mem-Start" in found else ""),
        code_branch=found.get("Mem-Code-Branch", session.code_branch),
        merged=parse_merged(found.get(MERGED_KEY, "")) or session.merged,
        harness_id=found.get("Mem-Harness-Id", session.harness_id),
        started=session.started or note.at,
        updated=note.at,
        watermark=found.get("Mem-Watermark", session.watermark),
        code=found.get("Mem-Code", session.code),
        rejections=rejections + tuple(_rejection(value) for key, value in said if key == "Mem-Reject"),
        **_ending(session, said),
    )


class _Ending(TypedDict):
    ended: str | None
    steps: tuple[str, ...]


def _ending(session: Session, said: Sequence[tuple[str, str]]) -> _Ending:
    """An end begins its steps anew; a session that is opened again goes on as if it had had none."""
    ended, steps = session.ended, session.steps
    for key, value in said:
        if key == ENDED_KEY or (key == "Mem-State" and value == OPEN):
            ended, steps = (value if key == ENDED_KEY else None), ()
    return {"ended": ended, "steps": steps + tuple(value for key, value in said if key == STEP_KEY)}


def _rejection(value: str) -> Rejection:
    memory_id, content, reason = (value + "  ").split(" ", 2)
    return Rejection(memory_id, content, reason.strip())


def task_of(message: str) -> str:
    """The task in the message of the commit that begins a session."""
    paragraphs = message.strip().split("\n\n")
    return "\n\n".join(paragraphs[1:-1])
