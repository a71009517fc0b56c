"""A job as files and back: an untouched file is no edit, and a protected part may not be edited."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.curator.instructions import job_instructions
from memcli.core.curator.job import FORMS, REVIEW, Job, memory_file_name
from memcli.core.curator.job_files import (
    EDITS,
    JOB,
    README,
    ReturnedAnswer,
    answer_file_names,
    files_of_job,
    read_answer,
)
from memcli.core.curator.validation import judge_answer
from tests.core.curator.examples import AT, FOUR, NINE, ONE, QUEUE, TWO, dream_job, make, shown

AGAIN = "Deliveries that failed go through the retry queue, which gives up after 7 attempts.\n"


def back(made: Job, now: Job | None = None, /, **changed: str | None) -> ReturnedAnswer:
    """The answer in a job's files, some (`job`, `edits`, a memory's id) changed; `now`: the job as it is now."""
    files = {name: text.encode() for name, text in files_of_job(made).items()}
    for key, text in changed.items():
        name = EDITS if key == "edits" else JOB if key == "job" else memory_file_name(key)
        if text is None:
            del files[name]
        else:
            files[name] = text.encode("utf-8", "surrogateescape")
    return read_answer(now or made, files)


def text_of(job: Job, memory_id: str) -> str:
    return next(memory.text for memory in job.memories if memory.id == memory_id)


def refusal(job: Job, /, **changed: str) -> str:
    answer = back(job, **changed).answer
    assert not answer.edits
    (refused,) = answer.refused
    return refused.reason


def test_an_untouched_job_has_no_edit() -> None:
    job = dream_job()
    assert back(job).answer.edits == () and back(job).answer.refused == () and not back(job).moved
    assert set(files_of_job(job)) == {README, *answer_file_names(job)}


def test_the_json_has_the_texts_and_job_json_names_their_files() -> None:
    job = dream_job()
    whole, short = json.loads(job.to_json()), json.loads(files_of_job(job)[JOB])
    assert whole["schema"] == "memcli/curator@1" and whole["id"] == short["id"] == job.id
    assert [memory["text"] for memory in whole["memories"]] == [memory.text for memory in job.memories]
    assert [memory["file"] for memory in short["memories"]] == [memory_file_name(memory.id) for memory in job.memories]
    assert all("text" not in memory for memory in short["memories"])


def test_the_id_of_a_job_depends_on_its_content() -> None:
    assert dream_job().id == dream_job().id != dream_job(retire=5).id
    assert dream_job().id != replace(dream_job(), task="another").id


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_each_job_explains_its_forms(kind: str) -> None:
    text = "\n".join(job_instructions(kind))
    assert all(f"{{edit: {form}" in text for form in FORMS[kind])
    page = files_of_job(Job(kind))[README]
    assert text.split("\n")[0] in page and ("below `memories/`" in page) == ("edit" in FORMS[kind])


def test_a_changed_body_and_title_are_an_edit() -> None:
    job = dream_job()
    text = text_of(job, ONE).replace(QUEUE, AGAIN).replace("title: Note B", "title: The queue")
    (edit,) = back(job, **{ONE: text}).answer.edits
    assert (edit.form, edit.id, edit.title, edit.body, edit.reason) == (
        "edit",
        ONE,
        "The queue",
        AGAIN,
        "edited in place",
    )
    edits = json.dumps({"edits": [{"edit": "edit", "id": ONE, "reason": "clearer"}]})
    (edit,) = back(job, **{ONE: text, "edits": edits}).answer.edits
    assert edit.reason == "clearer" and edit.in_place


def test_line_ends_and_surrounding_blank_lines_are_no_edit() -> None:
    job = dream_job()
    assert back(job, **{ONE: text_of(job, ONE).replace("\n", "\r\n") + "\n\n"}).answer == back(job).answer


@pytest.mark.parametrize(
    "old, new, reason",
    [
        (f"id: {ONE}", f"id: {TWO}", "'id' may not be changed"),
        (f"id: {ONE}\n", "", "'id' may not be changed"),
        ("source:\n  session: s-1\n", "", "'source' may not be changed"),
        ("created: 2026-11-01T09:30:00Z\n", "", "'created' may not be changed"),
        ("status: active", "status: retired", "'status' may not be changed"),
        ("status: active", "status: active\npin: true", "'pin' may not be changed"),
        ("status: active", "status: active\nevidence: human", "'evidence' may not be changed"),
        ("title: Note B\n", "", "the title is missing"),
        ("---\n", "", "may not be changed"),
        (QUEUE, "", "the body is empty"),
        (QUEUE, "a\0b", "NUL"),
        (QUEUE, "\udcff", "not UTF-8"),
        (QUEUE, "x" * 70_000, "bytes"),
        ("status: active", "status: [active", "in its file: "),
    ],
)
def test_only_title_and_body_may_be_edited_in_a_file(old: str, new: str, reason: str) -> None:
    job = dream_job()
    assert reason in refusal(job, **{ONE: text_of(job, ONE).replace(old, new)})


def test_an_edited_file_of_a_pinned_memory_is_refused() -> None:
    job = dream_job()
    returned = back(job, **{FOUR: text_of(job, FOUR) + "And more.\n"})
    assert "pinned" in judge_answer(job, returned.answer, AT).refused[0].reason


def test_a_missing_file_is_no_edit() -> None:
    job = dream_job()
    assert back(job, **{ONE: None, "edits": None}).answer.edits == ()


def test_an_edit_of_a_memory_that_has_changed_is_refused() -> None:
    job = dream_job()
    now = replace(job, memories=(shown(make(1, NINE)), *job.memories[1:]))
    edits = [{"edit": "retire", "id": memory_id, "reason": "r"} for memory_id in (ONE, TWO)]
    text = text_of(job, ONE).replace(QUEUE, AGAIN)
    returned = back(job, now, **{ONE: text, "edits": json.dumps(edits)})
    assert returned.moved == {ONE} and len(returned.answer.edits) == 2
    judgement = judge_answer(now, returned.answer, AT, moved=returned.moved)
    assert [accepted.edit.id for accepted in judgement.accepted] == [TWO]
    assert {refused.reason for refused in judgement.refused} == {f"{ONE[-6:]} has changed since the job was made"}


def test_a_changed_review_has_moved() -> None:
    job = Job(REVIEW, session="work", task="a")
    assert back(job, replace(job, task="b")).moved == {"work"} and not back(job).moved


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"memories": 5}', "[" * 100_000, "\udcff", None])
def test_without_job_json_there_is_no_answer(text: str | None) -> None:
    assert "job.json is missing" in back(dream_job(), job=text).answer.failure


def test_the_files_of_another_kind_of_job_are_no_answer() -> None:
    assert back(Job("distil"), dream_job()).answer.failure == "the directory holds a job of kind 'distil'"


def test_limits_in_the_copy_of_the_job_are_ignored() -> None:
    job = dream_job()
    copy: dict[str, Any] = json.loads(files_of_job(job)[JOB])
    copy["limits"] = {"edits": 10**9, "retire": 10**9}
    for memory in copy["memories"]:
        memory["editable"] = True
    edits = [{"edit": "retire", "id": memory.id, "reason": "r"} for memory in job.memories]
    returned = back(job, job=json.dumps(copy), edits=json.dumps(edits))
    assert judge_answer(job, returned.answer, AT, moved=returned.moved).accepted == ()


@given(st.dictionaries(st.sampled_from(answer_file_names(dream_job())), st.binary(max_size=80)))
def test_any_files_can_be_read(files: dict[str, bytes]) -> None:
    job = dream_job()
    returned = read_answer(job, {**{name: text.encode() for name, text in files_of_job(job).items()}, **files})
    assert isinstance(judge_answer(job, returned.answer, AT, moved=returned.moved).refused, tuple)
