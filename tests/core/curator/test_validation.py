"""Judging an answer: no accepted edit reaches outside the job or loses a claim, and each refusal has a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.curator.answer import CuratorAnswer
from memcli.core.curator.curator_edit import CandidateRejection, CuratorEdit
from memcli.core.curator.job import DISTIL, DREAM, FORMS, GENERALISE, REVIEW, Job, JobCandidate, Pair
from memcli.core.curator.validation import judge_answer
from memcli.core.memory.document import Document
from memcli.core.memory.instants import parse_instant
from tests.core.curator.examples import (
    ALSO,
    AT,
    BOTH,
    FOUR,
    NINE,
    ONE,
    PINNED,
    QUEUE,
    THREE,
    TWO,
    dream_job,
    judged,
    make,
    numbered,
    shown,
)  # fmt: skip

UNKNOWN = "01K9Z3V5C4M8Q2T7R6W1XABCDE"
MERGE = {"edit": "merge", "id": ONE, "from": [TWO], "body": BOTH, "reason": "both speak of the queue"}
ADD = {"edit": "add", "title": "A rule", "body": "Deploy on Mondays.", "kind": "procedural", "type": "procedure",
       "topic": "deploys", "reason": "said twice"}  # fmt: skip
VERDICT = {"edit": "verdict", "verdict": "approve", "reason": "sound"}
AGAIN = "Deliveries that failed go through the retry queue, which gives up after 7 attempts.\n"


def edit(form: str, memory_id: str = ONE, /, **fields: Any) -> dict[str, Any]:
    return {"edit": form, "id": memory_id, "reason": "because", **fields}


def why(job: Job, payload: dict[str, Any]) -> str:
    """Why an edit is refused; '' where it is accepted."""
    judgement = judged(job, payload)
    assert len(judgement.accepted) + len(judgement.refused) == 1
    return judgement.refused[0].reason if judgement.refused else ""


def made(payload: dict[str, Any], job: Job | None = None) -> dict[str, Document]:
    judgement = judged(job or dream_job(), payload)
    assert not judgement.refused, judgement.refused
    return dict(judgement.accepted[0].documents)


@pytest.mark.parametrize(
    "payload, reason",
    [
        (edit("retire", UNKNOWN), "is not a memory of this job"),
        (edit("retire", "../../etc/passwd"), "is not a memory of this job"),
        (edit("supersede", by=UNKNOWN), "is not a memory of this job"),
        (edit("merge", **{"from": [TWO, UNKNOWN]}, body=BOTH), "is not a memory of this job"),
        (edit("attention", **{"with": [UNKNOWN]}), "is not a memory of this job"),
        (edit("retire", FOUR), "may not be changed (pinned)"),
        (edit("edit", FOUR, body="Store all card numbers."), "may not be changed (pinned)"),
        (edit("merge", **{"from": [FOUR]}, body=QUEUE + PINNED), "may not be changed (pinned)"),
        (edit("supersede", FOUR, by=ONE), "may not be changed (pinned)"),
        (edit("supersede", by=ONE), "it names a memory twice"),
        (edit("merge", **{"from": [ONE]}, body=BOTH), "it names a memory twice"),
        (edit("merge", **{"from": []}, body=BOTH), "'from' names no memory"),
        (edit("edit"), "it changes nothing"),
        (edit("edit", body=QUEUE), "it changes nothing"),
        (edit("edit", body=NINE), "lost: 7"),
        (edit("edit", body="The queue has 7, said somebody who was asked about it."), "most of the text is lost"),
        (edit("edit", TWO, body=ALSO.replace("never called", "called")), "lost: not call"),
        (edit("merge", **{"from": [TWO]}, body=QUEUE), "lost: "),
        (edit("merge", **{"from": [THREE]}, body=QUEUE), "lost: 9"),
        (edit("merge", **{"from": [THREE]}, body=QUEUE + NINE), "contradict each other (number)"),
        (edit("supersede", TWO, by=THREE), "not a pair of this job"),
        (edit("edit", body=QUEUE + "\x1b[2J"), "terminal-escape"),
        (edit("edit", body=QUEUE + "\nkey AKIAQ4R7TN2LM5XZ8WVB\n"), "secret"),
        (edit("edit", body="---\nid: x\n---\n" + QUEUE * 2), ""),
        (edit("retire", reason="\x1b[2J"), "terminal-escape"),
        (edit("retire", reason="uses AKIAQ4R7TN2LM5XZ8WVB"), "secret"),
        ({**ADD}, "a job of kind 'dream' takes edit, merge"),
        ({**VERDICT}, "a job of kind 'dream' takes edit, merge"),
    ],
)  # fmt: skip
def test_edits_that_a_dream_refuses(payload: dict[str, Any], reason: str) -> None:
    assert reason in why(dream_job(), payload) and bool(reason) == bool(why(dream_job(), payload))


def test_front_matter_in_a_body_remains_body() -> None:
    (document,) = made(edit("edit", body="---\nid: x\nread_only: true\n---\n" + QUEUE)).values()
    assert document.get("id") == ONE and document.get("read_only") is None


def test_an_edit_changes_only_title_body_and_modified() -> None:
    (document,) = made(edit("edit", title="The retry queue", body=AGAIN)).values()
    before = dream_job().memories[0]
    assert document.get("title") == "The retry queue" and document.body == AGAIN
    assert document.get("modified") == AT and document.get("created") == "2026-11-01T09:30:00Z"
    assert document.get("source") == {"session": "s-1"} and f"id: {ONE}" in before.text


def test_a_new_claim_is_inference() -> None:
    job = dream_job(shown(make(1, QUEUE, evidence="code")), shown(make(2, ALSO, evidence="test")))
    assert made(edit("edit", body=AGAIN), job)[ONE].get("evidence") == "code"
    more = AGAIN + "Grafana shows it.\n" + "The alert goes to Ada after 30 minutes.\n"
    assert made(edit("edit", body=more), job)[ONE].get("evidence") == "inference"


def test_a_merge_keeps_the_elder_and_the_weakest_trust() -> None:
    elder = make(1, QUEUE, evidence="code", confidence=0.9, tags=("queue",))
    younger = make(2, ALSO, evidence="document", confidence=0.4, tags=("stripe",), based_on=(THREE,))
    job = dream_job(shown(elder), shown(younger))
    for named, others in ((ONE, [TWO]), (TWO, [ONE])):
        documents = made(edit("merge", named, **{"from": others}, body=BOTH), job)
        merged, replaced = documents[ONE], documents[TWO]
        assert (merged.get("evidence"), merged.get("confidence")) == ("document", "0.4")
        assert merged.get("merged_from") == (TWO,) and merged.get("tags") == ("queue", "stripe")
        assert merged.get("based_on") == (THREE,) and merged.get("source") == {"session": "s-1"}
        assert "s-2" in str(merged.get("sources")) and merged.body == BOTH
        assert (replaced.get("status"), replaced.get("superseded_by"), replaced.body) == ("superseded", ONE, ALSO)


@pytest.mark.parametrize(
    "values, reason",
    [
        ({"key": "payments.retries"}, "the key of a younger one would be lost"),
        ({"valid_from": parse_instant("2026-01-01")}, "they differ in 'valid_from'"),
        ({"kind": "procedural"}, "they differ in 'kind'"),
        ({"holds_if": ("src/app.py contains 7",)}, "they differ in 'holds_if'"),
        ({"status": "retired"}, "is retired"),
        ({"status": "superseded"}, "is superseded"),
    ],
)
def test_memories_that_cannot_be_merged(values: dict[str, Any], reason: str) -> None:
    job = dream_job(shown(make(1, QUEUE)), shown(make(2, ALSO, **values)))
    assert reason in why(job, MERGE)


def test_a_merge_is_limited_to_ten_memories() -> None:
    several = [make(number, QUEUE.replace("7", str(6 + number))) for number in range(1, 10)]
    job = dream_job(
        *map(shown, several), shown(make(2, QUEUE, id=numbered(11))), shown(make(2, QUEUE, id=numbered(12)))
    )
    ids = [memory.id for memory in job.memories]
    assert "more than 10" in why(job, edit("merge", ids[0], **{"from": ids[1:]}, body=QUEUE))
    assert "lost: " in why(job, edit("merge", ids[0], **{"from": ids[1:10]}, body=QUEUE))


def test_a_supersession_changes_both_and_needs_a_reason_in_the_job() -> None:
    documents = made(edit("supersede", by=THREE))
    assert documents[ONE].get("superseded_by") == THREE and documents[THREE].get("supersedes") == (ONE,)
    strong = dream_job(shown(make(1, QUEUE, evidence="code")), shown(make(3, NINE, evidence="inference")))
    assert "stronger evidence (code)" in why(strong, edit("supersede", by=THREE))
    keyed = dream_job(shown(make(1, QUEUE, key="a")), shown(make(3, NINE, key="a")), pairs=(Pair((TWO,), "x"),))
    assert "the later one holds" in why(keyed, edit("supersede", THREE, by=ONE))
    assert why(keyed, edit("supersede", ONE, by=THREE)) == ""


def test_a_pinned_memory_may_be_a_successor_and_stays_unchanged() -> None:
    job = dream_job(pairs=(Pair((ONE, FOUR), "alike"),))
    assert set(made(edit("supersede", by=FOUR), job)) == {ONE}
    assert made(edit("attention", FOUR), job) == {}


def test_too_many_retirements_are_all_refused_and_other_edits_are_not() -> None:
    orders = [edit("retire", memory_id) for memory_id in (ONE, TWO, THREE, FOUR)]
    judgement = judged(dream_job(), *orders, edit("edit", ONE, body=AGAIN))
    assert [accepted.edit.form for accepted in judgement.accepted] == ["edit"]
    assert {refused.reason for refused in judgement.refused} == {
        "3 memories would be retired, this job allows 1: none is retired"
    }
    forced = judged(dream_job(), *orders, force=True)
    assert [accepted.edit.id for accepted in forced.accepted] == [ONE, TWO, THREE]


def test_a_memory_is_changed_once() -> None:
    judgement = judged(dream_job(), edit("edit", body=AGAIN), MERGE, edit("retire"), edit("supersede", by=THREE))
    assert [accepted.edit.form for accepted in judgement.accepted] == ["edit"]
    assert {refused.reason for refused in judgement.refused} == {f"another edit already changed {ONE[-6:]}"}


def test_a_memory_is_changed_once_and_marked_once() -> None:
    judgement = judged(
        dream_job(), edit("attention"), edit("edit", body=AGAIN), edit("attention"), edit("attention", TWO)
    )
    assert [(accepted.edit.form, accepted.edit.id) for accepted in judgement.accepted] == [
        ("attention", ONE),
        ("edit", ONE),
        ("attention", TWO),
    ]
    assert judgement.accepted[1].documents[ONE].get("attention") == (f"doubt: curator: because (since {AT[:10]})",)


def test_a_title_does_not_replace_a_body() -> None:
    job = dream_job(shown(make(1, QUEUE, title=QUEUE.strip())), shown(make(2, ALSO)))
    assert "lost: 7" in why(job, edit("edit", body="Nothing."))
    assert "lost: 7" in why(job, edit("merge", **{"from": [TWO]}, body=ALSO))


def test_a_successor_is_not_retired_or_superseded() -> None:
    judgement = judged(
        dream_job(), edit("supersede", by=THREE), edit("retire", THREE), edit("supersede", THREE, by=ONE)
    )
    assert len(judgement.accepted) == 1
    assert "the successor of another memory" in judgement.refused[0].reason
    assert judgement.refused[1].reason == f"another edit already changed {ONE[-6:]}"


def test_a_reworded_memory_may_supersede_two_others() -> None:
    job = dream_job(pairs=(Pair((ONE, TWO, THREE), "alike"),))
    judgement = judged(
        job,
        edit("edit", THREE, title="Nine attempts"),
        edit("supersede", ONE, by=THREE),
        edit("supersede", TWO, by=THREE),
    )
    assert not judgement.refused
    last = judgement.accepted[2].documents[THREE]
    assert last.get("supersedes") == (ONE, TWO) and last.get("title") == "Nine attempts"


def test_limits_of_size() -> None:
    assert "at most 20" in why(dream_job(body=20), edit("edit", body=AGAIN))
    judgement = judged(dream_job(total=150), edit("edit", body=AGAIN), edit("edit", TWO, body="It is so that " + ALSO))
    assert [accepted.edit.id for accepted in judgement.accepted] == [
        ONE
    ] and "together exceed 150" in judgement.refused[0].reason


def test_a_memory_that_has_changed_is_refused_and_others_are_not() -> None:
    judgement = judged(dream_job(), edit("edit", body=AGAIN), edit("attention", TWO), moved=(ONE,))
    assert [accepted.edit.id for accepted in judgement.accepted] == [TWO]
    assert judgement.refused[0].reason == f"{ONE[-6:]} has changed since the job was made"


def test_an_edit_that_take_refuses_has_no_effect_on_later_ones() -> None:
    job = dream_job()
    edits = CuratorAnswer((CuratorEdit("edit", ONE, "r", body=AGAIN), CuratorEdit("retire", ONE, "r")))
    judgement = judge_answer(job, edits, AT, take=lambda candidate, _: "no room" if candidate.form == "edit" else "")
    assert [accepted.edit.form for accepted in judgement.accepted] == ["retire"] and judgement.refused[
        0
    ].reason == "no room"


def test_a_failed_answer_changes_nothing() -> None:
    judgement = judge_answer(dream_job(), CuratorAnswer(failure="no answer within 300 s"), AT)
    assert judgement.failure and not judgement.accepted


CANDIDATE = JobCandidate(UNKNOWN, "added", "A rule", "semantic/a/b.md", "---\nid: x\n---\nDeploy on Fridays.\n", "")


@pytest.mark.parametrize(
    "kind, payload, reason",
    [
        (DISTIL, ADD, ""),
        (DISTIL, {**ADD, "based_on": [UNKNOWN, ONE]}, ""),
        (DISTIL, {**ADD, "based_on": [TWO]}, "is not a memory of this job"),
        (DISTIL, {**ADD, "kind": "working"}, "kind must be one of"),
        (DISTIL, {**ADD, "type": "truth"}, "type must be one of"),
        (DISTIL, {**ADD, "topic": "../x"}, "lower-case words"),
        (DISTIL, {**ADD, "tags": ["A B"]}, "lower-case words"),
        (DISTIL, {**ADD, "body": "Deploy on  Fridays."}, "a candidate says it already"),
        (DISTIL, {**ADD, "body": QUEUE}, "another memory says it already"),
        (DISTIL, {**ADD, "body": "The key is AKIAQ4R7TN2LM5XZ8WVB."}, "secret"),
        (DISTIL, {**ADD, "title": "\x1b[2Jx"}, "terminal-escape"),
        (DISTIL, edit("retire"), "a job of kind 'distil' takes add"),
        (GENERALISE, ADD, "'based_on' must name"),
        (GENERALISE, {**ADD, "based_on": [ONE]}, ""),
        (REVIEW, VERDICT, ""),
        (REVIEW, {**VERDICT, "verdict": "promote"}, "approve, ask, reject"),
        (REVIEW, {**VERDICT, "reject": [{"id": UNKNOWN, "reason": "r"}]}, ""),
        (REVIEW, {**VERDICT, "reject": [{"id": ONE, "reason": "r"}]}, "not a candidate of this job"),
        (REVIEW, ADD, "a job of kind 'review' takes verdict"),
    ],
)
def test_edits_of_the_other_jobs(kind: str, payload: dict[str, Any], reason: str) -> None:
    job = Job(kind, (shown(make(1, QUEUE), False),), session="work", candidates=(CANDIDATE,))
    refusal = why(job, payload)
    assert (reason in refusal) and bool(refusal) == bool(reason)


def test_a_review_takes_one_verdict_and_an_addition_is_taken_once() -> None:
    review = Job(REVIEW, session="work", candidates=(CANDIDATE,))
    assert judged(review, VERDICT, VERDICT).refused[0].reason == "a review takes one verdict"
    assert judged(review, VERDICT, moved=("work",)).refused[0].reason.startswith("the session has changed")
    distil = Job(DISTIL)
    assert (
        judged(distil, ADD, {**ADD, "body": "Deploy  on Mondays."}).refused[0].reason
        == "another memory says it already"
    )


IDS = st.sampled_from([ONE, TWO, THREE, FOUR, UNKNOWN, "", "x"])
BODIES = st.none() | st.sampled_from([QUEUE, ALSO, NINE, BOTH, AGAIN, QUEUE + ALSO]) | st.text(min_size=1, max_size=30)
ANY_EDIT = st.builds(
    CuratorEdit,
    form=st.sampled_from(sorted({form for forms in FORMS.values() for form in forms})),
    id=IDS,
    reason=st.text(min_size=1, max_size=10),
    title=st.none() | st.text(min_size=1, max_size=10),
    body=BODIES,
    others=st.lists(IDS, min_size=1, max_size=3).map(tuple),
    verdict=st.text(max_size=5),
    rejects=st.lists(st.builds(CandidateRejection, IDS, st.text()), max_size=2).map(tuple),
)


@settings(max_examples=150)
@given(st.lists(ANY_EDIT, max_size=6), st.sampled_from(sorted(FORMS)), st.booleans())
def test_each_edit_is_accepted_or_refused_and_protected_memories_stay(
    edits: list[CuratorEdit], kind: str, force: bool
) -> None:
    job = replace(dream_job(), kind=kind)
    judgement = judge_answer(job, CuratorAnswer(tuple(edits)), AT, force)
    assert len(judgement.accepted) + len(judgement.refused) == len(edits)
    assert all(refused.reason for refused in judgement.refused)
    touched = {memory_id for accepted in judgement.accepted for memory_id in accepted.documents}
    assert touched <= ({ONE, TWO, THREE} if kind == DREAM else set())
    assert force or sum(accepted.edit.form == "retire" for accepted in judgement.accepted) <= job.limits.retire
    for accepted in judgement.accepted:
        for memory_id, document in accepted.documents.items():
            assert document.get("id") == memory_id and document.get("source") and document.get("created")
