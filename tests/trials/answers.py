"""The right answers of a trial, and what is wrong with a store that was decided otherwise."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from memcli import config
from memcli.core.memory.document import parse_document

KEEP, REJECT, REPLACE, EITHER = "keep", "reject", "replace", "either"
"""`REPLACE`: keep it, and the memory `other` goes out of use; `EITHER`: keep it or `other`, but not both. One that is
kept with `other` is a memory of the store that `other` supersedes."""


@dataclass(frozen=True)
class Answer:
    """The right decision about a candidate: `fault` is empty for a sound one, `other` the id of the other side."""

    id: str
    session: str
    agent: str
    text: str
    decision: str
    fault: str = ""
    why: str = "nothing speaks against it"
    other: str = ""


@dataclass(frozen=True)
class Trial:
    """The repository, and the right answer for each candidate by its id."""

    path: Path
    seed: int
    answers: Mapping[str, Answer]

    @property
    def faulty(self) -> list[Answer]:
        return [answer for answer in self.answers.values() if answer.fault]

    def mistakes(self) -> Iterator[str]:
        """What is wrong with the store once all is decided; nothing where exactly the right facts are in it."""
        stored = _stored(self.path)
        for answer in self.answers.values():
            mine, other = stored.get(answer.id, _ABSENT), stored.get(answer.other, _ABSENT)
            if answer.decision == KEEP and (mine.text != answer.text or (mine.is_active == bool(answer.other))):
                yield f"not kept as proposed: {answer.text}"
            if answer.decision == REJECT and mine != _ABSENT:
                yield f"kept ({answer.fault}): {answer.text}"
            if answer.decision == REPLACE and (mine.is_active, other.is_active) != (True, False):
                yield f"the old claim stands ({answer.fault}): {answer.text}"
            if answer.decision == EITHER and mine.is_active == other.is_active:
                yield f"both or none kept ({answer.fault}): {answer.text}"


class _Stored(NamedTuple):
    """A memory of the store."""

    text: str
    is_active: bool


_ABSENT = _Stored("", False)


def _stored(path: Path) -> dict[str, _Stored]:
    """The memories at the store's tip by id."""
    names = git_output(path, "ls-tree", "-r", "--name-only", "mem/main").splitlines()
    texts = (git_output(path, "show", f"mem/main:{name}") + "\n" for name in names if name.count("/") == 2)
    documents = [(document, document.front()) for document in map(parse_document, texts)]
    return {
        str(front["id"]): _Stored(document.body.strip(), front.get("status") in (None, "active"))
        for document, front in documents
    }


def git_output(path: Path, *words: str, env: Mapping[str, str] | None = None, input: str | None = None) -> str:
    """What git prints, without the last line end. Raises CalledProcessError."""
    environment = {**config.personal_environment(), **(env or {})}
    done = subprocess.run(
        ["git", "-C", str(path), *words], env=environment, input=input, capture_output=True, text=True, check=True
    )
    return done.stdout.rstrip("\n")
