"""A small dream job and its memories."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from memcli.core.curator.answer import CuratorAnswer, parse_answer
from memcli.core.curator.job import DREAM, Job, JobMemory, Limits, Pair
from memcli.core.curator.validation import Judgement, judge_answer
from memcli.core.memory.document import new_document
from memcli.core.memory.identity import MemoryId, new_memory_path, ulid
from memcli.core.memory.instants import parse_instant
from memcli.core.memory.memory import Memory, Source, front_matter

AT = "2026-11-21T03:00:00Z"
QUEUE = "Failed deliveries go through the retry queue, which gives up after 7 attempts.\n"
ALSO = "The retry queue takes failed deliveries; `StripeHandler` is never called directly.\n"
NINE = "Failed deliveries go through the retry queue, which gives up after 9 attempts.\n"
PINNED = "Never store card numbers.\n"
BOTH = (
    "Failed deliveries go through the retry queue, which gives up after 7 attempts. "
    "`StripeHandler` is never called directly.\n"
)


def numbered(number: int) -> MemoryId:
    return ulid(parse_instant(f"2026-11-{number:02}T09:30:00Z"), number.to_bytes(10, "big"))


ONE, TWO, THREE, FOUR = (numbered(number) for number in range(1, 5))


def make(number: int, body: str, **values: Any) -> Memory:
    created = parse_instant(f"2026-11-{number:02}T09:30:00Z")
    memory = Memory(
        numbered(number), f"Note {'ABCDEFGHIJ'[number]}", "semantic", "fact", "payments", body, created, created
    )
    return replace(memory, source=Source(session=f"s-{number}"), **values)


def shown(memory: Memory, editable: bool = True) -> JobMemory:
    path = new_memory_path(memory.kind, memory.topic, memory.title, memory.id)
    text = new_document(front_matter(memory), memory.body).text()
    return JobMemory(memory.id, path, memory.title, text, editable, "" if editable else "pinned")


def dream_job(*memories: JobMemory, pairs: tuple[Pair, ...] = (), **limits: int) -> Job:
    """A job of the given memories and pairs; by default four memories (the fourth is pinned) and two pairs."""
    default = (
        shown(make(1, QUEUE)),
        shown(make(2, ALSO)),
        shown(make(3, NINE)),
        shown(make(4, PINNED, pin=True), False),
    )
    job_pairs = pairs or (Pair((ONE, TWO), "alike"), Pair((ONE, THREE), "number 7 against 9"))
    return Job(DREAM, memories or default, job_pairs, replace(Limits(retire=1), **limits))


def judged(job: Job, *edits: Any, force: bool = False, moved: tuple[str, ...] = ()) -> Judgement:
    """The judgement of edits given as in a curator's JSON."""
    return judge_answer(job, answer(job, *edits), AT, force, moved)


def answer(job: Job, *edits: Any) -> CuratorAnswer:
    return parse_answer(json.dumps({"edits": list(edits)}), job.limits.edits)
