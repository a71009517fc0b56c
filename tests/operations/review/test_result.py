"""What the page shows is what lands: random pairs of sessions, also when a third promotion comes in between."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import pytest

from memcli.core.review.candidates import Candidate
from memcli.errors import MemError, Refused
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.memories.retire import retire_memory
from memcli.operations.review.approval_rules import SessionMoved
from memcli.operations.review.gate import GateScope, Review
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.review import review_session
from memcli.operations.setup.init import init
from memcli.operations.setup.policy import set_policy
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo

Open = Callable[..., Workspace]
SEEDS = range(40 if os.environ.get("MEM_TEST_ALL") else 24)
BLOCKS = ("Retries", "Timeout", "Batches")
"""Each memory says one number of each."""


def said(numbers: Iterable[int]) -> str:
    return "\n\n".join(f"{block} of the queue: {number}." for block, number in zip(BLOCKS, numbers, strict=True)) + "\n"


class Player:
    """Makes random changes in sessions."""

    def __init__(self, rng: random.Random, workspace: Open, memories: list[str]) -> None:
        self._rng, self._workspace, self._memories = rng, workspace, memories

    def play(self, session: str) -> None:
        """One to three changes in a session."""
        for _ in range(self._rng.randint(1, 3)):
            with suppress(MemError):
                self._rng.choice((self._add, self._edit, self._edit, self._retitle, self._retire, self._rule))(session)

    def _add(self, session: str) -> None:
        key = self._rng.choice((None, "queue.limit", "queue.limit"))
        body = (
            f"The queue holds {self._rng.choice((10, 20))} entries of {session if self._rng.random() < 0.3 else 'all'}."
        )
        add_memories(self._workspace(session=session), [{"body": body, **({"key": key} if key else {})}])

    def _edit(self, session: str) -> None:
        where = self._workspace(session=session)
        opened = open_memory(where, self._rng.choice(self._memories))
        block, number = self._rng.choice(BLOCKS), self._rng.randint(10, 14)
        body = re.sub(rf"{block} of the queue: \d+", f"{block} of the queue: {number}", opened.document.body)
        edit_memory(where, opened, {}, body)

    def _retitle(self, session: str) -> None:
        where = self._workspace(session=session)
        title = self._rng.choice(("The queue", "Limits"))
        edit_memory(where, open_memory(where, self._rng.choice(self._memories)), {"title": title})

    def _retire(self, session: str) -> None:
        where = self._workspace(session=session)
        retire_memory(where, self._rng.choice(self._memories), self._rng.choice(("", "wrong", "moved")))

    def _rule(self, session: str) -> None:
        if self._rng.random() < 0.3:
            set_policy(self._workspace(session=session), "dream.sessions", str(self._rng.randint(2, 4)))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_page_the_expectation_and_the_store_agree(workspace: Open, repo: Repo, seed: int) -> None:
    rng = random.Random(seed)
    init(workspace())
    drafts = [{"body": said(rng.sample(range(100, 900), 3)), "title": f"Memory {number}"} for number in range(2)]
    memories = [memory.id for memory in add_memories(workspace(session="zero"), drafts)]
    promote(workspace(), PromoteRequest("zero", consent=True))
    player = Player(rng, workspace, memories)
    for session in rng.sample(("one", "two", "three"), 3):
        player.play(session)
    promoted(workspace, repo, "one", keep_both=False)
    if rng.random() < 0.5 and workspace().selection.is_open("two"):
        moved_meanwhile(workspace, repo, rng)
    keep_both = rng.random() < 0.3
    promoted(workspace, repo, "two", keep_both)
    promoted(workspace, repo, "three", keep_both=False)
    if not keep_both:
        assert list(two_answers(repo, memories)) == []


def promoted(workspace: Open, repo: Repo, session: str, keep_both: bool) -> None:
    """Promote a session as it is shown; blocked, nothing moves."""
    if not workspace().selection.is_open(session):
        return
    review = review_session(workspace(), session, GateScope(keep_both=keep_both))
    before = repo.git("rev-parse", "mem/main")
    request = PromoteRequest(session, expect=review.result[:10], consent=True, keep_both=keep_both)
    if review.verdict in ("blocked", "empty"):
        with suppress(Refused):
            assert promote(workspace(), request).commit is None
        assert repo.git("rev-parse", "mem/main") == before
        return
    assert promote(workspace(), request).commit
    assert repo.git("rev-parse", "mem/main^{tree}") == review.result
    shown_is_landed(repo, review, before)


def shown_is_landed(repo: Repo, review: Review, before: str) -> None:
    """The diffs of the page, applied to the store as it was, are the files that landed, and no others."""
    changes = [change for change in (*review.candidates, *review.merge.others) if change.diff]
    names = set(repo.git("diff", "--name-only", before, "mem/main").split("\n")) - {"MEMORY.md"}
    assert {change.path for change in changes} == names - {""}
    for change in changes:
        assert applied(change, shown(repo, before, change.path)) == shown(repo, "mem/main", change.path)


def shown(repo: Repo, commit: str, path: str) -> list[str]:
    if not repo.git("ls-tree", commit, path):
        return []
    return repo.git("show", f"{commit}:{path}").split("\n")


def applied(change: Candidate, lines: list[str]) -> list[str]:
    """The lines of a file with a unified diff applied."""
    result, place = list[str](), 0
    for line in change.diff.split("\n")[2:]:
        if line.startswith("@@"):
            match = re.match(r"@@ -(\d+)(?:,(\d+))?", line)
            assert match
            start = int(match[1]) - (match[2] != "0")
            result, place = [*result, *lines[place:start]], start
        elif line[:1] in (" ", "-"):
            assert lines[place] == line[1:]
            result, place = [*result, *([line[1:]] if line[0] == " " else [])], place + 1
        else:
            result.append(line[1:])
    return [*result, *lines[place:]]


def moved_meanwhile(workspace: Open, repo: Repo, rng: random.Random) -> None:
    """Between the page and the promotion another session is promoted: what was shown no longer lands."""
    review = review_session(workspace(), "two")
    add_memories(workspace(session="between"), [{"body": f"Something new, number {rng.random()}."}])
    promote(workspace(), PromoteRequest("between", consent=True))
    before = repo.git("rev-parse", "mem/main")
    with pytest.raises(SessionMoved):
        promote(workspace(), PromoteRequest("two", expect=review.result, consent=True, keep_both=True))
    assert repo.git("rev-parse", "mem/main") == before


def two_answers(repo: Repo, memories: list[str]) -> Iterator[str]:
    """The memories that say two things."""
    for path in repo.git("ls-tree", "-r", "--name-only", "mem/main").split("\n"):
        text = repo.git("show", f"mem/main:{path}") if path.startswith("semantic/") else ""
        is_shared = any(memory_id[-6:] in path for memory_id in memories)
        if "conflict" in text or (is_shared and any(text.count(f"{block} of") != 1 for block in BLOCKS)):
            yield text


def test_a_review_writes_nothing_into_the_repository(workspace: Open, mem: Mem, repo: Repo) -> None:
    init(workspace())
    add_memories(workspace(session="two"), [{"body": "The queue is durable."}])
    objects = repo.git("count-objects", "-v"), repo.git("for-each-ref")
    results = [mem(*words, "--json").json() for words in (("review", "two"), ("check", "two"))]
    dry = mem("promote", "two", "--dry-run", "--json").json()
    assert (repo.git("count-objects", "-v"), repo.git("for-each-ref")) == objects
    assert {results[0]["result"], results[1]["sessions"][0]["result"], dry["result"]} == {dry["result"]}
    assert mem("promote", "two", "--yes", "--expect", dry["result"][:10]).code == 0
    assert repo.git("rev-parse", "mem/main^{tree}") == dry["result"]


def test_a_part_has_a_result_of_its_own(workspace: Open, mem: Mem, repo: Repo) -> None:
    init(workspace())
    first, second = (add_memories(workspace(session="two"), [{"body": f"The {word} is durable."}])[0].id
                     for word in ("queue", "ledger"))  # fmt: skip
    part, whole = (mem("review", "two", *only, "--json").json() for only in (("--only", first), ()))
    assert part["result"] != whole["result"] and part["left"] == [second]
    moved = mem("promote", "two", "--yes", "--only", first, "--expect", whole["result"], "--json")
    assert (moved.code, moved.error()["retryable"]) == (5, False)
    assert mem("promote", "two", "--yes", "--only", first, "--expect", part["result"]).code == 0
    assert repo.git("rev-parse", "mem/main^{tree}") == part["result"]


def test_what_is_no_longer_the_result_is_a_conflict(workspace: Open, mem: Mem) -> None:
    init(workspace())
    add_memories(workspace(session="two"), [{"body": "The queue is durable."}])
    for text, code in (("0123456789", 5), ("f" * 40, 5), ("no-such-branch", 4)):
        assert mem("promote", "two", "--yes", "--expect", text).code == code
