"""A job as plain files, and what a person or agent has made of them.

Contract: what is allowed is judged by the job that mem holds now; the files only say what the curator was given (by
sha256) and what it answers. Absence means nothing; other front matter than the title is never taken from a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from memcli.core.curator.answer import Answer, Edit, Refusal, body_of, parse
from memcli.core.curator.instructions import instructions
from memcli.core.curator.job import EDIT, REVIEW, SCHEMA, Job, JobMemory, memory_file
from memcli.core.memory.document import Document, DocumentError, decode
from memcli.core.memory.document import parse as parse_document
from memcli.core.memory.identity import short
from memcli.core.review.candidates import text_hash

README, JOB, EDITS = "README.md", "job.json", "edits.json"
IN_PLACE = "edited in place"


@dataclass(frozen=True)
class Returned:
    """The answer in a directory, and the ids of what has changed in the store since it was prepared."""

    answer: Answer
    moved: frozenset[str] = frozenset()


def files(job: Job) -> dict[str, str]:
    """{name in the directory: text}."""
    texts = {memory_file(one.id): one.text for one in job.memories}
    answer = json.dumps({"schema": SCHEMA, "job": job.id, "edits": []}, indent=1) + "\n"
    return {README: _readme(job), JOB: job.to_json(texts=False), EDITS: answer, **texts}


def names(job: Job) -> list[str]:
    """The files that are read back."""
    return [JOB, EDITS, *(memory_file(one.id) for one in job.memories)]


def _readme(job: Job) -> str:
    lines = "\n".join(f"- {line}" for line in instructions(job.kind))
    in_place = (
        "A memory may also be edited in its file below `memories/`: title and body, nothing else above or below them. "
        "The reason of such an edit goes into `edits.json`, as an edit of form 'edit' with 'id' and 'reason' alone.\n\n"
    )
    return (
        f"# A job for a curator: {job.kind}\n\n"
        f"`job.json` says what it is about. Put your edits into the list in `edits.json`.\n\n"
        f"{in_place if EDIT in job.forms else ''}"
        f"{lines}\n\n"
        "Then call the command that prepared this directory again, with `--apply` in place of `--prepare`. Each edit "
        "is checked; what is refused is listed with the reason.\n"
    )


def returned(job: Job, found: Mapping[str, bytes]) -> Returned:
    """Read a directory's files back; total: whatever they hold, an answer, refusals or a failure."""
    given = _given(found.get(JOB))
    if given is None or given.kind != job.kind:
        said = "there is no job.json of a curator's job" if given is None else f"it holds a job of '{given.kind}'"
        return Returned(Answer(failure=said))
    moved = {one.id for one in job.memories if given.hashes.get(one.id) != one.sha256}
    if job.kind == REVIEW and given.id != job.id:
        moved.add(job.session)
    answer = parse(found[EDITS], job.limits.edits) if EDITS in found else Answer()
    return Returned(_with_files(job, given, answer, found), frozenset(moved))


@dataclass(frozen=True)
class _Given:
    """What the curator was given."""

    id: str
    kind: str
    hashes: Mapping[str, str]


def _given(data: bytes | None) -> _Given | None:
    try:
        said = json.loads(data or b"")
        hashes = {str(one["id"]): str(one["sha256"]) for one in said["memories"]}
        return _Given(str(said["id"]), str(said["job"]), hashes) if said["schema"] == SCHEMA else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _with_files(job: Job, given: _Given, answer: Answer, found: Mapping[str, bytes]) -> Answer:
    """The answer with the edits made in files before it; an edit that gives only a reason speaks of its file."""
    bare = {one.id: one for one in answer.edits if one.form == EDIT and one.title is None and one.body is None}
    edits, refused, touched = list[Edit](), list[Refusal](), set[str]()
    for memory in job.memories:
        data = found.get(memory_file(memory.id))
        made = _in_place(memory, given.hashes.get(memory.id, ""), data) if data is not None else None
        if made is not None:
            touched.add(memory.id)
        if isinstance(made, Edit):
            reason = bare[memory.id].reason if memory.id in bare else IN_PLACE
            edits.append(replace(made, reason=reason))
        elif made is not None:
            refused.append(made)
    others = [one for one in answer.edits if not (one.id in touched and bare.get(one.id) == one)]
    return replace(answer, edits=(*edits, *others), refused=(*answer.refused, *refused))


def _in_place(memory: JobMemory, given: str, data: bytes) -> Edit | Refusal | None:
    """What was made of a memory's file; None where it is as it was given."""
    try:
        text = decode(data)
        if text_hash(text) == given:
            return None
        if given != memory.sha256:
            return Refusal(EDIT, memory.id, f"{short(memory.id)} has changed since the job was made")
        before, after = parse_document(memory.text), parse_document(text)
        if other := list(_other_keys(before, after)):
            return Refusal(EDIT, memory.id, f"its file: {', '.join(other[:5])} may not be changed")
        return _edit(memory.id, before, after)
    except (DocumentError, ValueError) as error:
        return Refusal(EDIT, memory.id, f"its file: {error}")


def _other_keys(before: Document, after: Document) -> Iterator[str]:
    """The keys that were changed, removed or added, but for the title."""
    old, new = before.front(), after.front()
    for key in dict.fromkeys((*old, *new)):
        if key != "title" and (old.get(key) != new.get(key) or (key in old) != (key in new)):
            yield repr(key[:40])


def _edit(memory_id: str, before: Document, after: Document) -> Edit | None:
    title = after.get("title")
    if not isinstance(title, str) or not title.strip():
        raise ValueError("the title is missing")
    body = body_of(after.body)
    same = body == before.body.strip("\n") + "\n"
    if same and title == before.get("title"):
        return None
    said = title if title != before.get("title") else None
    return Edit(EDIT, memory_id, IN_PLACE, said, None if same else body, in_place=True)
