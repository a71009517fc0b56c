"""A job as a directory of plain files, and the answer in it after somebody has edited them.

Contract: edits are judged by the job as it is now; the files only tell what the curator was given (by sha256) and what
it answers. A missing file means no edit; of a memory's file only the title and the body are taken.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from memcli.core.curator.answer import CuratorAnswer, parse_answer
from memcli.core.curator.curator_edit import CuratorEdit, RefusedEdit, parse_body
from memcli.core.curator.instructions import job_instructions
from memcli.core.curator.job import EDIT, REVIEW, SCHEMA, Job, JobMemory, memory_file_name
from memcli.core.memory.document import Document, DocumentError, decode, parse_document
from memcli.core.memory.identity import short
from memcli.core.review.candidates import text_hash

README, JOB, EDITS = "README.md", "job.json", "edits.json"
IN_PLACE = "edited in place"


@dataclass(frozen=True)
class ReturnedAnswer:
    """The answer in a directory, and the ids of what has changed in the store since the directory was prepared."""

    answer: CuratorAnswer
    moved: frozenset[str] = frozenset()


def files_of_job(job: Job) -> dict[str, str]:
    """{name in the directory: text}."""
    texts = {memory_file_name(memory.id): memory.text for memory in job.memories}
    answer = json.dumps({"schema": SCHEMA, "job": job.id, "edits": []}, indent=1) + "\n"
    return {README: _readme(job), JOB: job.to_json(texts=False), EDITS: answer, **texts}


def answer_file_names(job: Job) -> list[str]:
    """The names of the files that `read_answer` reads."""
    return [JOB, EDITS, *(memory_file_name(memory.id) for memory in job.memories)]


def _readme(job: Job) -> str:
    lines = "\n".join(f"- {line}" for line in job_instructions(job.kind))
    in_place = (
        "You may also edit a memory in its file below `memories/`: its title and body, nothing else. Put the reason "
        "into `edits.json`, as an edit of form 'edit' with only 'id' and 'reason'.\n\n"
    )
    return (
        f"# Curator job: {job.kind}\n\n"
        f"`job.json` describes the job. Add your edits to the list in `edits.json`.\n\n"
        f"{in_place if EDIT in job.forms else ''}"
        f"{lines}\n\n"
        "Then run the command that prepared this directory again, with `--apply` in place of `--prepare`. Each edit "
        "is checked; refused ones are listed with the reason.\n"
    )


def read_answer(job: Job, files: Mapping[str, bytes]) -> ReturnedAnswer:
    """The answer in the files of a directory. Total: any content gives edits, refusals or a failure."""
    given = _parse_given(files.get(JOB))
    if given is None:
        return ReturnedAnswer(CuratorAnswer(failure="job.json is missing or is not a curator job"))
    if given.kind != job.kind:
        return ReturnedAnswer(CuratorAnswer(failure=f"the directory holds a job of kind '{given.kind}'"))
    moved = {memory.id for memory in job.memories if given.hashes.get(memory.id) != memory.sha256}
    if job.kind == REVIEW and given.id != job.id:
        moved.add(job.session)
    answer = parse_answer(files[EDITS], job.limits.edits) if EDITS in files else CuratorAnswer()
    return ReturnedAnswer(_with_edited_files(job, given, answer, files), frozenset(moved))


@dataclass(frozen=True)
class _Given:
    """The job as the curator was given it; `hashes`: the sha256 of each memory's file."""

    id: str
    kind: str
    hashes: Mapping[str, str]


def _parse_given(data: bytes | None) -> _Given | None:
    try:
        fields = json.loads(data or b"")
        hashes = {str(memory["id"]): str(memory["sha256"]) for memory in fields["memories"]}
        return _Given(str(fields["id"]), str(fields["job"]), hashes) if fields["schema"] == SCHEMA else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _with_edited_files(job: Job, given: _Given, answer: CuratorAnswer, files: Mapping[str, bytes]) -> CuratorAnswer:
    """The answer, with the edits made in files first; an edit that has only a reason gives the reason for its file."""
    reasons = {edit.id: edit for edit in answer.edits if edit.form == EDIT and edit.title is None and edit.body is None}
    edits, refused, edited = list[CuratorEdit](), list[RefusedEdit](), set[str]()
    for memory in job.memories:
        data = files.get(memory_file_name(memory.id))
        edit = _edit_in_file(memory, given.hashes.get(memory.id, ""), data) if data is not None else None
        if edit is None:
            continue
        edited.add(memory.id)
        if isinstance(edit, RefusedEdit):
            refused.append(edit)
        else:
            edits.append(replace(edit, reason=reasons[memory.id].reason if memory.id in reasons else IN_PLACE))
    others = [edit for edit in answer.edits if not (edit.id in edited and reasons.get(edit.id) == edit)]
    return replace(answer, edits=(*edits, *others), refused=(*answer.refused, *refused))


def _edit_in_file(memory: JobMemory, given: str, data: bytes) -> CuratorEdit | RefusedEdit | None:
    """The edit made in a memory's file; None where the file is as it was given."""
    try:
        text = decode(data)
        if text_hash(text) == given:
            return None
        if given != memory.sha256:
            return RefusedEdit(EDIT, memory.id, f"{short(memory.id)} has changed since the job was made")
        before, after = parse_document(memory.text), parse_document(text)
        if keys := list(_changed_keys(before, after)):
            return RefusedEdit(EDIT, memory.id, f"in its file {', '.join(keys[:5])} may not be changed")
        return _edit(memory.id, before, after)
    except (DocumentError, ValueError) as error:
        return RefusedEdit(EDIT, memory.id, f"in its file: {error}")


def _changed_keys(before: Document, after: Document) -> Iterator[str]:
    """The keys that were changed, removed or added, except the title."""
    old, new = before.front(), after.front()
    for key in dict.fromkeys((*old, *new)):
        if key != "title" and (old.get(key) != new.get(key) or (key in old) != (key in new)):
            yield repr(key[:40])


def _edit(memory_id: str, before: Document, after: Document) -> CuratorEdit | None:
    title = after.get("title")
    if not isinstance(title, str) or not title.strip():
        raise ValueError("the title is missing")
    body = parse_body(after.body)
    new_title = title if title != before.get("title") else None
    new_body = body if body != before.body.strip("\n") + "\n" else None
    if new_title is None and new_body is None:
        return None
    return CuratorEdit(EDIT, memory_id, IN_PLACE, new_title, new_body, in_place=True)
