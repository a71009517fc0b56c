"""A job as files and back: what was not touched is no edit, what may not be touched is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.curator.instructions import instructions
from memcli.core.curator.job import FORMS, REVIEW, Job, memory_file
from memcli.core.curator.job_files import EDITS, JOB, README, Returned, files, names, returned
from memcli.core.curator.validation import judge
from tests.core.curator.examples import AT, FOUR, NINE, ONE, QUEUE, TWO, dream_job, make, shown

AGAIN = "Deliveries that failed go through the retry queue, which gives up after 7 attempts.\n"


def back(made: Job, now: Job | None = None, /, **changed: str | None) -> Returned:
    """What a job's files say when some (`edits`, or a memory's id) were changed, against the job as it is now."""
    found = {name: text.encode() for name, text in files(made).items()}
    for key, text in changed.items():
        name = EDITS if key == "edits" else JOB if key == "job" else memory_file(key)
        if text is None:
            del found[name]
        else:
            found[name] = text.encode("utf-8", "surrogateescape")
    return returned(now or made, found)


def text_of(job: Job, memory_id: str) -> str:
    return next(one.text for one in job.memories if one.id == memory_id)


def refusal(job: Job, /, **changed: str) -> str:
    found = back(job, **changed)
    assert not found.answer.edits
    (refused,) = found.answer.refused
    return refused.reason


def test_a_job_that_nobody_touched_holds_no_edit() -> None:
    job = dream_job()
    assert back(job).answer.edits == () and back(job).answer.refused == () and not back(job).moved
    assert set(files(job)) == {README, *names(job)}


def test_the_json_says_all_and_the_file_form_leaves_the_texts_to_the_files() -> None:
    job = dream_job()
    whole, short = json.loads(job.to_json()), json.loads(files(job)[JOB])
    assert whole["schema"] == "memcli/curator@1" and whole["id"] == short["id"] == job.id
    assert [one["text"] for one in whole["memories"]] == [one.text for one in job.memories]
    assert [one["file"] for one in short["memories"]] == [memory_file(one.id) for one in job.memories]
    assert all("text" not in one for one in short["memories"])


def test_the_id_of_a_job_is_that_of_its_content() -> None:
    assert dream_job().id == dream_job().id != dream_job(retire=5).id
    assert dream_job().id != replace(dream_job(), task="another").id


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_each_job_explains_the_forms_that_it_takes(kind: str) -> None:
    said = "\n".join(instructions(kind))
    assert all(f"{{edit: {form}" in said for form in FORMS[kind])
    page = files(Job(kind))[README]
    assert said.split("\n")[0] in page and ("below `memories/`" in page) == ("edit" in FORMS[kind])


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
    said = json.dumps({"edits": [{"edit": "edit", "id": ONE, "reason": "clearer"}]})
    (edit,) = back(job, **{ONE: text, "edits": said}).answer.edits
    assert edit.reason == "clearer" and edit.in_place


def test_line_ends_and_blank_lines_at_the_ends_are_no_edit() -> None:
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
        ("status: active", "status: [active", "its file: "),
    ],
)
def test_a_file_changes_nothing_but_title_and_body(old: str, new: str, reason: str) -> None:
    job = dream_job()
    assert reason in refusal(job, **{ONE: text_of(job, ONE).replace(old, new)})


def test_a_file_of_a_pinned_memory_is_refused_when_judged() -> None:
    job = dream_job()
    found = back(job, **{FOUR: text_of(job, FOUR) + "And more.\n"})
    assert "pinned" in judge(job, found.answer, AT).refused[0].reason


def test_a_file_that_is_gone_means_nothing() -> None:
    job = dream_job()
    assert back(job, **{ONE: None, "edits": None}).answer.edits == ()


def test_what_has_changed_in_the_store_is_refused_for_that_memory() -> None:
    job = dream_job()
    now = replace(job, memories=(shown(make(1, NINE)), *job.memories[1:]))
    edits = [{"edit": "retire", "id": memory_id, "reason": "r"} for memory_id in (ONE, TWO)]
    text = text_of(job, ONE).replace(QUEUE, AGAIN)
    found = back(job, now, **{ONE: text, "edits": json.dumps(edits)})
    assert found.moved == {ONE} and len(found.answer.edits) == 2
    said = judge(now, found.answer, AT, moved=found.moved)
    assert [one.edit.id for one in said.accepted] == [TWO]
    assert {one.reason for one in said.refused} == {f"{ONE[-6:]} has changed since the job was made"}


def test_a_review_that_is_another_by_now_takes_no_verdict() -> None:
    job = Job(REVIEW, session="work", task="a")
    assert back(job, replace(job, task="b")).moved == {"work"} and not back(job).moved


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"memories": 5}', "[" * 100_000, "\udcff", None])
def test_without_the_job_there_is_no_answer(text: str | None) -> None:
    assert "no job.json" in back(dream_job(), job=text).answer.failure


def test_the_files_of_another_job_are_no_answer() -> None:
    assert back(Job("distil"), dream_job()).answer.failure == "it holds a job of 'distil'"


def test_what_the_copy_of_the_job_allows_means_nothing() -> None:
    job = dream_job()
    said: dict[str, Any] = json.loads(files(job)[JOB])
    said["limits"] = {"edits": 10**9, "retire": 10**9}
    for memory in said["memories"]:
        memory["editable"] = True
    edits = [{"edit": "retire", "id": one.id, "reason": "r"} for one in job.memories]
    found = back(job, job=json.dumps(said), edits=json.dumps(edits))
    assert judge(job, found.answer, AT, moved=found.moved).accepted == ()


@given(st.dictionaries(st.sampled_from(names(dream_job())), st.binary(max_size=80)))
def test_any_files_are_read(found: dict[str, bytes]) -> None:
    job = dream_job()
    said = returned(job, {**{name: text.encode() for name, text in files(job).items()}, **found})
    assert isinstance(judge(job, said.answer, AT, moved=said.moved).refused, tuple)
